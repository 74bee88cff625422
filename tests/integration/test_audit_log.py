"""The audit log cannot be changed unnoticed, loses nothing, and takes two writers at once."""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import FailedCheckError, InputError
from pipelines.ingest.keys import Key, keys_of
from pipelines.ingest.keys import folder as keys_folder
from pipelines.release import audit_log
from pipelines.release.audit_check import check, records_of
from pipelines.release.files import write_atomically
from pipelines.release.reader import APPROVAL, MANIFEST
from pipelines.settings import Settings

ACTS = ("ingest", "build", "publish", "plan note", "rollback", "delete")
WRITERS, EACH = 4, 12


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace in which a few things were done."""
    workspace = Settings(workspace=tmp_path / "workspace")
    for place, action in enumerate(ACTS):
        audit_log.note(workspace, action, release=f"2026-01-0{place + 1}-abcdefgh")
    return workspace


def lines(settings: Settings) -> list[bytes]:
    return audit_log.path_of(settings).read_bytes().splitlines(keepends=True)


def put(settings: Settings, changed: list[bytes]) -> None:
    audit_log.path_of(settings).write_bytes(b"".join(changed))


def edited(found: list[bytes]) -> list[bytes]:
    return [found[0], found[1], found[2].replace(b"publish", b"pub1ish"), *found[3:]]


def edited_at_the_end(found: list[bytes]) -> list[bytes]:
    return [*found[:-1], found[-1].replace(b"delete", b"d3lete")]


def deleted(found: list[bytes]) -> list[bytes]:
    return [*found[:2], *found[3:]]


def deleted_at_the_start(found: list[bytes]) -> list[bytes]:
    return found[1:]


def inserted(found: list[bytes]) -> list[bytes]:
    """A line that somebody without the key made up, as like the others as can be."""
    record = json.loads(found[2]) | {"action": "rollback", "number": 4}
    made_up = json.dumps(record, sort_keys=True).encode() + b"\n"
    return [*found[:3], made_up, *found[3:]]


def repeated(found: list[bytes]) -> list[bytes]:
    return [*found[:3], found[2], *found[3:]]


def reordered(found: list[bytes]) -> list[bytes]:
    return [found[0], found[2], found[1], *found[3:]]


def cut_at_the_end(found: list[bytes]) -> list[bytes]:
    return found[:-1]


def cut_within_a_line(found: list[bytes]) -> list[bytes]:
    return [*found[:-1], found[-1][:40]]


def emptied(_: list[bytes]) -> list[bytes]:
    return []


def no_record(found: list[bytes]) -> list[bytes]:
    return [*found[:2], b"nothing of ours\n", *found[2:]]


MUTATIONS = (
    edited,
    edited_at_the_end,
    deleted,
    deleted_at_the_start,
    inserted,
    repeated,
    reordered,
    cut_at_the_end,
    cut_within_a_line,
    emptied,
    no_record,
)


def test_a_log_as_it_was_written_has_no_fault(settings: Settings) -> None:
    found = check(settings)
    assert found.faults == ()
    assert found.head.number == len(ACTS)
    assert found.heads_compared == 1
    assert [record["action"] for record in records_of(settings)] == list(ACTS)


@pytest.mark.parametrize("change", MUTATIONS, ids=lambda change: change.__name__)
def test_every_way_of_changing_the_log_is_found(
    settings: Settings, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    before = lines(settings)
    changed = change(before)
    assert changed != before
    put(settings, changed)
    assert check(settings).faults


def test_a_chain_made_anew_with_another_key_is_found(settings: Settings, tmp_path: Path) -> None:
    other = Key("audit", b"x" * 32)
    code, forged = audit_log.NOTHING, []
    for record in records_of(settings):
        act = {name: value for name, value in record.items() if name != audit_log.CODE}
        act[audit_log.BEFORE] = code
        code = audit_log.code_of(other, act)
        forged.append(audit_log.line_of(act | {audit_log.CODE: code}))
    put(settings, forged)
    assert len(check(settings).faults) >= len(ACTS)


def test_a_cut_that_takes_the_days_head_with_it_is_found_by_releases_and_by_notes(
    settings: Settings,
) -> None:
    whole = check(settings).head
    approved = settings.releases / "2026-01-03-abcdefgh"
    head = {audit_log.HEAD_IN: whole.as_json()}
    manifest = {"built_at": "2026-01-03T09:00:00+00:00", "files": {}, "input_key": "a"}
    write_atomically(approved / MANIFEST, json.dumps(manifest))
    write_atomically(approved / APPROVAL, json.dumps(head))
    put(settings, lines(settings)[:3])
    shutil.rmtree(audit_log.heads_folder(settings))
    (fault,) = check(settings).faults
    assert fault == f"lines 4 to 6 are gone, as the approval of release {approved.name} shows"
    (approved / APPROVAL).unlink()
    assert check(settings).faults == ()
    (fault,) = check(settings, f"{whole.number}:{whole.code}").faults
    assert fault == "lines 4 to 6 are gone, as the head you gave shows"


def test_a_log_put_back_and_written_on_is_found_by_a_noted_head(settings: Settings) -> None:
    whole = check(settings).head
    put(settings, lines(settings)[:4])
    shutil.rmtree(audit_log.heads_folder(settings))
    for action in ACTS:
        audit_log.note(settings, action)
    assert check(settings).faults == ()
    (fault,) = check(settings, f"{whole.number}:{whole.code}").faults
    assert fault == "line 6 is another one than the head you gave shows"


@pytest.mark.parametrize("noted", ["6", "six:" + "a" * 64, "6:abc", ":" + "a" * 64])
def test_a_head_that_is_none_is_wrong_use(settings: Settings, noted: str) -> None:
    with pytest.raises(InputError, match="not a head"):
        check(settings, noted)


def test_nothing_is_added_to_a_log_whose_last_line_was_changed(settings: Settings) -> None:
    put(settings, edited_at_the_end(lines(settings)))
    before = audit_log.path_of(settings).read_bytes()
    with pytest.raises(FailedCheckError, match="not as it was written"):
        audit_log.note(settings, "publish")
    assert audit_log.path_of(settings).read_bytes() == before


def test_what_a_power_cut_left_of_a_line_is_no_fault_and_is_written_over(
    settings: Settings,
) -> None:
    whole = lines(settings)
    put(settings, [*whole, whole[-1][:57]])
    assert check(settings).faults == ()
    audit_log.note(settings, "publish")
    assert lines(settings)[:-1] == whole
    assert check(settings).faults == ()
    assert check(settings).head.number == len(ACTS) + 1


def test_two_writers_at_once_make_one_chain(settings: Settings) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(settings, n)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    found = check(settings)
    assert found.faults == ()
    assert found.head.number == len(ACTS) + WRITERS * EACH
    made = [(record["writer"], record["place"]) for record in records_of(settings)[len(ACTS) :]]
    assert sorted(made) == [(n, place) for n in range(WRITERS) for place in range(EACH)]


def _write_many(settings: Settings, writer: int) -> None:
    for place in range(EACH):
        audit_log.note(settings, "ingest", writer=writer, place=place)


def test_each_day_keeps_its_head_for_copying_elsewhere(settings: Settings) -> None:
    (path,) = audit_log.heads_folder(settings).iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.json", path.name)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert (written["number"], written["code"]) == (len(ACTS), check(settings).head.code)


def test_log_and_heads_are_for_the_owner_only(settings: Settings) -> None:
    paths = [audit_log.path_of(settings), *audit_log.heads_folder(settings).iterdir()]
    assert len(paths) == 2
    assert {path.stat().st_mode & 0o077 for path in paths} == {0}


def test_without_the_key_nothing_is_signed_and_nothing_is_believed(settings: Settings) -> None:
    (keys_folder() / "audit").unlink()
    with pytest.raises(InputError, match="the key 'audit' is missing"):
        audit_log.note(settings, "publish")
    with pytest.raises(InputError, match="the key 'audit' is missing"):
        check(settings)


def test_the_key_stands_nowhere_in_the_workspace(settings: Settings) -> None:
    secret = keys_of(settings).audit.secret
    texts = [path.read_bytes() for path in settings.workspace.rglob("*") if path.is_file()]
    assert len(texts) > 2
    assert not [text for text in texts if secret in text or secret.hex().encode() in text]
