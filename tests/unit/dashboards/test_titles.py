"""Titles state the finding in ten words at most, and nothing that the figures do not say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.words.titles import (
    MOST_WORDS,
    Point,
    alt_text,
    largest_title,
    line_title,
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
        (point(value=None), "No mainstream share figure for January 2026"),
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
            point(short_title="State-funded mainstream without any special unit or provision"),
            "Latest figure rose to 35.1%",
        ),
    ],
)
def test_line_title(given_point: Point, expected: str) -> None:
    assert line_title(given_point) == expected


@given(
    words=st.lists(st.sampled_from(["Share", "of", "pupils", "in"]), min_size=1, max_size=14),
    unit=st.sampled_from(["percent", "count", "weeks", "per_1000"]),
    value=st.none() | st.floats(0, 1e6),
    change=st.none() | st.floats(-1e5, 1e5),
    comparator=st.none() | st.floats(0, 1e6),
)
def test_no_title_has_more_than_ten_words(
    words: list[str],
    unit: str,
    value: float | None,
    change: float | None,
    comparator: float | None,
) -> None:
    title = line_title(
        point(
            short_title=" ".join(words),
            unit=unit,
            value=value,
            change=change,
            comparator_value=comparator,
        )
    )
    assert 0 < len(title.split()) <= MOST_WORDS
    if value is not None and change is not None:
        assert ("rose" in title) == (round(change, 1) > 0)
        assert ("fell" in title) == (round(change, 1) < 0)


def test_largest_title_gives_way_for_a_long_name() -> None:
    assert largest_title("Age", "Age 4", "62.8%") == "Highest: Age 4, 62.8%"
    long = "Speech, language and communication needs of a most particular kind"
    assert largest_title("Primary need", long, "30.1%") == "Highest primary need figure is 30.1%"


def test_pair_title() -> None:
    below = pair_title("Ourshire", "England", [-10.8, -10.4], "percent", 1)
    assert below == "Ourshire is 10.4 points below England, like for like"
    assert "above" in pair_title("Ourshire", "England", [1.0], "percent", 1)
    assert "level" in pair_title("Ourshire", "England", [0.0], "percent", 1)
    assert pair_title("Ourshire", "England", [], "percent", 1) == "No period has both figures"
    long = pair_title("Bournemouth, Christchurch and Poole", "England", [-1.0], "percent", 1)
    assert len(long.split()) <= MOST_WORDS


def test_alt_text_states_the_finding_and_the_last_figures() -> None:
    text = alt_text("It rises", "Share, Ourshire", ["Ourshire 35.1%", "England 45.5%"])
    assert text.startswith("It rises. Share, Ourshire.")
    assert "Ourshire 35.1%; England 45.5%" in text


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["confirmed", "out_of_date", "not_testable"], "1 of 2 testable statements confirmed"),
        (["not_testable"], "None of 1 statement can be tested yet"),
        (["not_borne_out"], "0 of 1 testable statement confirmed"),
    ],
)
def test_summary_of_verdicts(verdicts: list[str], expected: str) -> None:
    assert summary(verdicts) == expected
