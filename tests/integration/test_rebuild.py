"""A past release is made again, cell by cell, from its bytes and its code; and says when it cannot.

All four steps of a history, each rebuilt, are in tests/long/test_rebuild_history.py.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines.errors import FailedCheckError, InputError
from pipelines.release.reader import find_release
from pipelines.release.rebuild import CLEAN, rebuild
from pipelines.release.stored import stored_of
from pipelines.settings import Settings
from tests.history import CHILDREN, History


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A first load, published; then the code changed and the same files were read anew."""
    made = History(tmp_path_factory.mktemp("history"))
    made.take_in_first(CHILDREN)
    made.publish()
    made.change_a_rule()
    return made


def first_of(history: History) -> str:
    listed = history.document("releases", "list")["releases"]
    return str(listed[0]["release"])


def test_the_first_load_is_the_same_to_the_byte_after_its_code_was_changed(
    history: History,
) -> None:
    name = first_of(history)
    found = history.document("releases", "rebuild", name)
    assert found["is_identical"] is True
    assert [table for table in found["tables"] if not table["is_same"]] == []
    counts = {table["table"]: table["row_count"] for table in found["tables"]}
    assert counts["marts.kpi_value"] > 5000
    assert counts["marts.source_file"] > 10
    assert len(counts) > 20
    assert found["notes"] == []
    assert not (history.workspace / CLEAN).exists()
    # What the new code read stays as it is.
    kinds = {path.name for path in (history.workspace / "landing" / "received_file").iterdir()}
    assert len(kinds) == 3
    last = history.workspace / "log" / "audit.jsonl"
    record = json.loads(last.read_text(encoding="utf-8").splitlines()[-1])
    assert (record["action"], record["is_identical"]) == ("rebuild", True)


def test_after_an_erasure_it_says_what_can_no_longer_be_rebuilt_and_why(
    history: History, tmp_path: Path
) -> None:
    copy = tmp_path / "workspace"
    shutil.copytree(history.workspace, copy)
    own, history.workspace = history.workspace, copy
    try:
        name = first_of(history)
        history.erase(5)
        done = history.send("releases", "rebuild", name)
        assert done.returncode == 1
        assert "it can no longer be rebuilt: sen2 2026" in done.stderr
        assert "a person was erased from it after this release was built" in done.stderr
        assert f"send releases verify {name}" in done.stderr
        verified = history.document("releases", "verify", name)
        assert verified["faults"] == []
        assert "was written anew after the build" in " ".join(verified["erased"])
    finally:
        history.workspace = own


def settings_of(history: History, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SEND_KEYS", str(history.folder / "keys"))
    return Settings(workspace=history.workspace, council="999", project_root=history.project)


def test_bytes_that_are_gone_are_named(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(history, monkeypatch)
    release = find_release(settings.workspace, first_of(history))
    assert stored_of(settings, release).lost == ()
    raw = settings.workspace / "raw"
    raw.rename(tmp_path / "raw")
    try:
        lost = stored_of(settings, release).lost
    finally:
        (tmp_path / "raw").rename(raw)
    assert len(lost) == 2
    assert any(text.startswith("any name.csv: its bytes are not kept here") for text in lost)


def test_code_that_is_in_no_commit_is_refused(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(history, monkeypatch)
    release = find_release(settings.workspace, first_of(history))
    kept = dict(release.manifest)
    release.manifest["code_version"] = "0" * 40
    with pytest.raises(FailedCheckError, match="is not in this repository"):
        rebuild(settings, release)
    release.manifest["code_version"] = ""
    with pytest.raises(FailedCheckError, match="its code is of no commit"):
        rebuild(settings, release)
    changed = [item | {"sha256": "0" * 64} for item in kept["inputs"] if item["name"] == "sql"]
    others = [item for item in kept["inputs"] if item["name"] != "sql"]
    release.manifest.update(code_version=kept["code_version"] + "+", inputs=others + changed)
    with pytest.raises(FailedCheckError, match=r"not committed, .*: sql"):
        rebuild(settings, release)
    assert not (settings.workspace / CLEAN).exists()


def test_another_councils_release_is_refused(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(history, monkeypatch)
    release = find_release(settings.workspace, first_of(history))
    with pytest.raises(InputError, match="authority 999"):
        rebuild(Settings(workspace=settings.workspace, project_root=history.project), release)


def test_a_workspace_that_no_rebuild_made_is_not_remade(history: History, tmp_path: Path) -> None:
    own, history.workspace = history.workspace, tmp_path
    try:
        done = history.send("releases", "remake")
    finally:
        history.workspace = own
    assert done.returncode == 2
    assert "was not made for a rebuild" in done.stderr
