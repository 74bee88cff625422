"""Rules over the editions of a return: counts in words, noughts kept, months that are missing."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboards.charts.history import history_bars
from dashboards.components.finding_filters import Asked, newest_return, of_asked
from dashboards.components.published_rules import by_edition
from dashboards.components.reconciled import lines
from dashboards.components.record_findings import history_of
from dashboards.theme import LIGHT
from dashboards.words import record_rules as words
from dashboards.words.record_rules import Count

RETURNS = pd.DataFrame(
    [
        ("census", "", "2025-01"),
        ("sen2", "annual", "2024"),
        ("sen2", "annual", "2025"),
        ("sen2", "annual", "2025-r2"),
        ("sen2_in_year", "in_year", "2025-12"),
    ],
    columns=["kind", "return_kind", "vintage"],
)
COUNTS = pd.DataFrame(
    [
        ("ACT-13", "query", "sen2", "2025", "fixed", 31),
        ("ACT-13", "query", "sen2", "2025", "open", 3),
        ("ACT-13", "query", "sen2", "2025-r2", "open", 4),
        ("ACT-13", "query", "sen2", "2025-r2", "explained", 40),
        ("PER-17", "query", "sen2", "2025-r2", "open", 7),
        ("PER-17", "error", "sen2", "2025-r2", "open", 1),
        ("PER-17", "error", "sen2_in_year", "2025-12", "open", 9),
    ],
    columns=["rule", "severity", "kind", "vintage", "finding_status", "finding_count"],
)


def history(**asked: str) -> pd.DataFrame:
    wanted = Asked("sen2", "2025-r2", **asked)
    return history_of(RETURNS, of_asked(COUNTS, wanted), "sen2")


def test_a_return_in_which_the_rule_found_nothing_is_a_row_of_noughts() -> None:
    found = history(rule="ACT-13 query")
    assert list(found["edition"]) == ["2025 (copy 2)", "2025", "2024"]
    assert found.iloc[0][["open", "explained", "fixed"]].tolist() == [4, 40, 0]
    assert found.iloc[1][["open", "explained", "fixed"]].tolist() == [3, 0, 31]
    assert found.iloc[2][["open", "explained", "fixed"]].tolist() == [0, 0, 0]


def test_a_rule_of_two_weights_is_two_rules_and_another_kind_of_return_stays_out() -> None:
    assert history(rule="PER-17 error")["open"].tolist() == [1, 0, 0]
    assert history(rule="PER-17 query")["open"].tolist() == [7, 0, 0]
    assert history(severity="error")["open"].tolist() == [1, 0, 0]


def test_the_newest_annual_return_comes_before_any_extract() -> None:
    assert newest_return(RETURNS) == "sen2:2025-r2"
    assert newest_return(RETURNS[RETURNS["kind"] == "census"]) == "census:2025-01"


def test_bars_hold_the_counts_and_editions_stay_texts() -> None:
    figure = history_bars(history(rule="ACT-13 query"), LIGHT, words.STATUSES)
    parts = {trace.name: list(trace.x) for trace in figure.data if trace.type == "bar"}
    assert parts == {"Open": [4, 3, 0], "Explained": [40, 0, 0], "Fixed": [0, 31, 0]}
    assert figure.layout.yaxis.type == "category"
    labels = next(trace for trace in figure.data if trace.type == "scatter")
    assert list(labels.x) == [44, 34, 0]
    assert "<b>4</b> open" in labels.text[0]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (Count(80, 40, 3), "ACT-13: 80 open, 40 explained, 3 fixed, in January 2026"),
        (Count(0, 0, 0), "ACT-13: 0 open in January 2026"),
        (Count(12345), "ACT-13: 12,345 open in January 2026"),
    ],
    ids=["all", "nothing", "many"],
)
def test_the_title_names_the_rule_its_counts_and_the_edition(count: Count, expected: str) -> None:
    title = words.title("ACT-13", "2026-01", count)
    assert title == expected
    assert len(title.split()) <= 10


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (Count(4, 40), Count(3, 0, 31), "44 were found in 2026, 10 more than in 2025 (copy 2)."),
        (Count(9, 0, 1), Count(2, 3, 9), "10 were found in 2026, 4 fewer than in 2025 (copy 2)."),
        (Count(0, 1), Count(0, 0, 1), "1 was found in 2026, as many as in 2025 (copy 2)."),
        (Count(0), Count(5), "None was found in 2026, 5 fewer than in 2025 (copy 2)."),
        (Count(9), None, ""),
    ],
    ids=["worse", "better", "flat", "none-left", "first"],
)
def test_the_change_counts_all_that_was_found_whatever_has_become_of_it_since(
    now: Count, before: Count | None, expected: str
) -> None:
    assert words.change(now, before, "2026", "2025-r2") == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([], "No extract within the year has been received, so nothing is known by month."),
        (["2025-09"], "Extracts within the year: 1 month, September 2025."),
        (
            ["2025-11", "2025-12", "2026-01"],
            "Extracts within the year: 3 months, November 2025 to January 2026. No month between "
            "them is missing.",
        ),
        (
            ["2025-10", "2026-01"],
            "Extracts within the year: 2 months, October 2025 to January 2026. Missing between "
            "them: November 2025 and December 2025.",
        ),
    ],
    ids=["none", "one", "whole", "gap"],
)
def test_months_received_name_every_month_that_is_missing(months: list[str], expected: str) -> None:
    assert words.months_received(months) == expected


def test_what_is_open_is_told_by_weight() -> None:
    said = words.standing("SEN2 return, 2026", {"error": 1, "query": 7})
    assert said.startswith(
        "8 findings are open in the newest return (SEN2 return, 2026): 1 error and 7 queries."
    )
    nothing = words.standing("SEN2 return, 2026", {})
    assert nothing == "No finding is open in the newest return (SEN2 return, 2026)."


def test_a_page_of_rows_says_which_they_are() -> None:
    assert words.shown_rows(2, 50, 3402) == "Findings 51 to 100 of 3,402."
    assert words.shown_rows(69, 50, 3402) == "Findings 3,401 to 3,402 of 3,402."


def test_figures_that_differ_say_by_how_much_and_what_could_explain_it() -> None:
    rows = pd.DataFrame(
        {
            "title": ["Plans maintained", "Share in mainstream"],
            "period_label": ["January 2025", "January 2025"],
            "council_value": [8470.0, 31.2],
            "published_value": [8461.0, 32.8],
            "difference": [9.0, -1.6],
            "unit": ["count", "percent"],
            "decimals": [0, 1],
            "difference_kind": ["small", "flagged"],
            "explanation_text": ["Nothing that is held explains it.", None],
        }
    )
    table = lines(rows)
    assert list(table["Measure"]) == ["Share in mainstream", "Plans maintained"]
    assert list(table["Difference"]) == ["-1.6 percentage points", "+9"]
    assert list(table["What could explain it"]) == ["", "Nothing that is held explains it."]
    assert words.reconciled({"equal": 60, "small": 1, "flagged": 1}) == (
        "Of 62 figures that both give for the same measure and period, 60 are equal, 1 differ a "
        "little and 1 differ by more."
    )
    assert words.reconciled({}) == ""


def test_published_rules_stand_by_edition_and_a_declared_one_says_so() -> None:
    rows = pd.DataFrame(
        [
            ("PUB-03", "A percentage is not its ratio", "caseload", "2025", 4, False),
            ("PUB-03", "A percentage is not its ratio", "caseload", "2026", 1200, False),
            ("PUB-07", "A column stands twice", "reviews", "2025", 2, True),
        ],
        columns=["rule", "title", "dataset", "vintage", "row_count", "is_declared"],
    )
    table = by_edition(rows)
    assert list(table.columns) == ["Rule", "What is wrong", "Data set", "2025", "2026"]
    assert table[["2025", "2026"]].to_numpy().tolist() == [["4", "1,200"], ["2 (declared)", ""]]


def test_open_findings_have_an_owner_by_role_or_say_that_nobody_is_named() -> None:
    said = words.owner("school census", "Manager of school census returns")
    assert said == (
        "Open findings in school census are answered by: Manager of school census returns."
    )
    assert "has not said who answers" in words.owner("places", "")
