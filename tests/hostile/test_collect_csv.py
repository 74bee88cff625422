"""COLLECT CSV exports made to mislead: torn rows, swapped tables, keys that lead nowhere."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from pipelines.settings import Settings
from tests.hostile.outcome import Landed, Outcome, assert_told, landed_rows
from tests.hostile.returns import (
    Rows,
    cells_of,
    collect_files,
    collect_tables,
    csv_bytes,
    zip_bytes,
)

Attack = Callable[..., Outcome]
Files = dict[str, bytes]
PREFIX = "Blade-Export_02-02-2026_"
PEOPLE = 3


def export() -> Files:
    return collect_files(collect_tables(PEOPLE))


# Made once: the bytes of a zip hold the time at which they were made.
SOUND = zip_bytes(export())


def name_of(table: str) -> str:
    return f"{PREFIX}{table}.csv"


@pytest.fixture
def sound(landed_soundly: Callable[[bytes], Landed]) -> Landed:
    """The same export without a fault."""
    return landed_soundly(SOUND)


# ---- the same export, written otherwise --------------------------------------------------------

Rewrite = Callable[[Files], Files]


def each(change: Callable[[bytes], bytes]) -> Rewrite:
    return lambda files: {name: change(raw) for name, raw in files.items()}


def quoted(raw: bytes) -> bytes:
    lines = raw.decode().splitlines()
    return "\r\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in lines).encode()


def reversed_columns(raw: bytes) -> bytes:
    lines = raw.decode().splitlines()
    return "\r\n".join(",".join(reversed(line.split(","))) for line in lines).encode()


WRITTEN_OTHERWISE: dict[str, Rewrite] = {
    "names that lie": lambda files: {f"{n}.txt.csv": raw for n, raw in enumerate(files.values())},
    "swapped names": lambda files: dict(zip(files, reversed(list(files.values())), strict=True)),
    "line feeds": each(lambda raw: raw.replace(b"\r\n", b"\n")),
    "a byte-order mark": each(lambda raw: b"\xef\xbb\xbf" + raw),
    "blank lines at the end": each(lambda raw: raw + b"\r\n\r\n"),
    "no line end at the end": each(bytes.rstrip),
    "every cell quoted": each(quoted),
    "columns in another order": each(reversed_columns),
    "headers in capitals": each(
        lambda raw: raw.split(b"\r\n", 1)[0].upper() + b"\r\n" + raw.split(b"\r\n", 1)[1]
    ),
}


@pytest.mark.parametrize("name", WRITTEN_OTHERWISE)
def test_the_same_export_written_otherwise_lands_the_same_rows(
    attack: Attack, workspace: Settings, sound: Landed, name: str
) -> None:
    outcome = attack(zip_bytes(WRITTEN_OTHERWISE[name](export())), "export.zip")
    assert outcome.is_landed, outcome.words
    assert landed_rows(workspace) == sound.rows


def test_a_folder_and_a_zip_land_the_same_rows(
    attack: Attack, workspace: Settings, sound: Landed
) -> None:
    assert attack(export(), "folder").is_landed
    assert landed_rows(workspace) == sound.rows


# ---- one table spoiled -------------------------------------------------------------------------

Spoil = Callable[[bytes], bytes]


def line(number: int, change: Spoil) -> Spoil:
    """Change one line of a file, counted from 0 for the header."""

    def changed(raw: bytes) -> bytes:
        lines = raw.split(b"\r\n")
        lines[number] = change(lines[number])
        return b"\r\n".join(lines)

    return changed


SPOILED: dict[str, tuple[str, Spoil]] = {
    "a row too short": ("requests", line(2, lambda row: row.rsplit(b",", 1)[0])),
    "a row too long": ("requests", line(2, lambda row: row + b",9")),
    "a NUL": ("requests", line(2, lambda row: row.replace(b"Y", b"\0"))),
    "a NUL in a name": ("person", line(2, lambda row: row.replace(b"MARKED", b"MAR\0KED", 1))),
    "a quotation mark left open": (
        "person",
        line(2, lambda row: row.replace(b"MARK", b'"MARK', 1)),
    ),
    "a quotation mark inside": ("person", line(2, lambda row: row.replace(b"RKED", b'RK"ED', 1))),
    "a comma in a name": ("person", line(2, lambda row: row.replace(b"RKED", b"RK,ED", 1))),
    "semicolons in one row": ("requests", line(2, lambda row: row.replace(b",", b";"))),
    "semicolons throughout": ("requests", lambda raw: raw.replace(b",", b";")),
    "tabs throughout": ("requests", lambda raw: raw.replace(b",", b"\t")),
    "old Macintosh line ends": ("requests", lambda raw: raw.replace(b"\r\n", b"\r")),
    "UTF-16": ("person", lambda raw: raw.decode().encode("utf-16")),
    "UTF-16 without a mark": ("person", lambda raw: raw.decode().encode("utf-16-le")),
    "a column twice": ("requests", line(0, lambda row: row.replace(b"rya", b"requestoutcome"))),
    "a column without a name": ("requests", line(0, lambda row: row.replace(b"rya", b""))),
    "a column of an unknown name": ("requests", line(0, lambda row: row.replace(b"rya", b"ryx"))),
    "the header again": ("requests", lambda raw: raw + raw.split(b"\r\n", 1)[0] + b"\r\n"),
    "a totals row": ("requests", lambda raw: raw + b"Total,3" + b"," * 11 + b"\r\n"),
    "a totals row that fits": ("senneed", lambda raw: raw + b"Total,,,,,3,3\r\n"),
    "a note below": ("requests", lambda raw: raw + b"Exported on 2 February\r\n"),
    "a title above": ("requests", lambda raw: b"Requests\r\n" + raw),
    "a separator line above": ("requests", lambda raw: b"sep=,\r\n" + raw),
    "cut in a row": ("requests", lambda raw: raw[: len(raw) * 2 // 3]),
    "no rows": ("requests", lambda raw: raw.split(b"\r\n", 1)[0]),
    "nothing": ("requests", lambda raw: b""),
    "a British date": (
        "requests",
        lambda raw: raw.replace(b"2025-Feb-03 00:00:00", b"03/02/2025", 1),
    ),
    "a day that is not": ("requests", lambda raw: raw.replace(b"Feb-03", b"Feb-30", 1)),
    "a month of another tongue": (
        "requests",
        lambda raw: raw.replace(b"-Feb-", b"-F\xc3\xa9v-", 1),
    ),
    "a time of day": (
        "requests",
        lambda raw: raw.replace(b"Feb-03 00:00:00", b"Feb-03 23:59:59", 1),
    ),
    "a serial number for a date": (
        "requests",
        lambda raw: raw.replace(b"2025-Feb-03 00:00:00", b"45691", 1),
    ),
    "a UPN as a spreadsheet shows it": (
        "person",
        lambda raw: raw.replace(cells_of(1)["upn"].encode(), b"8.604E+11"),
    ),
    "a code that is none": ("senneed", lambda raw: raw.replace(b"SLCN", b"SLC", 1)),
    "a decimal comma": ("senneed", lambda raw: raw.replace(b"SLCN,1", b'SLCN,"1,0"', 1)),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_was_spoiled_is_told(
    attack: Attack, workspace: Settings, sound: Landed, name: str
) -> None:
    table, spoil = SPOILED[name]
    files = export()
    before = files[name_of(table)]
    files[name_of(table)] = spoil(before)
    assert files[name_of(table)] != before
    assert_told(attack(zip_bytes(files), "export.zip"), workspace, sound)


# ---- tables and keys that do not fit together --------------------------------------------------

Tables = dict[str, Rows]


def changed(tables: Tables, table: str, number: int, **cells: str) -> Tables:
    tables[table][number] |= cells
    return tables


def rows_swapped(tables: Tables) -> Tables:
    """The requests' rows below the header of persons: as many columns, other meaning."""
    persons, requests = tables["person"], tables["requests"]
    tables["person"] = [
        dict(zip(person, [*request.values(), *[""] * 9], strict=False))
        for person, request in zip(persons, requests, strict=True)
    ]
    return tables


