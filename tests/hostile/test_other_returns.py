"""The school census and the council's own returns, spoiled as spreadsheets and hands spoil them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pipelines.settings import Settings
from tests.hostile.other_returns import census_files, census_tables, early_support
from tests.hostile.outcome import Landed, Outcome, assert_told, landed_rows
from tests.hostile.returns import FREE_TEXT, cells_of, csv_bytes, zip_bytes

Attack = Callable[..., Outcome]
Soundly = Callable[[bytes], Landed]
Spoil = Callable[[bytes], bytes]
CHILDREN = 3


def census_with(table: str, spoil: Spoil) -> bytes:
    files = census_files(census_tables(CHILDREN))
    name = f"Census_SPR_{table}.csv"
    spoiled = spoil(files[name])
    assert spoiled != files[name]
    return zip_bytes(files | {name: spoiled})


def council_with(spoil: Spoil) -> bytes:
    sound = csv_bytes(early_support(CHILDREN))
    assert spoil(sound) != sound
    return spoil(sound)


# Made once: the bytes of a zip hold the time at which they were made.
SOUND = {
    "census": zip_bytes(census_files(census_tables(CHILDREN))),
    "council": csv_bytes(early_support(CHILDREN)),
}


def first(old: bytes, new: bytes) -> Spoil:
    return lambda raw: raw.replace(old, new, 1)


# What hands and spreadsheets do to any CSV.
OF_ANY_CSV: dict[str, Spoil] = {
    "a row too long": lambda raw: raw.rstrip() + b",9\r\n",
    "a row too short": lambda raw: raw.rstrip().rsplit(b",", 1)[0] + b"\r\n",
    "a NUL": first(b"MARKEDSURNAME2", b"MARKED\0NAME2"),
    "an open quotation mark": first(b"MARKEDSURNAME2", b'"MARKEDSURNAME2'),
    "a comma in a name": first(b"MARKEDSURNAME2", b"MARKED,SURNAME2"),
    "semicolons": lambda raw: raw.replace(b",", b";"),
    "tabs": lambda raw: raw.replace(b",", b"\t"),
    "semicolons in one row": lambda raw: (
        raw.rstrip() + b"\r\n" + raw.split()[-1].replace(b",", b";")
    ),
    "a totals row": lambda raw: raw + b"Total" + b"," * raw.split(b"\r\n")[0].count(b",") + b"\r\n",
    "a totals row of another width": lambda raw: raw + b"Total,3\r\n",
    "a note below": lambda raw: raw + b"Confidential\r\n",
    "a title above": lambda raw: b"Report of 2 February\r\n" + raw,
    "the header again": lambda raw: raw + raw.split(b"\r\n")[0] + b"\r\n",
    "a row twice": lambda raw: raw + raw.rstrip().split(b"\r\n")[-1] + b"\r\n",
    "a column twice": lambda raw: raw.replace(b"forename", b"surname", 1),
    "cut in a row": lambda raw: raw[: len(raw) * 3 // 4],
    "UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda raw: raw.decode().encode("utf-16-le"),
    "old Macintosh line ends": lambda raw: raw.replace(b"\r\n", b"\r"),
    "no header": lambda raw: raw.split(b"\r\n", 1)[1],
    "a UPN as a spreadsheet shows it": first(cells_of(2)["upn"].encode(), b"8.604E+11"),
    "names in another encoding": first(b"MARKEDSURNAME2", "MARKEDSURNAME2\u00c9".encode("cp1252")),
}


@pytest.mark.parametrize("name", OF_ANY_CSV)
@pytest.mark.parametrize("kind", SOUND)
def test_what_was_spoiled_is_told(
    attack: Attack, workspace: Settings, landed_soundly: Soundly, kind: str, name: str
) -> None:
    spoil = OF_ANY_CSV[name]
    raw = census_with("pupilonroll", spoil) if kind == "census" else council_with(spoil)
    assert_told(attack(raw, "spoiled.bin"), workspace, landed_soundly(SOUND[kind]))


OF_THE_CENSUS: dict[str, tuple[str, Spoil]] = {
    "another authority": ("schoolcensus", first(b",860,", b",861,")),
    "another year": ("schoolcensus", first(b",2026,", b",2062,")),
    "another term": ("schoolcensus", first(b"SPR", b"WIN")),
    "another day": ("schoolcensus", first(b"2026-Jan-15", b"2026-Feb-15")),
    "no school": ("schoolcensus", lambda raw: raw.split(b"\r\n", 1)[0] + b"\r\n"),
    "a pupil of no school": ("pupilonroll", first(b"2,2,2,1,1,", b"2,2,2,1,9,")),
    "a need of no pupil": ("senneeds", first(b"2,2,2,1,2,", b"2,2,2,1,9,")),
    "a pupil twice": ("pupilonroll", first(b"2,2,2,1,1,", b"1,2,2,1,1,")),
    "a need that is none": ("senneeds", first(b"ASD", b"ADS")),
    "a British date": ("pupilonroll", first(b"2023-Sep-04 00:00:00", b"04/09/2023")),
}


@pytest.mark.parametrize("name", OF_THE_CENSUS)
def test_a_spoiled_census_is_told(
    attack: Attack, workspace: Settings, landed_soundly: Soundly, name: str
) -> None:
    outcome = attack(census_with(*OF_THE_CENSUS[name]), "census.zip")
    assert_told(outcome, workspace, landed_soundly(SOUND["census"]))


OF_THE_COUNCIL: dict[str, Spoil] = {
    "another authority": lambda raw: raw.replace(b"860,", b"861,"),
    "an authority in words": lambda raw: raw.replace(b"860,", b"Staffordshire,"),
    "no child": lambda raw: re.sub(rb"860,[^,]*,,[^,]*,[^,]*,[^,]*,", b"860,,,,,,", raw, count=1),
    "a name without a birth date": lambda raw: re.sub(rb"860,[^,]*,", b"860,,", raw).replace(
        cells_of(2)["birth_date"].encode(), b""
    ),
    "a kind that is none": first(b"EAPDR", b"EAPRD"),
    "a date that may be two": first(b"2025-09-15", b"09/10/25"),
    "an American date": first(b"2025-09-15", b"09/15/2025"),
    "a day that is not": first(b"2025-09-15", b"2025-09-31"),
    "a serial number": first(b"2025-09-15", b"45915"),
    "an outcome before its referral": first(b"2025-12-12", b"2024-12-12"),
}


@pytest.mark.parametrize("name", OF_THE_COUNCIL)
def test_a_spoiled_return_of_the_council_is_told(
    attack: Attack, workspace: Settings, landed_soundly: Soundly, name: str
) -> None:
    outcome = attack(council_with(OF_THE_COUNCIL[name]), "council.csv")
    assert_told(outcome, workspace, landed_soundly(SOUND["council"]))


# ---- a child's cell in a column that is meant to leave -----------------------------------------

CENSUS_LEAVING = {
    "schoolcensus": ("estab", "urn", "term", "year", "lea"),
    "school": ("phase", "type"),
    "pupilonroll": (
        *("sex", "ethnicity", "enrolstatus", "ncyearactual", "senprovision"),
        *("senunitindicator", "topupfunding"),
    ),
    "senneeds": ("sentype", "sentyperank"),
}
PLACES = [(table, column) for table, columns in CENSUS_LEAVING.items() for column in columns]


@pytest.mark.parametrize(("table", "column"), PLACES, ids=[f"{t}.{c}" for t, c in PLACES])
def test_a_name_in_the_wrong_column_of_a_census_does_not_leave(
    attack: Attack, table: str, column: str
) -> None:
    """`attack` looks for the marks wherever they may not be."""
    tables = census_tables(CHILDREN)
    assert column in tables[table][0]
    tables[table][0][column] = cells_of(1)["surname"]
    attack(zip_bytes(census_files(tables)), "census.zip")


@pytest.mark.parametrize("column", ["la_code", "support_kind", "urn", "support_outcome"])
def test_a_name_in_the_wrong_column_of_a_return_does_not_leave(attack: Attack, column: str) -> None:
    rows = early_support(CHILDREN)
    rows[0][column] = f"{FREE_TEXT}1X"
    attack(csv_bytes(rows), "council.csv")


# ---- cells that a spreadsheet would run --------------------------------------------------------

FORMULAS = ("=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1")


@pytest.mark.parametrize("formula", FORMULAS, ids=[f"formula {n}" for n in range(len(FORMULAS))])
def test_a_formula_in_a_cell_is_text_and_goes_no_further(
    attack: Attack, workspace: Settings, formula: str
) -> None:
    rows = early_support(CHILDREN)
    rows[0] |= {"surname": formula, "support_outcome": formula, "urn": formula}
    outcome = attack(csv_bytes(rows), "council.csv")
    assert formula.strip() not in outcome.words
    assert formula.strip() not in str(landed_rows(workspace))
