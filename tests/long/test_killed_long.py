"""Over two hundred kills of ingest, change of key, build and publish; a few are in integration."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.settings import SAMPLE_COUNTY, Settings
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


def test_ten_kills_while_a_county_with_rows_of_children_is_built(
    county_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    left_out = shutil.ignore_patterns("inbox", "build.duckdb*")
    shutil.copytree(county_workspace, tmp_path / "published", ignore=left_out)
    settings = Settings(workspace=tmp_path / "published", council=SAMPLE_COUNTY)
    changed(settings, SAMPLE_COUNTY)
    assert killed_while_building(settings, kills=10, longest=40.0) >= 6
