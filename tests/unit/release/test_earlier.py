"""Which release stands beside a build, and that publishing the build does not change it."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from pipelines.release.earlier import BESIDE, LAID, beside, lay_beside, numbers_beside
from pipelines.release.reader import EVIDENCE, Release, find_release
from pipelines.settings import Settings
from tests.unit.release.test_two_releases import (
    BEFORE,
    NOW,
    by_the_rule,
    mended,
    printed_by,
    release,
)

READ = "2026-01-01-abcdefgh"
INPUTS = {"sql": "1", "received/abc": "2"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path)


def published(settings: Settings, *, inputs: dict[str, str], own: bool = True) -> Release:
    """A release that people read, built of some inputs."""
    settings.releases.mkdir(parents=True)
    folder = settings.releases / READ
    release(folder, BEFORE, mended(BEFORE), [])
    if not own:
        (folder / EVIDENCE).unlink()
        with duckdb.connect(str(folder / EVIDENCE)) as evidence:
            evidence.execute("create table nothing (a int)")
    listed = [{"name": name, "sha256": content} for name, content in inputs.items()]
    manifest = {"built_at": "2026", "files": {}, "input_key": "k", "inputs": listed}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (settings.releases / "CURRENT").write_text(f"{READ}\n", encoding="utf-8")
    return find_release(settings.workspace, READ)


def test_the_first_build_stands_beside_nothing(settings: Settings) -> None:
    assert list(beside(settings, INPUTS)) == []
    assert numbers_beside(settings, INPUTS.items()) == []


def test_a_build_of_other_inputs_stands_beside_what_people_read(settings: Settings) -> None:
    read = published(settings, inputs={**INPUTS, "sql": "0"})
    assert list(beside(settings, INPUTS)) == [(BESIDE, READ)]
    told = numbers_beside(settings, {**INPUTS, BESIDE: READ}.items())
    assert told == printed_by(read.public_path)
    assert len(told) == len(BEFORE)


def test_once_it_is_published_it_stands_beside_what_it_stood_beside(settings: Settings) -> None:
    published(settings, inputs={**INPUTS, BESIDE: "2025-12-01-hgfedcba"})
    assert list(beside(settings, INPUTS)) == [(BESIDE, "2025-12-01-hgfedcba")]


def test_the_first_release_stays_beside_nothing_once_it_is_published(settings: Settings) -> None:
    published(settings, inputs=INPUTS)
    assert list(beside(settings, INPUTS)) == []


def test_published_facts_alone_are_no_reason_to_withhold(settings: Settings) -> None:
    published(settings, inputs={**INPUTS, "sql": "0"}, own=False)
    assert list(beside(settings, INPUTS)) == []


def test_a_damaged_pointer_does_not_stop_a_build(settings: Settings) -> None:
    published(settings, inputs={})
    (settings.releases / "CURRENT").write_text("2020-01-01-gone\n", encoding="utf-8")
    assert list(beside(settings, INPUTS)) == []


def test_a_rebuild_is_told_what_the_build_was_told(settings: Settings, tmp_path: Path) -> None:
    """Out of the release's own evidence: the release before may be gone by then."""
    earlier = by_the_rule(BEFORE)
    public = release(tmp_path / "now", NOW, mended(NOW), [], laid=earlier)
    clean = tmp_path / "clean"
    clean.mkdir()
    lay_beside(Release("now", public.parent, {}), clean)
    assert (clean / LAID).is_file()
    told = numbers_beside(Settings(workspace=clean), ())
    assert sorted(told) == sorted(earlier)
