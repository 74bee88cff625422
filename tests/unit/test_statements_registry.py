"""The statements register is read strictly, and its rows say what was public when."""

from __future__ import annotations

import copy
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.errors import RegistryError
from pipelines.registry.landing import landing_tables
from pipelines.registry.measures import measures
from pipelines.registry.statement_rows import statement_figure_rows, statement_rows
from pipelines.registry.statements import (
    Calendar,
    Document,
    Figure,
    Register,
    Statement,
    Term,
    register,
)
from pipelines.registry.strict import parse
from pipelines.settings import PROJECT_ROOT

COUNCILS = sorted((PROJECT_ROOT / "data" / "councils").glob("*/statements.yml"))
STAFFORDSHIRE = PROJECT_ROOT / "data" / "councils" / "860"
SQL = PROJECT_ROOT / "sql"

FIGURE = {
    "says": "31%",
    "subject": "share in mainstream",
    "stated": 31,
    "unit": "percent",
    "calendar": "january",
    "terms": [{"measure": "mainstream_share", "area": "860"}],
}
CONTENT = {
    "la_code": "860",
    "publication_calendar": [
        {
            "id": "january",
            "covers": "figures of a day in January",
            "period": "january",
            "years_after": 0,
            "month_day": "06-30",
            "exact": {"2025-01": "2025-06-26"},
        }
    ],
    "documents": [
        {"id": "001", "title": "A news release", "publisher": "A council"},
        {
            "id": "002",
            "title": "A dated one",
            "publisher": "A council",
            "statement_date": "2024-01-24",
        },
    ],
    "statements": [
        {
            "id": "C01",
            "document": "002",
            "statement": "What a council said, in other words.",
            "figures": [FIGURE],
        }
    ],
}


def _read(**changes: Any) -> Register:
    return parse(Register, copy.deepcopy(CONTENT) | changes, "statements.yml")


def _with_figure(**changes: Any) -> Register:
    figure = {name: cell for name, cell in (FIGURE | changes).items() if cell is not None}
    return _read(statements=[CONTENT["statements"][0] | {"figures": [figure]}])


def _other(measure: str = "mainstream_share") -> list[dict[str, str]]:
    return [{"measure": measure, "area": "E92000001"}]


def test_the_council_has_all_its_statements() -> None:
    ids = [statement.id for statement in register(STAFFORDSHIRE).statements]
    assert ids == [f"C{number:02d}" for number in range(1, 22)]


@pytest.mark.parametrize("path", COUNCILS, ids=lambda path: path.parent.name)
def test_every_measure_that_a_register_names_exists(path: Any) -> None:
    content = register(path.parent)
    named = {row["kpi"] for row in statement_figure_rows(content)} - {None}
    assert named
    assert named <= set(measures(SQL))


@pytest.mark.parametrize("path", COUNCILS, ids=lambda path: path.parent.name)
def test_a_register_is_of_the_council_whose_folder_it_is_in(path: Any) -> None:
    assert register(path.parent).la_code == path.parent.name


def test_rows_have_the_columns_of_the_landing_contract() -> None:
    content = register(STAFFORDSHIRE)
    tables = landing_tables(SQL)
    for row in statement_rows(content):
        assert set(row) == set(tables["statement"])
    for row in statement_figure_rows(content):
        assert set(row) == set(tables["statement_figure"])


@pytest.mark.parametrize("model", [Calendar, Document, Term, Figure, Statement, Register])
def test_every_field_is_described_with_a_good_or_a_bad_example(model: Any) -> None:
    assert model.model_fields
    for name, field in model.model_fields.items():
        assert re.search(r"Good: .|Bad: .", field.description or ""), f"{model.__name__}.{name}"


def test_an_unknown_key_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(RegistryError, match=r"tolerence.*did you mean 'tolerance'"):
        _with_figure(tolerence=1)


def test_a_missing_file_is_named(tmp_path: Any) -> None:
    with pytest.raises(RegistryError, match="missing"):
        register(tmp_path)


def test_a_document_that_is_not_there_is_named() -> None:
    statement = CONTENT["statements"][0] | {"document": "003"}
    with pytest.raises(RegistryError, match="document '003' is not in this file"):
        _read(statements=[statement])


def test_a_calendar_that_is_not_there_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(RegistryError, match=r"calendar 'januery'.*did you mean 'january'"):
        _with_figure(calendar="januery")


def test_the_same_id_twice_is_refused() -> None:
    with pytest.raises(RegistryError, match="the id C01 stands twice"):
        _read(statements=CONTENT["statements"] * 2)


