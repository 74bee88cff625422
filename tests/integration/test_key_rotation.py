"""The pseudonym key changed for another: every row follows, nothing is left under the old one."""

from __future__ import annotations

import fcntl
import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import FailedCheckError, InputError
from pipelines.ingest import door, keys, raw_store
from pipelines.ingest.door import ingest
from pipelines.release import audit_log
from pipelines.release.erased import hashes_after
from pipelines.settings import Settings
from pipelines.upkeep.backup import back_up
from pipelines.upkeep.restore import restore
from pipelines.upkeep.rotate import Rotated, rotate
from tests.integration.person_level_files import collect, rewritten, upn, xml
from tests.integration.test_person_level_door import Stop, content, stop_at, written
from tests.leaks import texts

PEOPLE, CHOSEN = 6, 3
WHO, WHY = "Data protection officer", "A laptop with the keys was lost"
EARLY = "la_code,upn,support_kind,referral_date\n860,{0},EAPDR,2025-09-15\n860,,APDR,2025-09-16\n"
KEYED = ("pseudonym", "identifier_hash", "key_id")
RELEASE = "2026-11-22-a"
MANIFEST = {"built_at": "2026-11-22", "input_key": "0", "files": {}, "inputs": [], "row_counts": {}}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


@pytest.fixture
def workspace(tmp_path: Path, place: Path) -> Settings:
    return filled(tmp_path, "workspace")


def filled(tmp_path: Path, name: str) -> Settings:
    """Two returns that share children, the council's own table, and a release with their rows."""
    made, files = Settings(workspace=tmp_path / name), tmp_path / "files"
    files.mkdir(exist_ok=True)
    raw = xml(PEOPLE)
    ingest([written(files / "one.xml", raw)], made)
    if not (files / "two").exists():
        collect(rewritten(xml(PEOPLE, first=2)), files / "two")
    ingest([files / "two"], made)
    ingest([written(files / "early.csv", EARLY.format(upn(CHOSEN)).encode())], made)
    release_with(made, pseudonyms(made))
    return made


def release_with(workspace: Settings, people: list[str]) -> Path:
    folder = workspace.releases / RELEASE
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    for name in ("officer", "public"):
        with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
            connection.execute("create schema core; create table core.count as select 8 as people")
            if name == "officer":
                connection.execute(
                    "create table core.person (number integer, pseudonym varchar, key_id varchar)"
                )
                key_id = keys.keys_of(workspace).pseudonym.id
                rows = [[number, each, key_id] for number, each in enumerate(people)]
                connection.executemany("insert into core.person values (?, ?, ?)", rows)
                connection.execute("insert into core.person values (99, null, null)")
    return folder / "officer.duckdb"


def officers_rows(workspace: Settings) -> list[tuple[Any, ...]]:
    path = workspace.releases / RELEASE / "officer.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("from core.person order by number").fetchall()


def pseudonyms(workspace: Settings) -> list[str]:
    found = {row.get("pseudonym") for rows in content(workspace).values() for row in rows}
    return sorted(each for each in found if each)


def apart_from_keys(workspace: Settings) -> dict[str, list[str]]:
    """Every landed row with its people numbered in the order of their first return.

    Two workspaces are alike here where the same rows are of the same children.
    """
    found = content(workspace)
    found.pop("person_identity")
    rows = sorted(found["sen2_person"], key=lambda row: (row["file_id"], row["row_number"]))
    number = {each: place for place, each in enumerate(dict.fromkeys(r["pseudonym"] for r in rows))}
    left_out = {"reading_version", "size_bytes", *KEYED}
    return {
        table: sorted(
            str(
                {k: v for k, v in row.items() if k not in left_out}
                | {"child": number.get(row.get("pseudonym"))}
            )
            for row in lines
        )
        for table, lines in found.items()
    }


def anywhere(folder: Path, words: list[str]) -> set[str]:
    """Files in which one of the words stands, packed or plain."""
    sought = [word.encode() for word in words]
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and any(word in b"\n".join(texts(path)) for word in sought)
    }