MISFITS: dict[str, Callable[[Tables], Tables]] = {
    "no persons": lambda t: {name: rows for name, rows in t.items() if name != "person"},
    "no header table": lambda t: {name: rows for name, rows in t.items() if name != "sen2"},
    "no requests": lambda t: {name: rows for name, rows in t.items() if name != "requests"},
    "a parent that is not there": lambda t: changed(t, "requests", 1, persontableid="99"),
    "no parent": lambda t: changed(t, "requests", 1, persontableid=""),
    "a key twice": lambda t: changed(t, "person", 1, persontableid="1"),
    "no key": lambda t: changed(t, "person", 1, persontableid=""),
    "a key with a point": lambda t: changed(t, "person", 1, persontableid="2.0"),
    "a key in words": lambda t: changed(t, "person", 1, persontableid="two"),
    "rows of requests under persons": rows_swapped,
    "two headers": lambda t: t | {"sen2": [*t["sen2"], t["sen2"][0] | {"sen2tableid": "2"}]},
    "two assessments of one request": lambda t: changed(t, "assessment", 1, requeststableid="1"),
    "another year": lambda t: changed(t, "sen2", 0, year="2019"),
    "another authority": lambda t: changed(t, "sen2", 0, lea="861"),
    "another collection": lambda t: changed(t, "sen2", 0, collection="CIN"),
    "no year": lambda t: changed(t, "sen2", 0, year=""),
}


