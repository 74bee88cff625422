"""The school census as COLLECT exports it: tables of three terms, linked, cleaned, counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest.census import cells
from pipelines.ingest.census.marks import form_of
from pipelines.ingest.census.reader import read_census
from pipelines.ingest.modules import Modules
from pipelines.registry.census import census
from pipelines.settings import PROJECT_ROOT

KNOWN = census(PROJECT_ROOT)
Row = Mapping[str, str]
PARENTS = {
    "schoolcensus": None,
    "school": "schoolcensus",
    "pupilonroll": "schoolcensus",
    "pupilnolongeronroll": "schoolcensus",
}
SCHOOL: Row = {
    "collection": "SC",
    "term": "SPR",
    "year": "2026",
    "referencedate": "2026-Jan-15 00:00:00",
    "lea": "999",
    "estab": "4001",
    "urn": "900001",
}
PUPIL: Row = {
    "upn": "L999400122101",
    "surname": "Alder",
    "forename": "Robin",
    "dob": "2018-May-11 00:00:00",
    "sex": "M",
    "enrolstatus": "C",
    "ncyearactual": "2",
    "senprovision": "K",
    "senunitindicator": "TRUE",
    "topupfunding": "0",
}


def table(name: str, rows: Sequence[Row], parents: Sequence[int] = (), **places: str) -> bytes:
    """One table of the export: its ids, its rows' parents, and the columns of the first row."""
    parent = PARENTS.get(name, "pupilonroll")
    ids = [f"{name}tableid", "NativeId", f"{name}orderseqcolumn", "sourceid"]
    if parent:
        ids.append(f"{parent}tableid")
    columns = list(rows[0]) if rows else list(places)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*ids, *columns])
    for number, row in enumerate(rows, start=1):
        above = parents[number - 1] if parents else 1
        linked = [str(above)] if parent else []
        cells_of_row = [row[column] for column in columns]
        writer.writerow([str(number), "7", str(number), "1", *linked, *cells_of_row])
    return text.getvalue().encode()


def export(pupils: Sequence[Row] = (PUPIL,), **more: bytes) -> dict[str, bytes]:
    files = {
        "a.csv": table("schoolcensus", [SCHOOL]),
        "b.csv": table("pupilonroll", pupils),
        "c.csv": table("senneeds", [{"sentyperank": "1", "sentype": "SLCN"}]),
        "d.csv": table("addresses", [{"postcode": "ZZ99 3CZ"}]),
        "e.csv": table("fsmperiod", [{"fsmstartdate": "2024-Sep-01 00:00:00", "fsmenddate": ""}]),
    }
    return files | more


