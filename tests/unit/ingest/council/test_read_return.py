"""The council's returns on small files: headings, cells, rows put aside, no child told."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest.council import cells
from pipelines.ingest.council.corrections import correctable
from pipelines.ingest.council.marks import form_of
from pipelines.ingest.council.reader import read_return
from pipelines.ingest.modules import Modules
from pipelines.registry.census import census
from pipelines.registry.council_docs import all_returns, example_line, header_line
from pipelines.registry.council_returns import council_returns
from pipelines.settings import PROJECT_ROOT

RETURNS = council_returns(PROJECT_ROOT)
NAMES = sorted(RETURNS.returns)


def written(name: str, *rows: dict[str, str], header: list[str] | None = None) -> bytes:
    """The return as CSV: the example row of its description, changed."""
    layout = RETURNS.returns[name]
    example = {item.column: item.example for item in layout.columns}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header or layout.header)
    for row in rows:
        writer.writerow((example | row).values())
    return text.getvalue().encode()


def read(name: str, *rows: dict[str, str], header: list[str] | None = None) -> Modules:
    return read_return(written(name, *rows, header=header), name, RETURNS)


def landed(found: Modules, name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = found.tables[name].to_pylist()
    return listed


def reasons(found: Modules, name: str) -> dict[int, str]:
    return {row.row_number: row.reason for row in found.quarantined[name]}


@pytest.mark.parametrize("name", NAMES)
def test_a_template_filled_with_its_example_is_known_and_sound(name: str) -> None:
    layout, _ = all_returns(PROJECT_ROOT)[name]
    content = (header_line(layout) + example_line(layout)).encode()
    assert form_of(content) == name
    found = read_return(content, name, RETURNS)
    assert (found.findings, found.quarantined[name]) == ((), ())
    (row,) = landed(found, name)
    for item in layout.columns:
        assert row[item.column] == (item.example or None)


def test_the_example_of_the_alternative_provision_census_is_sound() -> None:
    known = census(PROJECT_ROOT).ap_census
    (layout,) = known.returns.values()
    content = (header_line(layout) + example_line(layout)).encode()
    found = read_return(content, "ap_pupil", known, family="ap_census")
    assert (found.family, found.findings, found.quarantined["ap_pupil"]) == ("ap_census", (), ())
    assert landed(found, "ap_pupil")[0]["census_year"] == "2026"


@pytest.mark.parametrize("name", NAMES)
def test_no_return_is_taken_for_another(name: str) -> None:
    content = written(name, {})
    for other in NAMES:
        if other != name:
            with pytest.raises(InputError, match=f"the return '{other}', but"):
                read_return(content, other, RETURNS)


def test_headings_may_stand_in_any_order_and_under_other_names() -> None:
    content = (
        b"Number of places,STATUS,Provision type,Scheme name,LA\n12,Funded,SEN unit,Unit A,999\n"
    )
    assert form_of(content) == "place"
    (row,) = landed(read_return(content, "place", RETURNS), "place")
    assert (row["place_count"], row["place_status"], row["provision_kind"]) == (
        *("12", "funded"),
        "sen_unit",
    )


def test_an_unknown_column_is_named_with_what_it_may_mean() -> None:
    header = ["planned_open_dat" if c == "planned_open_date" else c for c in place_header()]
    (told,) = read("place", {}, header=header).findings
    assert (told.rule, told.column_name) == ("unknown_column", "planned_open_dat")
    assert "did you mean 'planned_open_date'" in told.remedy


def place_header() -> list[str]:
    return list(RETURNS.returns["place"].header)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["la_code", "place_count", "place_status"], "no column place_scheme, provision_kind"),
        ([*place_header(), "Places"], "two of its columns mean place_count"),
    ],
    ids=["missing", "double"],
)
def test_a_header_that_cannot_be_used_is_refused(header: list[str], words: str) -> None:
    content = (",".join(header) + "\n").encode()
    with pytest.raises(InputError, match=words):
        read_return(content, "place", RETURNS)


def test_a_return_about_children_needs_a_column_that_names_them() -> None:
    with pytest.raises(InputError, match="which child a row is about"):
        read_return(b"la_code,support_kind,referral_date,child\n", "early_support", RETURNS)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"place_count": "-1"}, "its place_count is missing or cannot be read"),
        ({"place_count": ""}, "its place_count is missing or cannot be read"),
        ({"place_status": "maybe"}, "its place_status is missing or cannot be read"),
        ({"la_code": "Staffordshire"}, "its la_code is missing or cannot be read"),
        ({"place_scheme": "for L999400122101"}, "its place_scheme holds a number"),
        ({"place_scheme": "near ZZ99 3CZ"}, "its place_scheme holds a number"),
        ({"place_scheme": "for who was born 11 May 2012"}, "its place_scheme holds a number, date"),
        ({"plan_action": "x" * 501}, "its plan_action is longer than 500"),
    ],
    ids=["negative", "empty", "code", "council", "upn", "postcode", "day", "long"],
)
def test_a_row_that_cannot_be_used_is_put_aside(change: dict[str, str], reason: str) -> None:
    found = read("place", change, {})
    assert [text.startswith(reason) for text in reasons(found, "place").values()] == [True]
    assert [row["row_number"] for row in landed(found, "place")] == [3]
    assert found.row_counts_in["place"] == 2


@pytest.mark.parametrize(
    ("child", "is_used"),
    [
        ({"upn": "L999400122101"}, True),
        ({"upn": "", "uln": "1234567899"}, True),
        ({"upn": "", "surname": "Alder", "forename": "Robin", "birth_date": "11/05/2018"}, True),
        ({"upn": "L9994"}, False),
        ({"upn": "", "surname": "Alder", "forename": "Robin"}, False),
        ({"upn": "", "surname": "Alder", "forename": "Robin", "birth_date": "31/02/2018"}, False),
    ],
    ids=["upn", "uln", "name", "bad_upn", "no_birth_date", "bad_birth_date"],
)
def test_a_row_needs_one_way_to_name_its_child(child: dict[str, str], is_used: bool) -> None:
    found = read("early_support", child, {})
    assert len(landed(found, "early_support")) == 1 + is_used
    assert bool(reasons(found, "early_support")) is not is_used


def test_a_cell_that_cannot_be_read_is_emptied_and_told_with_its_row() -> None:
    found = read("ep_advice", {}, {"due_date": "soon"}, {"due_date": "31/02/2025"})
    assert [row["due_date"] for row in landed(found, "ep_advice")] == ["2025-04-28", None, None]
    (told,) = found.findings
    assert (told.rule, told.column_name, told.row_count, told.first_row_number) == (
        *("unreadable_cell", "due_date"),
        *(2, 3),
    )
    assert "soon" not in told.message


def test_a_required_cell_that_is_empty_is_told() -> None:
    (told,) = read("workforce_post", {"is_filled": ""}).findings
    assert (told.rule, told.column_name, told.severity) == ("missing_cell", "is_filled", "error")


def test_rows_of_two_councils_are_refused() -> None:
    with pytest.raises(InputError, match="several councils"):
        read("training", {}, {"la_code": "860"})


def test_a_line_of_totals_and_a_ragged_line_are_put_aside() -> None:
    content = written("spend", {}) + b"Total,,,,41500,39820.55,\r\n999,a,b\r\n"
    found = read_return(content, "spend", RETURNS)
    assert reasons(found, "spend") == {
        4: "has 3 fields where the header has 7",
        3: "its la_code is missing or cannot be read",
    }
    assert not any(row.text for row in found.quarantined["spend"])


def test_semicolons_are_no_commas() -> None:
    assert form_of(written("spend", {}).replace(b",", b";")) is None


def test_windows_text_is_read_as_it_was_meant() -> None:
    content = written("training", {"course": "Élan"}).decode().encode("cp1252")
    assert landed(read_return(content, "training", RETURNS), "training")[0]["course"] == "Élan"


@pytest.mark.parametrize(
    "text",
    [
        *("11/05/2012", "1/5/12", "11.05.2012", "2012-05-11", "2012/5/11", "2012-05-11T00:00"),
        *("11 May 2012", "11th of May 2012", "11-May-2012", "May 11, 2012", "1 Sept. 2012"),
    ],
)
def test_a_day_in_a_text_names_somebody(text: str) -> None:
    assert cells.names_somebody(text)
    assert cells.names_somebody(f"born {text}, moved")
    assert not cells.bears_a_number(f"born {text}, moved")


@pytest.mark.parametrize(
    "text",
    [
        *("Unit at the first school", "places-2026", "2025-26", "September 2026", "May 2026"),
        *("Phase 3 Marlborough 2026", "12 places, 3/4 filled", "P-014", "in week 11 of 2025/26"),
    ],
)
def test_what_is_no_day_names_nobody(text: str) -> None:
    assert not cells.names_somebody(text)


@pytest.mark.parametrize(
    ("code", "is_taken"),
    [
        *(("P-015", True), ("EP7", True), ("x" * 20, True), ("x" * 21, False)),
        *(("Robin Alder", False), ("P_014", False), ("P/014", False), ("É1", False)),
        *(("L999400122101", False), ("1234567890", False)),
    ],
)
def test_the_code_of_a_post_is_a_code(code: str, is_taken: bool) -> None:
    found = read("workforce_post", {"post_code": code}, {})
    assert [code in str(row) for row in landed(found, "workforce_post")].count(True) == is_taken
    assert len(reasons(found, "workforce_post")) == (not is_taken)


def test_the_team_of_a_post_names_nobody() -> None:
    found = read("workforce_post", {"staff_team": "of a@b.org"}, {"staff_team": "since 11/05/2012"})
    assert landed(found, "workforce_post") == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"module": "person", "column_name": "surname"}, "no item of the module"),
        ({"module": "person", "column_name": "birth_date"}, "no item of the module"),
        ({"module": "plan_detail", "column_name": "sen_setting_other"}, "no item of the module"),
        ({"column_name": "received"}, "no item of the module"),
        ({"corrected_text": "2025-02-30"}, "corrected_text is no value"),
        ({"printed_text": "Robin Alder"}, "printed_text is no value"),
        ({"reason": "told by a@b.org"}, "reason holds a number"),
    ],
    ids=["surname", "birth_date", "free_text", "no_item", "no_date", "name", "mailbox"],
)
def test_a_correction_may_not_carry_what_stays_at_the_door(
    change: dict[str, str], reason: str
) -> None:
    found = read("case_correction", change)
    assert landed(found, "case_correction") == []
    assert [reason in text for text in reasons(found, "case_correction").values()] == [True]


@pytest.mark.parametrize(
    ("column", "printed", "told"),
    [
        ("received_date", "2025-02-30", None),
        ("received_date", "28/02/2025 10:30", None),
        ("received_date", "2025-02-28", "2025-02-28"),
        ("request_source", "11/05/2012", None),
        ("request_source", "07700 900 123", None),
        ("request_source", "99", None),
        ("request_source", "5", "5"),
    ],
)
def test_a_cell_that_nobody_can_read_is_corrected_as_the_empty_one_that_it_landed_as(
    column: str, printed: str, told: str | None
) -> None:
    corrected = "2025-02-05" if column == "received_date" else "1"
    change = {"column_name": column, "printed_text": printed, "corrected_text": corrected}
    (row,) = landed(read("case_correction", change), "case_correction")
    assert (row["printed_text"], row["corrected_text"]) == (told, corrected)


@pytest.mark.parametrize(
    ("printed", "corrected", "told"),
    [
        ("BSOM", "MWBA", ("BAFR", "MWBA")),
        ("WBRI", "AKPA", ("WBRI", "APKN")),
        ("BAFR", "BOTH", ("BAFR", "BOTH")),
    ],
)
def test_an_extended_code_is_corrected_as_the_one_that_it_landed_as(
    printed: str, corrected: str, told: tuple[str, str]
) -> None:
    change = {"module": "person", "column_name": "ethnicity"}
    texts = {"printed_text": printed, "corrected_text": corrected}
    found = read("case_correction", change | texts)
    assert list(reasons(found, "case_correction").values()) == []
    (row,) = landed(found, "case_correction")
    assert (row["printed_text"], row["corrected_text"]) == told


def test_a_code_of_no_list_is_no_value() -> None:
    change = {"module": "person", "column_name": "ethnicity", "printed_text": "WBRI"}
    found = read("case_correction", change | {"corrected_text": "BXYZ"})
    assert list(reasons(found, "case_correction").values()) == [
        "its corrected_text is no value of the item"
    ]


@pytest.mark.parametrize(
    ("said", "is_taken"),
    [
        ({"reason": "ALDER's mother rang"}, False),
        ({"reason": "The family rang, Robin too"}, False),
        ({"decided_by_role": "Father of Robin"}, False),
        ({"reason": "The school wrote"}, True),
        ({"reason": "The alderman wrote"}, True),
        ({"reason": "On it", "forename": "On"}, True),
    ],
)
def test_a_correction_does_not_say_the_name_of_its_child(
    said: dict[str, str], is_taken: bool
) -> None:
    child = {"upn": "", "surname": "Alder", "forename": "Robin", "birth_date": "2018-05-11"}
    found = read("case_correction", child | said)
    assert bool(landed(found, "case_correction")) == is_taken
    told = list(reasons(found, "case_correction").values())
    assert told == ([] if is_taken else ["its reason or decided_by_role holds a name of the child"])


def test_no_item_that_names_a_child_can_be_corrected() -> None:
    columns = {column for _, column in correctable()}
    assert columns.isdisjoint({"upn", "uln", "surname", "forename", "birth_date", "postcode"})
    assert {("request", "received_date"), ("person", "sex")} <= set(correctable())


@pytest.mark.parametrize(
    ("type_column", "printed", "text"),
    [
        ("planned_gbp", "£1,234,567.50", "1234567.50"),
        ("planned_gbp", "-12", "-12"),
        ("planned_gbp", "1,23", "1,23"),
        ("period", " 2025-26 ", "2025-26"),
    ],
)
def test_amounts_lose_their_commas_and_nothing_else(
    type_column: str, printed: str, text: str
) -> None:
    columns = {item.column: item for item in RETURNS.returns["spend"].columns}
    assert cells.changer(columns[type_column], RETURNS)(printed) == text


cells_of_any_kind = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=20
)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.lists(st.dictionaries(st.integers(0, 12), cells_of_any_kind), max_size=5),
)
def test_every_row_is_accounted_for_whatever_stands_in_it(
    name: str, changes: list[dict[int, str]]
) -> None:
    header = RETURNS.returns[name].header
    rows = [
        {header[at]: text for at, text in change.items() if at < len(header)} for change in changes
    ]
    # Rows of several councils are refused as a whole.
    rows = [{key: text for key, text in row.items() if key != "la_code"} for row in rows]
    found = read(name, *rows)
    accepted, aside = found.tables[name].num_rows, len(found.quarantined[name])
    assert found.row_counts_in[name] == accepted + aside == len(rows)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    with suppress(InputError):
        found = read_return(written("place", {}) + content, "place", RETURNS)
        accepted, aside = found.tables["place"].num_rows, len(found.quarantined["place"])
        assert found.row_counts_in["place"] == accepted + aside