def test_an_authority_named_by_its_gss_code_is_refused() -> None:
    with pytest.raises(RegistryError, match="three-digit code"):
        _with_figure(terms=[{"measure": "mainstream_share", "area": "E10000028"}])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stated": None}, "equals needs `stated`"),
        ({"terms": None}, "`terms` is missing"),
        ({"terms": None, "calendar": None, "is_context": True}, "a context figure needs `terms`"),
        ({"calendar": None}, "`calendar` says when"),
        ({"quantity": "change_pct"}, "change_pct takes one of"),
        ({"base_period": "2018-01"}, "value takes neither of"),
        ({"comparison": "about"}, "`tolerance` goes with about"),
        ({"tolerance": 1}, "`tolerance` goes with about"),
        ({"comparison": "higher_than_other"}, "`other_terms` go with a comparison to another"),
        ({"other_terms": _other()}, "`other_terms` go with a comparison to another"),
        ({"comparison": "higher_than_other", "other_terms": _other()}, "`other_subject` names"),
        ({"quantity": "share_of"}, "share_of takes two terms"),
    ],
)
def test_a_figure_that_does_not_add_up_says_why(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RegistryError, match=re.escape(message)):
        _with_figure(**changes)


@pytest.mark.parametrize("figures", [[], [FIGURE | {"terms": [], "calendar": None}]])
def test_what_cannot_be_tested_must_say_what_is_missing(figures: list[Any]) -> None:
    statement = CONTENT["statements"][0] | {"figures": figures}
    with pytest.raises(RegistryError, match="`needs` must say what is missing"):
        _read(statements=[statement])
    assert _read(statements=[statement | {"needs": "The places return."}])


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2025, 6, 27), "2025-01"),
        (date(2025, 6, 26), "2024-01"),  # the publisher's day itself is too late to be quoted
        (date(2024, 7, 1), "2024-01"),
        (date(2024, 6, 30), "2023-01"),  # no exact day is known, so the usual one holds
    ],
)
def test_a_period_counts_from_the_day_after_its_publication(day: date, period: str) -> None:
    (calendar,) = _read().publication_calendar
    newest = calendar.newest_before(day)
    assert newest is not None
    assert newest[0] == period


def test_before_the_first_publication_nothing_counts() -> None:
    (calendar,) = _read().publication_calendar
    assert calendar.newest_before(date(2010, 1, 1)) is None


def test_a_years_figures_are_out_in_the_next_year() -> None:
    year = Calendar(id="year", covers="a year", period="year", years_after=1, month_day="06-30")
    assert year.newest_before(date(2025, 11, 20)) == ("2024", date(2025, 6, 30))


@pytest.mark.parametrize(
    ("written", "before", "words"),
    [
        ("2024-01-24", date(2024, 1, 24), "24 January 2024"),
        ("2022", date(2023, 1, 1), "the end of 2022"),
        (None, date(2024, 1, 24), "24 January 2024"),  # judged as at the newest dated document
    ],
)
def test_the_day_a_statement_is_judged_as_at(written: Any, before: date, words: str) -> None:
    document = {"id": "003", "title": "A page", "publisher": "A council", "statement_date": written}
    statement = CONTENT["statements"][0] | {"document": "003"}
    documents = [*CONTENT["documents"], document]
    (row,) = statement_rows(_read(documents=documents, statements=[statement]))
    assert (row["judged_before"], row["judged_before_text"]) == (before, words)
    assert row["statement_date"] == written


def test_an_undated_register_cannot_be_judged() -> None:
    statement = CONTENT["statements"][0] | {"document": "001"}
    undated = _read(documents=CONTENT["documents"][:1], statements=[statement])
    with pytest.raises(RegistryError, match="no document carries a date"):
        statement_rows(undated)


def test_a_day_that_does_not_exist_is_refused() -> None:
    document = CONTENT["documents"][1] | {"statement_date": "2024-02-30"}
    with pytest.raises(RegistryError, match="statement_date"):
        _read(documents=[document])


@pytest.mark.parametrize(
    ("decimals", "width"), [(0, "0.5"), (1, "0.05"), (-2, "50"), (-5, "50000")]
)
def test_equality_is_at_the_decimals_stated(decimals: int, width: str) -> None:
    (row,) = statement_figure_rows(_with_figure(decimals=decimals))
    assert row["tolerance"] == Decimal(width)
    assert "E" not in str(row["tolerance"])


def test_a_named_period_is_the_one_judged() -> None:
    (row,) = statement_figure_rows(_with_figure(period="2014-01"))
    assert row["named_period"] == row["newest_period"] == "2014-01"


def test_a_named_period_not_yet_published_cannot_be_judged() -> None:
    (row,) = statement_figure_rows(_with_figure(period="2024-01"))
    assert row["newest_period"] is None


def test_the_area_beside_repeats_the_terms_for_that_area() -> None:
    this, beside = statement_figure_rows(_with_figure(beside="E92000001"))
    assert (this["side"], this["la_code"], this["area_code"]) == ("this", "860", None)
    assert (beside["side"], beside["la_code"], beside["area_code"]) == (
        "beside",
        None,
        "E92000001",
    )
    assert this["kpi"] == beside["kpi"] == "mainstream_share"


def test_a_figure_that_nothing_can_test_still_has_its_row() -> None:
    figure = {"says": "48", "subject": "places", "stated": 48, "unit": "count"}
    statement = CONTENT["statements"][0] | {"figures": [figure], "needs": "The places return."}
    (row,) = statement_figure_rows(_read(statements=[statement]))
    assert (row["kpi"], row["stated_value"]) == (None, 48)