def rows(found: Modules, name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = found.tables[name].to_pylist()
    return listed


def test_a_pupil_is_linked_to_the_school_and_cleaned() -> None:
    found = read_census(export())
    (pupil,) = rows(found, "pupil_on_roll")
    assert (pupil["record"], pupil["parent"], pupil["row_number"]) == (1, 1, 2)
    assert pupil["birth_date"] == "2018-05-11"
    assert (pupil["is_sen_unit"], pupil["has_top_up_funding"]) == ("1", "0")
    assert pupil["uln"] is None
    assert rows(found, "sen_need")[0]["parent"] == 1
    assert rows(found, "fsm_period")[0]["fsm_end_date"] is None
    assert (found.family, found.form, found.findings) == ("census", "collect_csv", ())


def test_two_rows_of_one_child_at_two_schools_both_stay() -> None:
    other = {**PUPIL, "enrolstatus": "S"}
    files = export() | {
        "a.csv": table("schoolcensus", [SCHOOL, {**SCHOOL, "estab": "4002"}]),
        "b.csv": table("pupilonroll", [{**PUPIL, "enrolstatus": "M"}, other], parents=[1, 2]),
    }
    found = rows(read_census(files), "pupil_on_roll")
    assert [(row["parent"], row["enrolment_status"]) for row in found] == [(1, "M"), (2, "S")]


@pytest.mark.parametrize(
    ("term", "day", "addresses", "periods"),
    [
        ("AUT", "2026-Oct-01 00:00:00", "addressesonroll", "fsmperiodsonroll"),
        ("SUM", "2026-May-21 00:00:00", "addresses", "fsmperiod"),
    ],
)
def test_table_names_of_every_term_are_understood(
    term: str, day: str, addresses: str, periods: str
) -> None:
    files = {
        "a.csv": table("schoolcensus", [{**SCHOOL, "term": term, "referencedate": day}]),
        "b.csv": table("pupilonroll", [PUPIL]),
        "c.csv": table(addresses, [{"postcode": "ZZ99 3CZ"}]),
        "d.csv": table(periods, [{"fsmstartdate": "2024-Sep-01 00:00:00"}]),
    }
    found = read_census(files)
    assert rows(found, "address")[0]["postcode"] == "ZZ99 3CZ"
    assert rows(found, "fsm_period")[0]["fsm_start_date"] == "2024-09-01"
    # Needs are collected in spring only: their absence says nothing in another term.
    assert found.findings == ()


@pytest.mark.parametrize(
    "change",
    [{"year": "2062"}, {"referencedate": "2026-Feb-15 00:00:00"}, {"term": "SUM"}],
    ids=["year", "day", "term"],
)
def test_term_year_and_day_must_go_together(change: dict[str, str]) -> None:
    files = export(**{"a.csv": table("schoolcensus", [{**SCHOOL, **change}])})
    told = [item for item in read_census(files).findings if item.rule == "census_day"]
    assert [(item.severity, item.first_row_number) for item in told] == [("error", 2)]


def test_a_table_that_its_term_should_have_is_missed() -> None:
    files = export()
    del files["c.csv"]
    (told,) = read_census(files).findings
    assert (told.rule, told.severity) == ("no_table", "warning")
    assert "senneeds" in told.message


def test_files_are_known_by_their_columns_whatever_they_are_called() -> None:
    files = export()
    swapped = {"pupilonroll.csv": files["c.csv"], "senneeds.csv": files["b.csv"]}
    found = read_census({"a.csv": files["a.csv"], **swapped})
    assert rows(found, "pupil_on_roll")[0]["upn"] == "L999400122101"
    assert rows(found, "sen_need")[0]["sen_type"] == "SLCN"


def test_known_tables_are_counted_and_unknown_ones_named() -> None:
    extra = {
        "x.csv": table("termlyexclusionsonroll", [{"category": "FIX"}] * 3),
        "y.csv": table("lunchmenu", [{"dish": "soup"}]),
    }
    unused, unknown = read_census(export(**extra)).findings
    assert (unused.rule, unused.severity, unused.row_count) == ("table_not_used", "info", 3)
    assert (unknown.rule, unknown.severity) == ("unknown_table", "warning")
    assert "lunchmenu" in unknown.message


def test_rows_without_a_place_are_put_aside_without_their_text() -> None:
    pupils = table("pupilonroll", [PUPIL] * 4, parents=[1, 9, 1, 1])
    lines = pupils.splitlines(keepends=True)
    # The fourth pupil has the number of the third; a ragged line and a line of totals follow.
    lines[4] = lines[4].replace(b"4,7,4", b"3,7,4", 1)
    lines += [b"5,7,5,1,1,Alder\r\n", b"Total" + b"," * lines[0].count(b",") + b"\r\n"]
    found = read_census(export(**{"b.csv": b"".join(lines)}))
    aside = {row.row_number: row.reason for row in found.quarantined["pupil_on_roll"]}
    assert list(aside) == [6, 3, 5, 7]
    assert "fields where the header has" in aside[6]
    assert aside[5] == "another row of the table has the same number"
    assert aside[3] == aside[7] == "the row that it belongs to is not in the census"
    assert not any(row.text for row in found.quarantined["pupil_on_roll"])
    assert len(rows(found, "pupil_on_roll")) == 2
    assert found.row_counts_in["pupil_on_roll"] == 6


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.csv": table("schoolcensus", [SCHOOL])}, "needs the table pupilonroll"),
        ({"b.csv": table("pupilonroll", [PUPIL])}, "needs the table schoolcensus"),
        (export(z=table("pupilonroll", [PUPIL])), "is the table pupilonroll too"),
        (export(z=b"URN,Name\n1,2\n"), "not a table of a school census"),
        (
            export(**{"a.csv": table("schoolcensus", [SCHOOL, {**SCHOOL, "lea": "860"}])}),
            "several councils",
        ),
        (
            export(
                **{
                    "a.csv": table(
                        "schoolcensus",
                        [SCHOOL, {**SCHOOL, "referencedate": "2025-Oct-02 00:00:00"}],
                    )
                }
            ),
            "several census days",
        ),
        (export(**{"b.csv": b"pupilonrolltableid,upn\n1,2\n"}), "no column schoolcensustableid"),
        (
            export(**{"b.csv": table("pupilonroll", [{**PUPIL, "UPN": "x"}])}),
            "two columns upn",
        ),
    ],
    ids=[
        *("no_pupils", "no_census", "twice", "other_file", "two_councils", "two_days"),
        *("no_parent", "double_header"),
    ],
)
def test_what_is_no_whole_census_is_refused(files: dict[str, bytes], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_census(files)
    assert "Alder" not in str(caught.value)


def test_a_column_that_the_product_needs_is_missed() -> None:
    short = {name: value for name, value in PUPIL.items() if name != "senprovision"}
    (told,) = read_census(export(pupils=[short])).findings
    assert (told.rule, told.severity, told.column_name) == (
        "missing_column",
        "error",
        "senprovision",
    )


def test_the_census_of_2016_calls_sex_gender() -> None:
    old = {("gender" if name == "sex" else name): value for name, value in PUPIL.items()}
    assert rows(read_census(export(pupils=[old])), "pupil_on_roll")[0]["sex"] == "M"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_names_with_accents_are_read_in_both_encodings(encoding: str) -> None:
    content = table("pupilonroll", [{**PUPIL, "surname": "Éclair"}]).decode().encode(encoding)
    found = read_census(export(**{"b.csv": content}))
    assert rows(found, "pupil_on_roll")[0]["surname"] == "Éclair"


def test_utf_16_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match="UTF-16"):
        read_census(export(**{"b.csv": export()["b.csv"].decode().encode("utf-16")}))


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (export()["b.csv"], "census_collect:pupilonroll"),
        (table("lunchmenu", [{"dish": "soup"}]), "census_collect:lunchmenu"),
        (b"placement reason,Attendance Pattern,Year,upn\n", "ap_census"),
        (b"requeststableid,NativeId,requestsorderseqcolumn,sourceid,persontableid\n", None),
        (b"time_period,ehcplans\n", None),
    ],
    ids=["table", "unknown_table", "ap", "sen2", "open_data"],
)
def test_a_form_is_told_by_the_header(content: bytes, form: str | None) -> None:
    assert form_of(content) == form


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("2025-Sep-28 00:00:00", "2025-09-28"),
        ("2025-SEP-28", "2025-09-28"),
        (" 2025-09-28 ", "2025-09-28"),
        ("2025-Sept-28 00:00:00", "2025-Sept-28 00:00:00"),
        ("28/09/2025", "28/09/2025"),
        ("", None),
    ],
)
def test_dates_are_read_or_left_as_printed(printed: str, text: str | None) -> None:
    assert cells.iso_date(printed) == text


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(PUPIL, texts)), max_size=6))
def test_every_row_is_accounted_for_whatever_stands_in_it(pupils: list[Row]) -> None:
    found = read_census(export(**{"b.csv": table("pupilonroll", pupils, **PUPIL)}))
    accepted = found.tables["pupil_on_roll"].num_rows
    aside = len(found.quarantined["pupil_on_roll"])
    assert found.row_counts_in["pupil_on_roll"] == accepted + aside == len(pupils)
    for row, given_row in zip(rows(found, "pupil_on_roll"), pupils, strict=True):
        wanted = given_row["enrolstatus"].strip() or None
        assert row["enrolment_status"] == wanted


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    files = export(**{"b.csv": content})
    with suppress(InputError):
        found = read_census(files)
        assert found.row_counts_in["pupil_on_roll"] == found.tables["pupil_on_roll"].num_rows
