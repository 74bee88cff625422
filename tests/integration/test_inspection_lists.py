"""`send inspection-lists`: both lists from what is kept sealed, for whoever holds the keys."""

from __future__ import annotations

import csv
import json
import stat
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import InputError
from pipelines.ingest.door import ingest
from pipelines.ingest.inspection import guarded, write_lists
from pipelines.ingest.sen2.xml import read_xml
from pipelines.ingest.setting import Asked
from pipelines.ingest.words import counted
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT, Settings
from tests.unit.ingest.sen2.returns import workbook_of

RETURN = PROJECT_ROOT / "tests" / "fixtures" / "sen2_example_2026.xml"
LIST_1, LIST_2 = "list_1_plans.csv", "list_2_sen_support.csv"
CENSUS = {
    "schoolcensus": (
        "schoolcensustableid,NativeId,schoolcensusorderseqcolumn,sourceid,term,year,"
        "referencedate,lea,estab,urn\n"
        "1,1,1,1,SPR,2026,2026-Jan-15 00:00:00,999,4001,900001\n"
        "2,2,2,2,SPR,2026,2026-Jan-15 00:00:00,999,4002,900003\n"
    ),
    "school": (
        "schooltableid,NativeId,schoolorderseqcolumn,sourceid,schoolcensustableid,phase\n"
        "1,1,1,1,1,PS\n2,2,2,2,2,SS\n"
    ),
    # A child with a plan (Alder), one with support at two schools, one with neither.
    "pupilonroll": (
        "pupilonrolltableid,NativeId,pupilonrollorderseqcolumn,sourceid,schoolcensustableid,upn,"
        "surname,forename,dob,sex,ethnicity,enrolstatus,ncyearactual,senprovision\n"
        "1,1,1,1,1,L999400122101,Alder,Robin,2018-May-11 00:00:00,M,WBRI,C,2,K\n"
        "2,2,2,1,1,Z999400119045,=HYPERLINK,Asha,2012-Nov-23 00:00:00,F,AIND,S,8,K\n"
        "3,3,3,1,1,,+Quill,Sam,2014-Mar-03 00:00:00,M,WBRI,M,7,K\n"
        "4,4,4,2,2,R999400125310,Cedar,Tomasz,2016-Feb-02 00:00:00,M,WOTH,C,5,N\n"
    ),
    "senneeds": (
        "senneedstableid,NativeId,senneedsorderseqcolumn,sourceid,pupilonrolltableid,sentyperank,"
        "sentype\n1,1,1,1,3,1,SEMH\n"
    ),
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A workspace that holds the example return and a small census."""
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    folder = tmp_path / "census"
    folder.mkdir()
    for name, text in CENSUS.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    ingest([RETURN, folder], settings)
    return settings


def of_autumn(day: str) -> dict[str, str]:
    """The census of a term that says neither needs nor ethnicity; Quill has a number by then."""
    tables = {
        name: text.replace("2026-Jan-15", day).replace("SPR,2026", f"AUT,{day[:4]}")
        for name, text in CENSUS.items()
        if name != "senneeds"
    }
    pupils = tables["pupilonroll"].replace(",WBRI,", ",,").replace(",WOTH,", ",,")
    # Cedar has support by then.
    tables["pupilonroll"] = pupils.replace(",5,N", ",6,K")
    return tables


def of_day(day: str) -> str:
    """The return as it stood on another day: Elm's plan ended in summer."""
    text = RETURN.read_text(encoding="utf-8").replace("2026-01-15", day)
    head, elm = text.split("<UPN>U99940012410A</UPN>")
    ended = "<PB>0</PB><CeaseDate>2026-07-20</CeaseDate><CeaseReason>9</CeaseReason>"
    return f"{head}<UPN>U99940012410A</UPN>{elm.replace('<PB>0</PB>', ended, 1)}"


def keep(settings: Settings, folder: Path, files: dict[str, str], **asked: Any) -> None:
    """Take in more files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    ingest([folder], settings, asked=Asked(**asked) if asked else None)


def csv_names(tables: dict[str, str]) -> dict[str, str]:
    return {f"{name}.csv": text for name, text in tables.items()}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def test_the_lists_hold_who_belongs_on_them(workspace: Settings, tmp_path: Path) -> None:
    out = tmp_path / "lists"
    made = write_lists(workspace, out)
    plans, support = table(out / LIST_1), table(out / LIST_2)
    assert [row["initial_plan_date"] for row in plans] == [
        *("2025-06-20", "2025-07-30"),
        *("2021-05-04", "2025-02-11"),
    ]
    assert plans[2]["last_review_date"] == "2025-10-28"
    assert [row["primary_need"] for row in plans] == ["SLCN", "PMLD", "SEMH", "ASD"]
    # Alder and Birch have plans; Cedar has no support: one child is left.
    assert [(row["birth_date"], row["primary_need"], row["main_urn"]) for row in support] == [
        ("2014-03-03", "SEMH", "900001")
    ]
    assert made.row_counts == {LIST_1: 4, LIST_2: 1}


def test_the_roll_fills_what_the_return_leaves_empty(workspace: Settings, tmp_path: Path) -> None:
    write_lists(workspace, tmp_path / "lists")
    plans = table(tmp_path / "lists" / LIST_1)
    assert plans[0]["main_phase"] == "Primary"
    # Birch's subsidiary registration is known from the roll only.
    assert plans[1]["subsidiary_phase"] == "Primary"


@pytest.mark.parametrize(("day", "census"), [("2025-Jan-16", "2025-01"), ("2024-Oct-03", None)])
def test_a_census_of_long_ago_fills_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, census: str | None
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    folder = tmp_path / "census"
    folder.mkdir()
    for name, text in CENSUS.items():
        older = text.replace("2026-Jan-15", day).replace("SPR,2026", f"SPR,{day[:4]}")
        (folder / f"{name}.csv").write_text(older, encoding="utf-8")
    ingest([RETURN, folder], settings)
    made = write_lists(settings, tmp_path / "lists")
    assert made.census == census
    assert made.row_counts == {LIST_1: 4, LIST_2: 0 if census is None else 1}


def test_needs_and_ethnicity_are_those_of_january_when_a_later_census_is_the_newest(
    workspace: Settings, tmp_path: Path
) -> None:
    january = csv_names(CENSUS)
    january["senneeds.csv"] += "2,2,2,2,4,1,SLCN\n"
    keep(workspace, tmp_path / "restated", january)
    keep(workspace, tmp_path / "autumn", csv_names(of_autumn("2026-Oct-01")))
    made = write_lists(workspace, tmp_path / "lists")
    assert (made.census, made.needs_census) == ("2026-10", "2026-01")
    told = [
        (row["upn"], row["primary_need"], row["ethnicity"])
        for row in table(tmp_path / "lists" / LIST_2)
    ]
    # Quill has no number by which January's need could be found.
    assert told == [("", "", ""), ("R999400125310", "SLCN", "WOTH")]
    found = table(tmp_path / "lists" / "findings.csv")
    assert [row["row_number"] for row in found if row["rule"] == "AXA-201d"] == ["2"]
    assert "primary_need" not in made.not_held[LIST_2]


def test_without_a_census_of_january_the_needs_are_said_to_be_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("SEND_COUNCIL", "999")
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    files = csv_names(of_autumn("2025-Oct-02")) | {"return.xml": RETURN.read_text(encoding="utf-8")}
    keep(settings, tmp_path / "all", files)
    done = run_send(settings.workspace, "inspection-lists", "--out", str(tmp_path / "lists"))
    assert "Only the January census says needs and ethnicity" in done.stderr
    (empty,) = [line for line in done.stderr.splitlines() if line.startswith(f"{LIST_2}: not held")]
    assert {"primary_need", "ethnicity"} <= set(empty.split(": ")[2].split(", "))
    assert table(tmp_path / "lists" / LIST_2)


def test_the_newest_extract_is_what_the_lists_are_made_from(
    workspace: Settings,
    tmp_path: Path,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SEND_COUNCIL", "999")
    # Of one month, the later day counts and not the later arrival.
    for day in ("2026-09-30", "2026-09-10"):
        keep(workspace, tmp_path / day, {"extract.xml": of_day(day)})
    made = write_lists(workspace, tmp_path / "lists")
    assert made.on == date(2026, 9, 30)
    starts = [row["initial_plan_date"] for row in table(tmp_path / "lists" / LIST_1)]
    assert starts == ["2025-06-20", "2025-07-30", "2025-02-11"]
    done = run_send(workspace.workspace, "inspection-lists", "--out", str(tmp_path / "again"))
    assert "The lists describe 30 September 2026" in done.stderr
    of_january = write_lists(workspace, tmp_path / "january", 2026)
    assert of_january.on == date(2026, 1, 15)
    assert of_january.row_counts[LIST_1] == 4


AMENDED = (
    "la_code,upn,uln,surname,forename,birth_date,review_meeting_date,amended_plan_date,"
    "reference_date\n"
    "999,L999400122101,,,,,2025-09-01,2025-10-20,2026-03-31\n"
    "999,L999400122101,,,,,2024-09-01,2024-10-20,2026-03-31\n"
    "999,Z999400119045,,,,,2025-12-01,2026-02-20,2026-03-31\n"
    "999,Z999400119045,,,,,2025-03-03,2025-05-12,2026-03-31\n"
    "999,U99940012410A,,,,,2025-09-18,2025-11-01,2026-03-31\n"
)


def test_an_updated_plan_is_one_amended_after_a_review_or_for_a_transfer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    due = "<PhaseTransferDueDate>2026-03-31</PhaseTransferDueDate>"
    final = "<PhaseTransferFinalDate>2026-01-12</PhaseTransferFinalDate>"
    text = RETURN.read_text(encoding="utf-8").replace(due, due + final)
    keep(settings, tmp_path / "all", {"return.xml": text, "amended.csv": AMENDED})
    made = write_lists(settings, tmp_path / "lists")
    updated = [row["updated_plan_date"] for row in table(tmp_path / "lists" / LIST_1)]
    # Alder's is of a review of this plan; of Birch's, one came after the day of the lists and one
    # was of a plan before this one; Elm's is the later of the return's and the file's.
    assert updated == ["2025-10-20", "", "2026-01-12", ""]
    assert "updated_plan_date" not in made.not_held[LIST_1]


@pytest.mark.parametrize(
    ("final", "rule"), [("2026-02-12", "AXA-105c"), ("2020-02-12", "AXA-106a")]
)
def test_an_updated_plan_of_an_impossible_day_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, final: str, rule: str
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    due = "<PhaseTransferDueDate>2026-03-31</PhaseTransferDueDate>"
    dated = f"<PhaseTransferFinalDate>{final}</PhaseTransferFinalDate>"
    text = RETURN.read_text(encoding="utf-8").replace(due, due + dated)
    keep(settings, tmp_path / "all", {"return.xml": text})
    write_lists(settings, tmp_path / "lists")
    found = table(tmp_path / "lists" / "findings.csv")
    assert [row["row_number"] for row in found if row["rule"] == rule] == ["4"]


def test_columns_that_nobody_carries_are_named(workspace: Settings, tmp_path: Path) -> None:
    made = write_lists(workspace, tmp_path / "lists")
    assert {"suspensions", "absence", "disability", "case_worker"} <= set(made.not_held[LIST_1])
    assert all(not row["absence"] for row in table(tmp_path / "lists" / LIST_1))


def test_the_sector_rules_are_run_over_the_lists(workspace: Settings, tmp_path: Path) -> None:
    write_lists(workspace, tmp_path / "lists")
    found = table(tmp_path / "lists" / "findings.csv")
    assert [(row["list"], row["rule"], row["row_number"]) for row in found] == [
        # Fir moved in and waits for a placement; the pupil with support has no number.
        (LIST_1, "AXA-108a", "5"),
        (LIST_2, "AXA-207", "2"),
    ]


def test_only_the_owner_may_read_the_files(workspace: Settings, tmp_path: Path) -> None:
    out = tmp_path / "lists"
    write_lists(workspace, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()}
    assert modes == {0o600}


def test_the_log_says_who_and_how_many_and_names_no_child(
    workspace: Settings, tmp_path: Path
) -> None:
    write_lists(workspace, tmp_path / "lists")
    text = (workspace.workspace / "log" / "inspection_lists.jsonl").read_text(encoding="utf-8")
    line = json.loads(text)
    assert line["rows"] == {LIST_1: 4, LIST_2: 1}
    assert line["user"]
    assert len(line["file_ids"]) == 2
    for mark in ("L999400122101", "2018-05-11", "Alder", "Quill"):
        assert mark not in text


def test_a_return_without_a_header_is_of_the_year_that_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    with RETURN.open("rb") as stream:
        workbook = workbook_of(read_xml(stream, sen2(PROJECT_ROOT)), 2026)
    path = tmp_path / "presubmission.xlsx"
    path.write_bytes(workbook)
    ingest([path], settings, asked=Asked(return_year=2026))
    assert write_lists(settings, tmp_path / "lists").row_counts == {LIST_1: 4, LIST_2: 0}


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@here", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded(f"a{cell}") == f"a{cell}"


def test_without_the_keys_there_are_no_lists(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "other keys"))
    with pytest.raises(InputError):
        write_lists(workspace, tmp_path / "lists")
    assert not (tmp_path / "lists").exists()


def test_without_a_return_there_are_no_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    with pytest.raises(InputError, match="no SEN2 return of 2025 is held"):
        write_lists(Settings(workspace=tmp_path / "empty"), tmp_path / "lists", 2025)


def test_the_lists_do_not_lie_in_the_workspace_and_replace_nothing(
    workspace: Settings, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="may not lie in the workspace"):
        write_lists(workspace, workspace.workspace / "lists")
    write_lists(workspace, tmp_path / "lists")
    with pytest.raises(InputError, match="already"):
        write_lists(workspace, tmp_path / "lists")


def test_no_page_knows_of_the_lists() -> None:
    pages = list((PROJECT_ROOT / "dashboards").rglob("*.py"))
    assert len(pages) > 10
    assert not [path.name for path in pages if "inspection" in path.read_text(encoding="utf-8")]


def test_numbers_agree_with_their_nouns(
    workspace: Settings,
    tmp_path: Path,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SEND_COUNCIL", "999")
    out = tmp_path / "lists"
    done = run_send(workspace.workspace, "inspection-lists", "--out", str(out))
    made = write_lists(workspace, tmp_path / "again")
    noun = "finding" if made.finding_count == 1 else "findings"
    assert f"Rules: {made.finding_count} {noun} in {made.findings_file}" in done.stderr
    assert f"{LIST_2}: {counted(made.row_counts[LIST_2], 'row')}" in done.stderr
