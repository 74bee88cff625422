"""Titles state the finding in ten words at most, and nothing that the figures do not say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.words.titles import (
    MOST_WORDS,
    Pair,
    Point,
    alt_text,
    largest_title,
    line_title,
    neutral_title,
    pair_title,
)
from dashboards.words.verdicts import summary


def point(**changed: object) -> Point:
    base: dict[str, object] = {
        "short_title": "Mainstream share",
        "unit": "percent",
        "decimals": 1,
        "period_label": "January 2026",
        "value": 35.1,
        "change": 2.3,
        "comparator": "England",
        "comparator_value": 45.5,
    }
    return Point(**(base | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_point", "expected"),
    [
        (point(), "Mainstream share rose to 35.1%, 10.4 points below England"),
        (point(change=-2.3), "Mainstream share fell to 35.1%, 10.4 points below England"),
        (point(change=0.0), "Mainstream share stayed at 35.1%, 10.4 points below England"),
        (point(change=None), "Mainstream share: 35.1%, 10.4 points below England"),
        (point(comparator_value=35.1), "Mainstream share rose to 35.1%, level with England"),
        (point(comparator_value=30.0), "Mainstream share rose to 35.1%, 5.1 points above England"),
        (point(comparator_value=None), "Mainstream share rose to 35.1%"),
        # 22.8 and not 22, which 45.5 less a rounded 23 would give to the even number.
        (
            point(value=23.0, decimals=0, counted=22.73, change=-12.0),
            "Mainstream share fell to 23%, 23 points below England",
        ),
        (
            point(value=35.0, decimals=0, counted=35.12),
            "Mainstream share rose to 35%, 10 points below England",
        ),
        (
            point(value=23.0, decimals=0),
            "Mainstream share rose to 23%, 23 points below England",
        ),
        (point(value=None), "Mainstream share: no figure for January 2026"),
        (
            point(
                short_title="Plans",
                unit="count",
                decimals=0,
                value=9979,
                change=1518,
                comparator="",
                comparator_value=None,
            ),
            "Plans rose to 9,979",
        ),
        (
            point(breakdown="No identified SEN"),
            "Mainstream share (no identified SEN) rose to 35.1%, below England",
        ),
        (
            point(breakdown="Primary need not recorded", short_title=""),
            "Primary need not recorded rose to 35.1%, below England",
        ),
        (
            point(short_title="Plans in force", breakdown="Asian - Any other Asian background"),
            "Asian - Any other Asian background rose to 35.1%",
        ),
        (
            point(
                short_title="Plans",
                breakdown="Educated elsewhere - not in education or training (compulsory school "
                "age)",
            ),
            "Not in education or training (compulsory school age): 35.1%",
        ),
        (
            point(breakdown=" ".join(["word"] * 12)),
            "35.1% in January 2026",
        ),
    ],
)
def test_line_title(given_point: Point, expected: str) -> None:
    assert line_title(given_point) == expected


@given(
    words=st.lists(st.sampled_from(["Share", "of", "pupils", "in"]), min_size=1, max_size=5),
    breakdown=st.lists(st.sampled_from(["Age", "-", "SEN", "4"]), max_size=14),
    unit=st.sampled_from(["percent", "count", "weeks", "per_1000"]),
    value=st.none() | st.floats(0, 1e6),
    change=st.none() | st.floats(-1e5, 1e5),
    comparator=st.none() | st.floats(0, 1e6),
)
def test_no_title_has_more_than_ten_words(
    words: list[str],
    breakdown: list[str],
    unit: str,
    value: float | None,
    change: float | None,
    comparator: float | None,
) -> None:
    title = line_title(
        point(
            short_title=" ".join(words),
            breakdown=" ".join(breakdown),
            unit=unit,
            value=value,
            change=change,
            comparator_value=comparator,
        )
    )
    assert 0 < len(title.split()) <= MOST_WORDS
    assert "Latest figure" not in title
    if value is not None and change is not None and len(breakdown) < 4:
        assert ("rose" in title) == (round(change, 1) > 0)
        assert ("fell" in title) == (round(change, 1) < 0)


def test_largest_title_gives_way_for_a_long_name() -> None:
    assert largest_title("Age", "Age 4", "62.8%") == "Highest: Age 4, 62.8%"
    long = "Speech, language and communication needs of a most particular kind"
    assert largest_title("Primary need", long, "30.1%") == "Highest primary need figure is 30.1%"


PAIR = Pair("Ourshire", "England", "Mainstream share", "", "percent", 1, 35.1, 45.5)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "Mainstream share: Ourshire 10.4 points below England"),
        ({"own": 46.5}, "Mainstream share: Ourshire 1.0 point above England"),
        ({"own": 45.5}, "Mainstream share: Ourshire level with England"),
        (
            {"subject": "Time to issue", "unit": "weeks", "own": 30.0, "other": 28.5},
            "Time to issue: Ourshire 1.5 weeks above England",
        ),
        ({"own": None}, "No period has both figures"),
        (
            {"basis": "since January 2018", "subject": "SEN support", "own": 37.5, "other": 21.4},
            "SEN support since January 2018: Ourshire 37.5%, England 21.4%",
        ),
        (
            {"basis": "change", "subject": "SEN support"},
            "SEN support change: Ourshire 35.1%, England 45.5%",
        ),
        (
            {
                "basis": "since January 2014",
                "subject": "Plans",
                "unit": "times",
                "decimals": 2,
                "own": 2.99,
                "other": 3.03,
            },
            "Plans since January 2014: Ourshire 2.99 times, England 3.03 times",
        ),
        (
            {
                "first": "Bournemouth, Christchurch and Poole",
                "subject": "Mainstream share, SEN support",
                "own": 44.5,
            },
            "Mainstream share, SEN support: 1.0 point below England",
        ),
    ],
)
def test_a_pair_names_its_subject_and_its_unit(changed: dict[str, Any], expected: str) -> None:
    title = pair_title(replace(PAIR, **changed))
    assert title == expected
    assert len(title.split()) <= MOST_WORDS


def test_a_bar_chart_without_a_finding_says_what_it_shows() -> None:
    assert neutral_title("Plans issued", "SEN provision", "2025") == (
        "Plans issued by SEN provision, 2025"
    )
    assert neutral_title("Primary need share", "", "January 2025") == (
        "Primary need share, January 2025"
    )
    long = neutral_title("Plans issued within 20 weeks", "Age when plan started", "January 2025")
    assert long == "Plans issued within 20 weeks by age when plan started"


def test_alt_text_states_the_finding_and_the_last_figures() -> None:
    text = alt_text("It rises", "Share, Ourshire", ["Ourshire 35.1%", "England 45.5%"])
    assert text.startswith("It rises. Share, Ourshire.")
    assert "Ourshire 35.1%; England 45.5%" in text
    dated = alt_text("It rises", "Share", ["Ourshire 32.8%"], "January 2025")
    assert "Figures for January 2025: Ourshire 32.8%." in dated


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (
            ["confirmed", "out_of_date", "not_testable"],
            "Of 3 statements, 2 can be tested; 1 is confirmed",
        ),
        (
            ["confirmed", "confirmed", *["not_testable"] * 24],
            "Of 26 statements, 2 can be tested; 2 are confirmed",
        ),
        (["out_of_date", "not_borne_out"], "All 2 statements can be tested; none is confirmed"),
        (["not_testable", "not_testable"], "None of 2 statements can be tested yet"),
        (["not_testable"], "The one statement cannot be tested yet"),
        (["not_borne_out"], "The one statement is not confirmed"),
        (["confirmed"], "The one statement is confirmed"),
    ],
)
def test_summary_of_verdicts(verdicts: list[str], expected: str) -> None:
    assert summary(verdicts) == expected
    assert len(expected.split()) <= MOST_WORDS
