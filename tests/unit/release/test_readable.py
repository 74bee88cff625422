"""A release that lacks what the pages of this version ask for is known before anybody sees it."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import InputError
from pipelines.registry.house import house_models
from pipelines.release import approve, audit_log
from pipelines.release.disclosure import public_marts
from pipelines.release.files import sha256
from pipelines.release.readable import missing
from pipelines.release.reader import OFFICER, PUBLIC, Release, all_releases, current_release
from pipelines.settings import PROJECT_ROOT, Settings


@pytest.fixture
def settings(sample_workspace: Path, tmp_path: Path) -> Settings:
    copy = tmp_path / "workspace"
    shutil.copytree(sample_workspace, copy)
    return Settings(workspace=copy)


def older(settings: Settings, *statements: str) -> Release:
    """The release as an earlier version would have built it."""
    (release,) = all_releases(settings.workspace)
    for name in (PUBLIC, OFFICER):
        with closing(duckdb.connect(str(release.folder / name))) as connection:
            for statement in statements:
                connection.execute(statement)
        release.manifest["files"][name]["sha256"] = sha256(release.folder / name)
    (release.folder / "manifest.json").write_text(json.dumps(release.manifest), encoding="utf-8")
    seal = sha256(release.folder / "manifest.json")
    audit_log.note(settings, "build", release=release.id, manifest_sha256=seal)
    return release


@pytest.mark.parametrize("name", [PUBLIC, OFFICER])
def test_what_this_version_builds_it_can_read(settings: Settings, name: str) -> None:
    (release,) = all_releases(settings.workspace)
    assert missing(release.folder / name, PROJECT_ROOT) == []


def test_a_release_without_a_new_column_is_not_put_before_readers(settings: Settings) -> None:
    release = older(settings, "alter table marts.plan_action drop column action_title")
    (settings.releases / "CURRENT").unlink()
    with pytest.raises(InputError, match=r"it has no marts\.plan_action\.action_title") as raised:
        approve.rollback(settings, release, "strategy officer", "The newer one was wrong")
    assert release.manifest["code_version"] in str(raised.value.remedy)
    assert current_release(settings.workspace) is None


def test_a_judged_table_is_missed_by_its_name_and_by_a_column_of_it(settings: Settings) -> None:
    release = older(
        settings,
        "drop table marts.plan_status",
        "drop table marts.measure_break",
        "alter table marts.spc_point drop column near_upper_limit",
    )
    lacking = ["marts.measure_break", "marts.plan_status", "marts.spc_point.near_upper_limit"]
    assert missing(release.public_path, PROJECT_ROOT) == lacking
    assert missing(release.officer_path, PROJECT_ROOT) == lacking


def test_what_is_for_officers_is_not_missed_in_the_public_file(settings: Settings) -> None:
    every = {model.name for model in house_models(PROJECT_ROOT).values() if model.floor == "marts"}
    officers = every - {model.name for model in public_marts(PROJECT_ROOT)}
    assert officers
    release = older(settings, *(f"drop table if exists {name}" for name in sorted(officers)))
    assert missing(release.public_path, PROJECT_ROOT) == []
    assert officers <= {*missing(release.officer_path, PROJECT_ROOT)}