def test_every_row_follows_and_nothing_is_left_under_the_old_key(
    workspace: Settings, place: Path
) -> None:
    old, rows, officers = (
        pseudonyms(workspace),
        apart_from_keys(workspace),
        officers_rows(workspace),
    )
    hashes = [row["identifier_hash"] for row in content(workspace)["person_identity"]]
    old_key = (place / "pseudonym").read_text().strip()
    public = (workspace.releases / RELEASE / "public.duckdb").read_bytes()
    assert len(anywhere(workspace.workspace, old)) > 10
    done = rotate(workspace, WHO, WHY)
    assert (done.file_count, done.releases) == (3, (RELEASE,))
    assert done.people_count == len(old) == PEOPLE + 2
    assert apart_from_keys(workspace) == rows
    new = pseudonyms_in_order(officers_rows(workspace))
    assert len(new) == len(set(new)) == len(pseudonyms_in_order(officers))
    assert set(new) == set(pseudonyms(workspace))
    assert anywhere(workspace.workspace, [*old, *hashes, done.old_id, old_key]) == {
        "log/audit.jsonl"
    }
    assert not set(old) & set(pseudonyms(workspace))
    assert (workspace.releases / RELEASE / "public.duckdb").read_bytes() == public
    assert {path.name for path in place.iterdir()} == set(keys.NAMES)
    assert not anywhere(place, [old_key])


def pseudonyms_in_order(rows: list[tuple[Any, ...]]) -> list[str]:
    assert rows[-1] == (99, None, None)
    return [row[1] for row in rows[:-1]]


def test_the_change_stands_in_the_audit_log_and_in_the_release(workspace: Settings) -> None:
    done = rotate(workspace, WHO, WHY)
    lines = audit_log.path_of(workspace).read_text(encoding="utf-8").splitlines()
    begun, ended = map(json.loads, lines[-2:])
    assert (begun["action"], begun["approved_by"], begun["reason"]) == (
        "keys rotate begun",
        WHO,
        WHY,
    )
    assert (ended["action"], ended["old_id"], ended["new_id"], ended["files"]) == (
        "keys rotate",
        done.old_id,
        done.new_id,
        3,
    )
    assert not [each for each in pseudonyms(workspace) if each in "".join(lines)]
    (note,) = map(
        json.loads, (workspace.releases / RELEASE / "erased.jsonl").read_text().splitlines()
    )
    known = hashes_after(workspace.releases / RELEASE, "officer.duckdb", note["sha256_before"])
    assert "pseudonym key was changed" in known[note["sha256"]]


def test_a_child_is_found_again_afterwards_by_returns_and_by_an_erasure(
    workspace: Settings, tmp_path: Path
) -> None:
    rotate(workspace, WHO, WHY)
    known = set(pseudonyms(workspace))
    ingest([written(tmp_path / "three.xml", xml(PEOPLE, ethnicity="WOTH"))], workspace)
    assert set(pseudonyms(workspace)) == known
    before = officers_rows(workspace)
    done = door.forget(workspace, upn(CHOSEN))
    assert done.purged == (RELEASE,)
    assert len(officers_rows(workspace)) == len(before) - 1


def test_a_stop_at_any_step_is_ended_by_the_next_call(tmp_path: Path, place: Path) -> None:
    whole = filled(tmp_path, "whole")
    rows, officers = apart_from_keys(whole), officers_rows(whole)
    old, stops, resumed = pseudonyms(whole), 0, 0
    shutil.copytree(place, tmp_path / "first keys")
    for number in itertools.count(1, 11):
        workspace = Settings(workspace=tmp_path / str(number))
        shutil.copytree(whole.workspace, workspace.workspace)
        shutil.rmtree(place)
        shutil.copytree(tmp_path / "first keys", place)
        try:
            stopped_rotation(workspace, number)
        except Stop:
            stops += 1
        else:
            break
        resumed += is_refused_to_others(workspace)
        rotate(workspace, WHO, WHY)
        assert apart_from_keys(workspace) == rows
        assert len(officers_rows(workspace)) == len(officers)
        assert not anywhere(workspace.workspace, old)
        shutil.rmtree(workspace.workspace)
    assert stops >= 6
    assert resumed >= 4


