"""Erasure where no pseudonym leads: records put aside, two of one name, explanations, copies."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import InputError
from pipelines.ingest import bundles, door, raw_store
from pipelines.ingest.council.marks import form_of
from pipelines.ingest.door import ingest
from pipelines.settings import PROJECT_ROOT, Settings
from tests.integration.person_level_files import collect, marks, upn, xml
from tests.integration.test_forget import (
    CHOSEN,
    PEOPLE,
    kept_plain,
    people_of,
)
from tests.integration.test_person_level_door import content, written

CHILD = marks(CHOSEN)
LINE = "{surname}, {forename}, {born}".format(**CHILD)
HEADER = "la_code,upn,uln,surname,forename,birth_date,support_kind,referral_date"
NAMED = "860,,,{surname},{forename},{born},EAPDR,2025-09-15"
OTHER = f"860,{upn(0)},,,,,EAPDR,2025-09-15"
DAY = "{2}/{1}/{0}".format(*CHILD["born"].split("-"))
ULN = "1234567897"
TWICE = f"<Surname>{CHILD['surname']}</Surname>"


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def workspace(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace")


def support(path: Path, *rows: str) -> Path:
    return written(path, "\n".join([HEADER, *rows, ""]).encode())


def kept_now(workspace: Settings, arrived: bytes) -> bytes:
    kept = bundles.as_kept(workspace, raw_store.digest(arrived))
    assert kept is not None
    return raw_store.load(workspace, kept.pieces[0].sha256)


def assert_accounted(workspace: Settings) -> None:
    found = content(workspace)
    aside = len(found.get("quarantined_row", ()))
    assert aside == sum(row["row_count_quarantined"] for row in found["received_file"])
    for row in found["received_file"]:
        assert row["row_count_in"] == row["row_count_accepted"] + row["row_count_quarantined"]


def assert_gone(workspace: Settings, *but: str) -> None:
    plain = kept_plain(workspace)
    words = [CHILD[name] for name in ("upn", "surname", "forename")]
    assert [word for word in words if word.encode() in plain and word not in but] == []


# ---- records that were put aside ------------------------------------------------------------


def test_rows_put_aside_do_not_stay_in_a_csv_that_is_written_anew(
    workspace: Settings, tmp_path: Path
) -> None:
    lost = f"860,{CHILD['upn']},,{CHILD['surname']},{CHILD['forename']},{CHILD['born']},EAPDR,soon"
    whole = lost.replace("soon", "2025-09-15")
    path = support(tmp_path / "one.csv", whole, lost, OTHER, f"{lost},too,wide")
    ingest([path], workspace)
    assert len(content(workspace)["quarantined_row"]) == 2
    done = door.forget(workspace, CHILD["upn"])
    assert done.notes == ("one.csv: 2 records that could not be read went with it.",)
    assert kept_now(workspace, path.read_bytes()).decode().splitlines() == [HEADER, OTHER]
    assert_gone(workspace)
    assert_accounted(workspace)


def test_rows_put_aside_of_a_collect_export_go_too(workspace: Settings, tmp_path: Path) -> None:
    paths = collect(xml(PEOPLE), tmp_path / "export")
    (people,) = [path for path in paths if CHILD["upn"].encode() in path.read_bytes()]
    text = people.read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if CHILD["upn"] in line]
    people.write_text(f"{text}{line},one cell too many\n", encoding="utf-8")
    ingest([people.parent], workspace)
    assert len(content(workspace)["quarantined_row"]) == 1
    door.forget(workspace, CHILD["upn"])
    assert_gone(workspace)
    assert_accounted(workspace)
    assert len(people_of(workspace)) == PEOPLE - 1


@pytest.mark.parametrize(
    "row",
    [
        f"860,{CHILD['upn']},,,,,EAPDR,soon",
        f"860,{CHILD['upn'].lower()},,,,,EAPDR",
        f"860,,,{CHILD['surname'].upper()},{CHILD['forename']},{CHILD['born']},EAPDR,soon",
        f"860,,,{CHILD['surname']},{CHILD['forename']},{DAY},?,2025-09-15",
        f"860,,{ULN},,,,EAPDR,soon",
    ],
    ids=["upn", "too narrow", "name", "day as a spreadsheet writes it", "uln of another file"],
)
@pytest.mark.parametrize("line", [CHILD["upn"], LINE], ids=["by upn", "by name"])
def test_a_file_that_has_only_a_row_put_aside_of_the_person_is_searched(
    workspace: Settings, tmp_path: Path, row: str, line: str
) -> None:
    known = f"860,{CHILD['upn']},{ULN},{CHILD['surname']},{CHILD['forename']},{CHILD['born']}"
    first = support(tmp_path / "known.csv", f"{known},EAPDR,2025-09-15", OTHER)
    second = support(tmp_path / "aside.csv", OTHER, row)
    third = support(tmp_path / "other.csv", OTHER, f"860,{upn(1)},,,,,EAPDR,soon")
    for path in (first, second, third):
        ingest([path], workspace)
    done = door.forget(workspace, line)
    assert len(done.files) == 2
    assert kept_now(workspace, second.read_bytes()).decode().splitlines() == [HEADER, OTHER]
    assert kept_now(workspace, third.read_bytes()) == third.read_bytes()
    assert_gone(workspace)
    assert ULN.encode() not in kept_plain(workspace)
    assert_accounted(workspace)


@pytest.mark.parametrize("line", [CHILD["upn"], LINE], ids=["by upn", "by name"])
def test_somebody_of_whom_only_a_record_put_aside_is_held_is_erased(
    workspace: Settings, tmp_path: Path, line: str
) -> None:
    raw = xml(PEOPLE).replace(TWICE.encode(), (TWICE * 2).encode())
    ingest([written(tmp_path / "return.xml", raw)], workspace)
    people = people_of(workspace)
    assert len(people) == PEOPLE - 1
    assert content(workspace)["quarantined_row"]
    done = door.forget(workspace, line)
    assert (done.people_count, done.row_count, len(done.files)) == (0, 0, 1)
    assert "could not be read went with it" in done.notes[1]
    assert_gone(workspace)
    assert_accounted(workspace)
    assert people_of(workspace) == people
    with pytest.raises(InputError, match="nobody is known"):
        door.forget(workspace, line)


# ---- several of one name ---------------------------------------------------------------------


def test_a_child_keyed_twice_without_a_number_is_erased_by_its_name(
    workspace: Settings, tmp_path: Path
) -> None:
    row = NAMED.format(**CHILD)
    path = support(tmp_path / "one.csv", row, row.replace("09-15", "11-20"), OTHER)
    ingest([path], workspace)
    with pytest.raises(InputError, match="2 people are known by that") as error:
        door.forget(workspace, LINE)
    assert "--all-of-this-name" in error.value.remedy
    asked: list[int] = []

    def answer(count: int, *, yes: bool) -> bool:
        asked.append(count)
        return yes

    with pytest.raises(InputError, match="nothing was erased"):
        door.forget(workspace, LINE, lambda n: answer(n, yes=False), all_of_this_name=True)
    assert len(content(workspace)["early_support"]) == 3
    done = door.forget(workspace, LINE, lambda n: answer(n, yes=True), all_of_this_name=True)
    assert asked == [2, 2]
    assert done.people_count == 2
    assert len(content(workspace)["early_support"]) == 1
    assert_gone(workspace)


def test_places_that_moved_lead_to_nobody_else(workspace: Settings, tmp_path: Path) -> None:
    """Who cannot be told apart is named by the place in the file, until somebody before is gone."""
    rows = [NAMED.format(**marks(number)) for number in (0, 1, 2, 3)]
    for name in ("first", "second"):
        # Each of them is two children in the first file, and so is nobody's in the second.
        text = [rows[0], *rows[1:], *rows[1:]] if name == "first" else rows
        ingest([support(tmp_path / f"{name}.csv", *text)], workspace)
    second = (tmp_path / "second.csv").read_bytes()
    for number in (0, 2, 1):
        line = "{surname}, {forename}, {born}".format(**marks(number))
        door.forget(workspace, line, lambda _: True, all_of_this_name=True)
        plain = kept_plain(workspace)
        assert marks(number)["surname"].encode() not in plain
        assert marks(3)["surname"].encode() in plain
    assert kept_now(workspace, second).decode().splitlines() == [HEADER, rows[3]]
    assert len(content(workspace)["early_support"]) == 3


def test_who_got_a_upn_later_is_told_of_the_records_of_that_name(
    workspace: Settings, tmp_path: Path
) -> None:
    row = NAMED.format(**CHILD)
    ingest([support(tmp_path / "one.csv", row, row, OTHER)], workspace)
    ingest([written(tmp_path / "return.xml", xml(PEOPLE))], workspace)
    done = door.forget(workspace, CHILD["upn"])
    (note,) = [note for note in done.notes if "of that name and birth date" in note]
    assert note.startswith("2 other records")
    assert CHILD["surname"] not in str(done)
    assert CHILD["surname"].encode() in kept_plain(workspace)
    door.forget(workspace, LINE, lambda count: count == 2, all_of_this_name=True)
    assert_gone(workspace)


def test_all_of_a_name_are_found_from_the_number_of_one(
    workspace: Settings, tmp_path: Path
) -> None:
    row = NAMED.format(**CHILD)
    ingest([support(tmp_path / "one.csv", row, row, OTHER)], workspace)
    ingest([written(tmp_path / "return.xml", xml(PEOPLE))], workspace)
    words = ["forget", "--all-of-this-name", "--workspace", str(workspace.workspace)]
    done = subprocess.run(
        [sys.executable, "-m", "commands.cli", *words],
        input=f"{CHILD['upn']}\nyes\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT_ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert "3 people or records are of that name" in done.stderr
    assert "They were of 3 people or records of one name." in done.stdout
    assert CHILD["surname"] not in done.stdout + done.stderr
    assert_gone(workspace)


# ---- councils ------------------------------------------------------------------------------------


def test_pseudonyms_of_two_councils_under_one_folder_of_keys_do_not_meet(tmp_path: Path) -> None:
    found, house = {}, tmp_path / "house"
    for name in ("sql", "data/reference", "data/councils"):
        shutil.copytree(PROJECT_ROOT / name, house / name)
    shutil.copytree(house / "data/councils/860", house / "data/councils/861")
    for council in ("860", "861"):
        workspace = Settings(workspace=tmp_path / council, council=council, project_root=house)
        path = written(tmp_path / f"{council}.xml", xml(PEOPLE, la_code=council))
        ingest([path], workspace)
        landed = content(workspace)
        hashes = {row["identifier_hash"] for row in landed["person_identity"]}
        found[council] = {*people_of(workspace), *hashes}
        assert {row["key_id"] for row in landed["sen2_person"]} == {
            row["key_id"] for row in landed["person_identity"]
        }
    assert found["860"].isdisjoint(found["861"])
    assert len(found["860"]) == len(found["861"]) > 2 * PEOPLE
    theirs = Settings(workspace=tmp_path / "861", council="860", project_root=house)
    with pytest.raises(InputError, match="holds rows of authority 861") as error:
        door.forget(theirs, CHILD["upn"])
    assert "SEND_COUNCIL=861" in error.value.remedy


@pytest.mark.parametrize("given", ["8611", "E10000028", "85", "Qcounty", "86O", "861"])
@pytest.mark.parametrize("form", ["xml", "collect"])
def test_a_return_of_whatever_else_than_the_council_is_refused(
    workspace: Settings, tmp_path: Path, given: str, form: str
) -> None:
    raw = xml(PEOPLE, la_code=given)
    if form == "xml":
        paths = [written(tmp_path / "return.xml", raw)]
        with pytest.raises(InputError, match="workspace is that of authority 860") as error:
            ingest(paths, workspace)
        assert (given in str(error.value)) == (given == "861")
    else:
        collect(raw, tmp_path / "export")
        (receipt,) = ingest([tmp_path / "export"], workspace)
        assert receipt.status == "refused"
        assert (given in receipt.findings[0].message) == (given == "861")
    assert not list((workspace.workspace / "raw").glob("*/*"))
    assert "sen2_person" not in content(workspace)


def test_a_return_that_does_not_say_whose_it_is_is_the_councils(
    workspace: Settings, tmp_path: Path
) -> None:
    ingest([written(tmp_path / "return.xml", xml(PEOPLE, la_code=""))], workspace)
    assert [row["la_code"] for row in content(workspace)["sen2_return"]] == ["860"]


# ---- explanations and copies ---------------------------------------------------------------------


def explained(*rows: tuple[str, str]) -> bytes:
    lines = "".join(
        f"860,REQ-21,{file_id},{record},As it should be,Case manager,2026-01-26\n"
        for file_id, record in rows
    )
    header = "la_code,rule,explained_file_id,record_key,explanation,decided_by_role,decided_date"
    return f"{header}\n{lines}".encode()


def test_explanations_of_a_file_go_with_the_numbers_that_they_belong_to(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = xml(PEOPLE)
    file_id, other = raw_store.digest(raw)[:16], "0" * 16
    said = explained(
        (file_id, '"person 5, request 1"'), (other, '"person 5, request 1"'), (file_id, "")
    )
    assert form_of(said) == "finding_explanation"
    paths = [written(tmp_path / "return.xml", raw), written(tmp_path / "said.csv", said)]
    ingest(paths, workspace)
    done = door.forget(workspace, CHILD["upn"])
    assert done.explanations_dropped == 2
    (note,) = [note for note in done.notes if "explanation" in note]
    assert note.startswith("1 explanation of findings in other files stayed.")
    assert "names the person" in note
    assert left(workspace) == [(other, "person 5, request 1")]
    assert file_id.encode() not in kept_now(workspace, said)
    assert_accounted(workspace)
    # Nor do they come back when everything is read again.
    monkeypatch.setattr(door, "version_of", lambda _: "e" * 16)
    ingest(paths, workspace)
    assert left(workspace) == [(other, "person 5, request 1")]


def left(workspace: Settings) -> list[tuple[Any, Any]]:
    rows = content(workspace)["finding_explanation"]
    return [(row["explained_file_id"], row["record_key"]) for row in rows]


def test_copies_in_the_inbox_are_named_and_left(workspace: Settings, tmp_path: Path) -> None:
    inbox = workspace.workspace / "inbox"
    inbox.mkdir(parents=True)
    first = written(inbox / "return.xml", xml(PEOPLE))
    collect(xml(PEOPLE, ethnicity="WIRI"), inbox / "export")
    written(inbox / "others.xml", xml(PEOPLE, first=PEOPLE))
    for path in (first, inbox / "export", inbox / "others.xml"):
        ingest([path], workspace)
    done = door.forget(workspace, CHILD["upn"])
    assert "inbox/return.xml" in done.copies
    assert "inbox/others.xml" not in done.copies
    holding = {
        str(path.relative_to(workspace.workspace))
        for path in inbox.rglob("*")
        if path.is_file() and CHILD["upn"].encode() in path.read_bytes()
    }
    assert len(holding) > 1
    assert holding <= set(done.copies)
    assert all((workspace.workspace / path).is_file() for path in done.copies)
