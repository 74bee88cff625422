"""A school census through the door: linked, pseudonymised, free school meals on the census day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.ingest.door import ingest
from pipelines.settings import Settings

Rows = list[dict[str, Any]]
IDS = "{0}tableid,NativeId,{0}orderseqcolumn,sourceid"
SCHOOLS = (
    "schoolcensustableid,NativeId,schoolcensusorderseqcolumn,sourceid,term,year,referencedate,"
    "lea,estab,urn\n"
    "11,1,1,1,SPR,2026,2026-Jan-15 00:00:00,860,4001,124001\n"
    "12,2,2,2,SPR,2026,2026-Jan-15 00:00:00,860,4002,124002\n"
)
# Their numbers do not begin at 1 and are not in order of the schools.
PUPILS = (
    "pupilonrolltableid,NativeId,pupilonrollorderseqcolumn,sourceid,schoolcensustableid,upn,"
    "surname,forename,dob,gender,ethnicity,enrolstatus,entrydate,ncyearactual,senprovision,"
    "senunitindicator,topupfunding\n"
    "701,1,1,2,12,L999400122101,Qsur1,Qfore1,2018-May-11 00:00:00,M,WBRI,M,"
    "2022-Sep-05 00:00:00,2,E,1,1\n"
    "702,2,2,1,11,L999400122101,Qsur1,Qfore1,2018-May-11 00:00:00,M,WBRI,S,"
    "2022-Sep-05 00:00:00,2,E,0,\n"
    "703,3,3,1,11,Z999400119045,Qsur2,Qfore2,2012-Nov-23 00:00:00,F,AIND,C,"
    "2026-Jan-16 00:00:00,8,K,0,0\n"
    "704,4,4,1,11,,Qsur3,Qfore3,2012-Nov-24 00:00:00,F,Q free text,Z,"
    "2024-Sep-02 00:00:00,99,X,maybe,0\n"
)
PERIODS = (
    "fsmperiodtableid,NativeId,fsmperiodorderseqcolumn,sourceid,pupilonrolltableid,"
    "fsmstartdate,fsmenddate\n"
    "1,1,1,1,701,2024-Sep-01 00:00:00,2026-Jan-15 00:00:00\n"
    "2,2,2,1,703,2024-Sep-01 00:00:00,2026-Jan-14 00:00:00\n"
    "3,3,3,1,704,2026-Jan-15 00:00:00,\n"
)
NEEDS = (
    "senneedstableid,NativeId,senneedsorderseqcolumn,sourceid,pupilonrolltableid,sentyperank,"
    "sentype\n1,1,1,1,701,1,ASD\n2,2,2,1,701,2,SLCN\n3,3,3,1,999,1,MLD\n"
)


@pytest.fixture
def take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Rows]]:
    """Ingest a census given by table; gives every landing table's rows."""
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    settings = Settings(workspace=tmp_path / "workspace")

    def run(**tables: str) -> dict[str, Rows]:
        folder = tmp_path / "census"
        folder.mkdir(exist_ok=True)
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        ingest([folder], settings)
        found: dict[str, Rows] = {}
        for path in sorted(settings.landing.glob("*/*.parquet")):
            found.setdefault(path.parent.name, []).extend(pq.read_table(path).to_pylist())
        return {
            name: sorted(rows, key=lambda row: row.get("row_number") or 0)
            for name, rows in found.items()
        }

    return run


def test_a_census_lands_with_both_registrations_of_a_child(
    take: Callable[..., dict[str, Rows]],
) -> None:
    landed = take(a=SCHOOLS, b=PUPILS, c=PERIODS, d=NEEDS)
    pupils = landed["census_pupil"]
    assert [(row["school_record"], row["enrolment_status"]) for row in pupils] == [
        *((2, "M"), (1, "S")),
        *((1, "C"), (1, None)),
    ]
    assert pupils[0]["pseudonym"] == pupils[1]["pseudonym"]
    assert len({row["pseudonym"] for row in pupils}) == 3
    assert [row["sex"] for row in pupils] == ["M", "M", "F", "F"]
    assert pupils[0]["birth_month"] == "2018-05"
    assert [row["is_sen_unit"] for row in pupils] == [True, False, False, None]
    schools = landed["census_school"]
    assert [(row["urn"], row["census_term"], row["census_year"]) for row in schools] == [
        ("124001", "SPR", 2026),
        ("124002", "SPR", 2026),
    ]


def test_free_school_meals_are_those_of_the_census_day(
    take: Callable[..., dict[str, Rows]],
) -> None:
    """Both ends count; the second registration has no period of its own."""
    pupils = take(a=SCHOOLS, b=PUPILS, c=PERIODS, d=NEEDS)["census_pupil"]
    assert [row["is_fsm_eligible"] for row in pupils] == [True, False, False, True]


def test_without_the_table_of_periods_nobody_is_said_to_pay(
    take: Callable[..., dict[str, Rows]],
) -> None:
    pupils = take(a=SCHOOLS, b=PUPILS, d=NEEDS)["census_pupil"]
    assert [row["is_fsm_eligible"] for row in pupils] == [None] * 4


def test_needs_follow_their_pupil_and_one_of_nobody_is_put_aside(
    take: Callable[..., dict[str, Rows]],
) -> None:
    landed = take(a=SCHOOLS, b=PUPILS, c=PERIODS, d=NEEDS)
    needs = landed["census_sen_need"]
    assert [(row["pupil_record"], row["sen_type"], row["sen_type_rank"]) for row in needs] == [
        (1, "ASD", "1"),
        (1, "SLCN", "2"),
    ]
    assert [row["row_number"] for row in landed["quarantined_row"]] == [4]
    received = {row["dataset"]: row for row in landed["received_file"]}
    assert received["sen_need"]["row_count_in"] == 3
    assert received["sen_need"]["row_count_quarantined"] == 1


def test_what_is_no_code_does_not_leave_the_door(take: Callable[..., dict[str, Rows]]) -> None:
    landed = take(a=SCHOOLS, b=PUPILS, c=PERIODS, d=NEEDS)
    odd = landed["census_pupil"][3]
    assert (odd["ethnicity"], odd["nc_year"], odd["sen_provision"]) == (None, None, None)
    for mark in ("Qsur", "Qfore", "free text", "L999400122101", "2018-05-11", "maybe"):
        assert mark not in repr(landed)


def test_the_rules_name_the_pupil_by_counting(take: Callable[..., dict[str, Rows]]) -> None:
    found = take(a=SCHOOLS, b=PUPILS, c=PERIODS, d=NEEDS)["record_finding"]
    told = {(row["rule"], row["record_key"]) for row in found}
    assert ("SC-1880", "school 1, pupil 3") in told
    assert ("SC-1500", "school 1, pupil 4") in told
    # M counts and S does not: the child counts once, and nobody need be asked.
    assert not [rule for rule, _ in told if rule in ("SC-1520", "SCX-01")]


def test_two_censuses_in_one_folder_are_told_apart_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "both"
    folder.mkdir()
    summer = SCHOOLS.replace("Jan-15", "May-21").replace("SPR", "SUM")
    texts = {"a": SCHOOLS, "b": PUPILS, "c": summer, "d": PUPILS + "\n"}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    receipts = ingest([folder], Settings(workspace=tmp_path / "workspace"))
    assert [receipt.status for receipt in receipts] == ["refused"]
    (told,) = receipts[0].findings
    assert "folder or zip of their own" in told.remedy