@pytest.mark.parametrize("name", MISFITS)
def test_tables_that_do_not_fit_together_are_told(
    attack: Attack, workspace: Settings, sound: Landed, name: str
) -> None:
    files = collect_files(MISFITS[name](copy.deepcopy(collect_tables(PEOPLE))))
    assert_told(attack(zip_bytes(files), "export.zip"), workspace, sound)


def test_two_files_of_one_table_are_not_read_as_one_of_them(attack: Attack, sound: Landed) -> None:
    files = export()
    twice = collect_tables(PEOPLE + 2)["person"][PEOPLE:]
    outcome = attack(zip_bytes(files | {"more.csv": csv_bytes(twice)}), "export.zip")
    assert not outcome.is_landed or outcome.told != sound.outcome.told


def test_one_table_alone_is_no_return(attack: Attack) -> None:
    outcome = attack(export()[name_of("person")], "person.csv")
    assert not outcome.is_landed


def test_without_its_header_a_file_of_persons_is_refused_without_its_cells(attack: Attack) -> None:
    """The first row would pass for the names of columns, and those are named in a refusal."""
    _, rows = export()[name_of("person")].split(b"\r\n", 1)
    assert not attack(rows, "person.csv").is_landed


# ---- cells that a spreadsheet would run --------------------------------------------------------

FORMULAS = (
    "=cmd|'/c calc'!A1",
    "+1+cmd|'/c calc'!A1",
    "-2+3+cmd|'/c calc'!A1",
    "@SUM(1+1)*cmd|'/c calc'!A1",
    '=HYPERLINK("http://127.0.0.1:9/";"a")',
    "\t=1+1",
    "\r=1+1",
)


@pytest.mark.parametrize("number", range(len(FORMULAS)))
def test_a_formula_in_a_cell_is_text_and_goes_no_further(
    attack: Attack, workspace: Settings, number: int
) -> None:
    formula = FORMULAS[number]
    tables = collect_tables(PEOPLE)
    tables["person"][0]["surname"] = formula
    tables["plandetail"][0]["sensettingother"] = formula
    tables["senneed"][0]["sentype"] = formula
    outcome = attack(zip_bytes(collect_files(tables)), "export.zip")
    assert formula.strip() not in outcome.words
    assert "1+1" not in str(landed_rows(workspace))
    assert "calc" not in str(landed_rows(workspace))
    assert outcome.total("row_count_in") == sum(map(len, tables.values())) or not outcome.is_landed


# ---- a child's cell in a column that is meant to leave -----------------------------------------

LEAVING = {
    "person": ("sex", "ethnicity", "upnunknown"),
    "requests": ("requestsource", "requestoutcome", "exported", "rya", "receiveddate"),
    "assessment": ("assessmentoutcome", "week20"),
    "namedplan": ("planres", "planwbp", "dp", "ceasereason", "startdate"),
    "plandetail": ("urn", "ukprn", "sensetting", "placementrank"),
    "activeplans": ("transferla", "reviewoutcome", "reviewmeeting"),
    "placementdetail": ("urn", "ukprn", "sensetting", "res", "wbp", "entrydate"),
    "senneed": ("sentype", "sentyperank"),
}
PLACES = [(table, column) for table, columns in LEAVING.items() for column in columns]


@pytest.mark.parametrize(("table", "column"), PLACES, ids=[f"{t}.{c}" for t, c in PLACES])
def test_a_name_in_the_wrong_column_does_not_leave(attack: Attack, table: str, column: str) -> None:
    """As when a paste is one column off; `attack` looks for the marks wherever they may not be."""
    tables = collect_tables(PEOPLE)
    assert column in tables[table][0]
    tables[table][0][column] = cells_of(1)["surname"]
    attack(zip_bytes(collect_files(tables)), "export.zip")


def test_a_person_table_that_is_one_column_off_does_not_leave(attack: Attack) -> None:
    tables = collect_tables(PEOPLE)
    for row in tables["person"]:
        names = list(row)[5:]
        cells = [row[name] for name in names]
        row |= dict(zip(names, ["", *cells[:-1]], strict=True))
    attack(zip_bytes(collect_files(tables)), "export.zip")