def stopped_rotation(workspace: Settings, number: int) -> Rotated:
    with pytest.MonkeyPatch.context() as patch:
        stop_at(patch, number)
        return rotate(workspace, WHO, WHY)


def is_refused_to_others(workspace: Settings) -> bool:
    """Whether the change is half done; if so, nobody else may come in."""
    if not (workspace.workspace / "log" / "key_change.json").exists():
        return False
    with pytest.raises(FailedCheckError, match="interrupted") as error:
        door.forget(workspace, upn(CHOSEN))
    assert "send keys rotate" in error.value.remedy
    with pytest.raises(FailedCheckError, match="interrupted"):
        back_up(workspace, workspace.workspace.with_suffix(".sealed"))
    return True


def test_it_is_refused_while_a_build_runs_and_nothing_is_changed(
    workspace: Settings, place: Path
) -> None:
    before, key = content(workspace), (place / "pseudonym").read_bytes()
    lock = workspace.workspace / "warehouse" / "build.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(FailedCheckError, match="another build"):
            rotate(workspace, WHO, WHY)
    assert content(workspace) == before
    assert (place / "pseudonym").read_bytes() == key


@pytest.mark.parametrize(("who", "why"), [("", WHY), (WHO, "because")], ids=["nobody", "no reason"])
def test_it_needs_a_name_and_a_reason(workspace: Settings, who: str, why: str) -> None:
    with pytest.raises(InputError):
        rotate(workspace, who, why)
    assert not (workspace.workspace / "log" / "key_change.json").exists()


def test_a_file_that_cannot_be_read_again_is_named_before_anything_is_changed(
    workspace: Settings, place: Path
) -> None:
    before = content(workspace)
    row = next(row for row in before["received_file"] if row["kind"] == "early_support")
    raw_store.path_of(workspace, row["kept_sha256"]).unlink()
    with pytest.raises(InputError, match="cannot be read again") as error:
        rotate(workspace, WHO, WHY)
    assert row["sha256"][:16] in (error.value.where or "")
    assert content(workspace) == before
    assert {path.name for path in place.iterdir()} == set(keys.NAMES)


def test_another_workspace_with_these_keys_goes_on_or_follows(
    workspace: Settings, tmp_path: Path, place: Path
) -> None:
    other = filled(tmp_path, "other")
    rows = apart_from_keys(other)
    done = rotate(workspace, WHO, WHY, keeps_old=True)
    assert keys.keys_of(other).pseudonym.id == done.old_id
    ingest([written(tmp_path / "four.csv", EARLY.format(upn(1)).encode())], other)
    rotate(workspace, WHO, WHY)
    (place / f"pseudonym.{done.old_id}").unlink()
    with pytest.raises(InputError, match="made with") as error:
        keys.keys_of(other)
    assert "send keys rotate" in error.value.remedy
    followed = rotate(other, WHO, WHY)
    assert followed.new_id == keys.keys_of(workspace).pseudonym.id
    assert len(apart_from_keys(other)["sen2_person"]) == len(rows["sen2_person"])


def test_a_backup_from_before_is_brought_under_the_new_key_and_nobody_erased_comes_back(
    workspace: Settings, tmp_path: Path
) -> None:
    door.forget(workspace, upn(5))
    later = filled(tmp_path, "later")
    kept = back_up(later, tmp_path / "kept.sealed").path
    rotate(later, WHO, WHY)
    door.forget(later, upn(CHOSEN))
    log = tmp_path / "erased.jsonl"
    log.write_bytes(
        b"".join(
            (each.workspace / "log" / "erased.jsonl").read_bytes() for each in (workspace, later)
        )
    )
    elsewhere = Settings(workspace=tmp_path / "elsewhere" / "workspace")
    done = restore(elsewhere, kept, log)
    assert done.erased_again == 2
    assert keys.keys_of(elsewhere).pseudonym.id == keys.keys_of(later).pseudonym.id
    gone = {row["pseudonym"] for row in content(later)["sen2_person"]}
    assert {row["pseudonym"] for row in content(elsewhere)["sen2_person"]} < gone
    for number in (CHOSEN, 5):
        with pytest.raises(InputError, match="nobody is known here"):
            door.forget(elsewhere, upn(number))
