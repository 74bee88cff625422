"""What has been kept long enough goes, by the council's own rules, and nothing else does."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.errors import InputError, RegistryError
from pipelines.ingest import raw_store
from pipelines.ingest.deliveries import case_deliveries
from pipelines.ingest.door import ingest
from pipelines.registry.retention import retention_rules
from pipelines.release import audit_log
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.upkeep.backup import back_up
from pipelines.upkeep.retain import Due, carry_out, due
from tests.integration.person_level_files import collect, marks, xml
from tests.integration.test_person_level_door import content, leaks, written

PEOPLE = 6
REASON = "Corporate retention schedule, line 4.12"
WHO = "Head of data"


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def workspace(tmp_path: Path) -> Settings:
    """A return and an export taken in from the inbox, where a note lies that never came in."""
    root = tmp_path / "project"
    for name in ("sql", "expectations"):
        root.mkdir(exist_ok=True)
        (root / name).symlink_to(PROJECT_ROOT / name)
    shutil.copytree(PROJECT_ROOT / "data" / "councils", root / "data" / "councils")
    (root / "data" / "reference").symlink_to(PROJECT_ROOT / "data" / "reference")
    found = Settings(workspace=tmp_path / "workspace", project_root=root)
    inbox = found.workspace / "inbox"
    inbox.mkdir(parents=True)
    written(inbox / "return.xml", xml(PEOPLE))
    collect(xml(PEOPLE, first=50), inbox / "export")
    ingest([inbox / "return.xml", inbox / "export"], found)
    written(inbox / "note.txt", b"call the data team")
    return found


def ruled(settings: Settings, *rules: tuple[str, int], la_code: str = "860") -> None:
    lines = [f"  - {{keep: {keep}, days: {days}, reason: '{REASON}'}}" for keep, days in rules]
    text = "\n".join([f"la_code: '{la_code}'", "rules:", *lines, ""])
    (settings.council_folder / "retention.yml").write_text(text, encoding="utf-8")


def after(settings: Settings, days: int) -> list[Due]:
    """What is due so many days after the files came in, even if midnight has passed since."""
    arrived = min(each.received_on for each in case_deliveries(settings))
    return due(settings, arrived + timedelta(days=days))


def test_without_rules_nothing_is_ever_due(workspace: Settings) -> None:
    assert retention_rules(workspace.council_folder) == ()
    assert after(workspace, 40_000) == []


@pytest.mark.parametrize(("days", "count"), [(29, 0), (30, 10), (31, 10)])
def test_a_copy_in_the_inbox_is_due_on_its_day_and_not_before(
    workspace: Settings, days: int, count: int
) -> None:
    ruled(workspace, ("inbox_copies", 30))
    found = after(workspace, days)
    assert len(found) == count
    assert all(each.due_on == each.since + timedelta(days=30) for each in found)


def test_copies_go_and_what_never_came_in_stays(workspace: Settings) -> None:
    ruled(workspace, ("inbox_copies", 30))
    before = content(workspace)
    carry_out(workspace, after(workspace, 30), WHO)
    left = [path.name for path in (workspace.workspace / "inbox").rglob("*") if path.is_file()]
    assert left == ["note.txt"]
    assert content(workspace) == before
    assert after(workspace, 30) == []


def test_a_file_that_was_changed_since_is_no_copy(workspace: Settings) -> None:
    ruled(workspace, ("inbox_copies", 30))
    path = workspace.workspace / "inbox" / "return.xml"
    path.write_bytes(path.read_bytes() + b"\n")
    assert "inbox/return.xml" not in {each.what for each in after(workspace, 30)}


def test_a_delivery_goes_with_its_bytes_and_every_row_and_the_other_stays(
    workspace: Settings,
) -> None:
    ruled(workspace, ("case_files", 365))
    assert after(workspace, 364) == []
    found = after(workspace, 365)
    assert len(found) == 2
    chosen = next(each for each in found if _kind_of(workspace, each.what) == 1)
    objects = {path.name for path in (workspace.workspace / "raw").glob("*/*")}
    carry_out(workspace, [chosen], WHO)
    rows = content(workspace)
    ids = {str(row["file_id"]).split("-")[0] for lines in rows.values() for row in lines}
    assert chosen.what not in ids
    assert len(rows["sen2_person"]) == PEOPLE
    left = {path.name for path in (workspace.workspace / "raw").glob("*/*")}
    assert len(objects - left) == 1
    shutil.rmtree(workspace.workspace / "inbox")
    assert not list(leaks(workspace.workspace, list(marks(0).values())))
    kept = b"".join(raw_store.load(workspace, name) for name in left)
    assert marks(0)["upn"].encode() not in kept
    assert marks(50)["upn"].encode() in kept


def _kind_of(settings: Settings, file_id: str) -> int:
    """Number of files that a delivery arrived as."""
    rows = content(settings)["received_file"]
    return len({row["file_name"] for row in rows if str(row["file_id"]).startswith(file_id)})


def test_what_was_taken_away_may_be_handed_in_again(workspace: Settings, tmp_path: Path) -> None:
    ruled(workspace, ("case_files", 1))
    carry_out(workspace, after(workspace, 1), WHO)
    assert not content(workspace).get("sen2_person")
    (receipt,) = ingest([workspace.workspace / "inbox" / "return.xml"], workspace)
    assert receipt.status == "landed"
    assert len(content(workspace)["sen2_person"]) == PEOPLE


def test_each_deletion_stands_in_the_audit_log_with_its_rule(workspace: Settings) -> None:
    ruled(workspace, ("inbox_copies", 30), ("case_files", 60))
    found = after(workspace, 60)
    carry_out(workspace, found, WHO)
    log = audit_log.path_of(workspace).read_text(encoding="utf-8")
    assert log.count('"retain"') == len(found) == 12
    assert REASON in log
    assert not [mark for mark in marks(0).values() if mark in log]


def test_nobody_s_approval_deletes_nothing(workspace: Settings) -> None:
    ruled(workspace, ("case_files", 1))
    before = content(workspace)
    with pytest.raises(InputError, match="named person"):
        carry_out(workspace, after(workspace, 1), " ")
    assert content(workspace) == before


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        pytest.param("rules: [{keep: everything, days: 3, reason: long enough to be one}]", "keep"),
        pytest.param("rules: [{keep: releases, days: 0, reason: long enough to be one}]", "days"),
        pytest.param("rules: [{keep: releases, days: 9, reason: old}]", "reason"),
        pytest.param("rules: []", "rules"),
    ],
    ids=["unknown-kind", "no-days", "no-reason", "empty"],
)
def test_a_rule_that_cannot_be_meant_is_refused(workspace: Settings, rules: str, said: str) -> None:
    path = workspace.council_folder / "retention.yml"
    path.write_text(f"la_code: '860'\n{rules}\n", encoding="utf-8")
    with pytest.raises(RegistryError, match=said):
        retention_rules(workspace.council_folder)


def test_two_rules_of_one_kind_and_another_council_s_rules_are_refused(
    workspace: Settings,
) -> None:
    ruled(workspace, ("releases", 30), ("releases", 60))
    with pytest.raises(RegistryError, match="two rules"):
        retention_rules(workspace.council_folder)
    ruled(workspace, ("releases", 30), la_code="330")
    with pytest.raises(RegistryError, match="la_code is 330"):
        retention_rules(workspace.council_folder)


def test_old_backups_go_and_the_newest_stays(workspace: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for number in (1, 2, 3):
        path = back_up(workspace, folder / f"{number}.sealed").path
        moment = time.time() - (100 - number) * 86_400
        os.utime(path, (moment, moment))
    written(folder / "notes.txt", b"which disk is where")
    raw_object = next((workspace.workspace / "raw").glob("*/*"))
    other = folder / "other.sealed"
    other.write_bytes(raw_object.read_bytes()[:8] + b"\0" * 40)
    rule = f"{{keep: backups, days: 90, folder: '{folder}', reason: '{REASON}'}}"
    text = f"la_code: '860'\nrules:\n  - {rule}\n"
    (workspace.council_folder / "retention.yml").write_text(text, encoding="utf-8")
    found = due(workspace, date.today())
    assert [each.what for each in found] == ["1.sealed", "2.sealed"]
    carry_out(workspace, found, WHO)
    assert sorted(path.name for path in folder.iterdir()) == ["3.sealed", "notes.txt", other.name]
    shutil.rmtree(folder)
    with pytest.raises(InputError, match="the folder of backups is not there"):
        due(workspace, date.today())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("keep: backups", "backups, and nothing else, have a folder"),
        ("keep: releases, folder: /srv", "backups, and nothing else, have a folder"),
        ("keep: backups, folder: here", "from the root of the disk"),
    ],
)
def test_only_backups_have_a_folder_and_it_is_plain_where(
    workspace: Settings, words: str, said: str
) -> None:
    text = f"la_code: '860'\nrules:\n  - {{{words}, days: 90, reason: '{REASON}'}}\n"
    (workspace.council_folder / "retention.yml").write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError, match=said):
        retention_rules(workspace.council_folder)
