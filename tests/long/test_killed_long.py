"""Two hundred kills of ingest, build and publish; tests/integration does a few of each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.integration.test_killed import (
    changed,
    killed_while_building,
    killed_while_publishing,
    killed_while_taking_in,
    killed_while_the_key_is_changed,
)

pytestmark = pytest.mark.long


def test_a_hundred_kills_while_files_are_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    assert killed_while_taking_in(tmp_path, kills=100) >= 50


def test_thirty_kills_while_the_pseudonym_key_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    assert killed_while_the_key_is_changed(tmp_path, kills=30) >= 10


def test_sixty_kills_while_building_and_forty_while_publishing(
    sample_workspace: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample_workspace, tmp_path / "published")
    settings = Settings(workspace=tmp_path / "published")
    changed(settings)
    assert killed_while_building(settings, kills=60) >= 40
    assert killed_while_publishing(settings, kills=40) >= 15
