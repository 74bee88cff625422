"""Numbers, changes, dates and symbols are written in one way."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from dashboards import formats


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "symbol", "expected"),
    [
        (32.8, "percent", 1, None, "32.8%"),
        (33.0, "percent", 1, None, "33.0%"),
        (9979, "count", 0, None, "9,979"),
        (35.7, "weeks", 1, None, "35.7 weeks"),
        (24.1, "per_1000", 1, None, "24.1 per 1,000"),
        (0.0, "percent", 1, None, "0.0%"),
        (20.4, "fte", 1, None, "20.4 full-time posts"),
        (499800, "pounds", 0, None, "£499,800"),
        (-1200, "pounds", 0, None, "-£1,200"),
        (None, "percent", 1, "x", "[x]"),
        (float("nan"), "percent", 1, "c", "[c]"),
        (pd.NA, "count", 0, "z", "[z]"),
        (float("nan"), "count", 0, float("nan"), "no figure"),
        (None, "count", 0, None, "no figure"),
    ],
)
def test_number(value: object, unit: str, decimals: int, symbol: object, expected: str) -> None:
    assert formats.number(value, unit, decimals, symbol) == expected


@pytest.mark.parametrize(
    ("change", "unit", "decimals", "expected"),
    [
        (0.7, "percent", 1, "Up 0.7 percentage points since 2024"),
        (-1.0, "percent", 1, "Down 1.0 percentage point since 2024"),
        (971, "count", 0, "Up 971 since 2024"),
        (-20000, "pounds", 0, "Down £20,000 since 2024"),
        (1.5, "fte", 1, "Up 1.5 full-time posts since 2024"),
        (0.04, "percent", 1, "No change since 2024"),
        (None, "percent", 1, "No figure for 2024 to compare with"),
        (-2.5, "weeks", 1, "Down 2.5 weeks since 2024"),
    ],
)
def test_change_words(change: float | None, unit: str, decimals: int, expected: str) -> None:
    assert formats.change_words(change, unit, decimals, "2024") == expected


def test_parts_need_both_numbers() -> None:
    assert formats.parts(2778, 8461) == "2,778 of 8,461"
    assert formats.parts(2778, None) == ""
    assert formats.parts(float("nan"), 8461) == ""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (date(2026, 11, 2), "2 November 2026"),
        (datetime(2026, 11, 22, 8, 0), "22 November 2026"),
        ("2026-11-22T08:00:00+00:00", "22 November 2026"),
        (pd.Timestamp("2025-01-16"), "16 January 2025"),
        ("spring 2022", "spring 2022"),
        (None, ""),
        (pd.NaT, ""),
    ],
)
def test_day(moment: object, expected: str) -> None:
    assert formats.day(moment) == expected


def test_periods() -> None:
    assert formats.period_before("2025-01") == "2024-01"
    assert formats.period_before("2024") == "2023"
    assert formats.period_label("2025-01", "stock") == "January 2025"
    assert formats.period_label("2024", "flow") == "2024"


def test_listed_and_plural() -> None:
    assert formats.listed([]) == ""
    assert formats.listed(["a"]) == "a"
    assert formats.listed(["a", "b", "c"]) == "a, b and c"
    assert formats.plural(1, "row") == "1 row"
    assert formats.plural(2000, "row") == "2,000 rows"


def test_ages_and_years_stand_in_a_readers_order() -> None:
    texts = ["Age unknown", "Age 10", "Age 9", "Age 2 and under", "Age 20 and over"]
    assert sorted(texts, key=formats.natural_order) == [
        "Age 2 and under",
        "Age 9",
        "Age 10",
        "Age 20 and over",
        "Age unknown",
    ]
    years = ["10 years", "2 years", "Less than a year", "1 year"]
    assert sorted(years, key=formats.natural_order) == [
        "Less than a year",
        "1 year",
        "2 years",
        "10 years",
    ]


def test_every_symbol_of_the_publishers_is_explained() -> None:
    assert {"c", "x", "z", "low", "p", "r", "b"} <= set(formats.SYMBOLS)
    assert all(formats.SYMBOLS.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No identified SEN", "no identified SEN"),
        ("SEN provision", "SEN provision"),
        ("SEND Tribunal appeal rate", "SEND Tribunal appeal rate"),
        ("Attainment 8 score", "Attainment 8 score"),
        ("AP/PRU - academy", "AP/PRU - academy"),
        ("Asian - Indian", "Asian - Indian"),
        ("Mixed - White and Asian", "mixed - White and Asian"),
        ("Other difficulty/disability", "other difficulty/disability"),
        ("State-funded mainstream share", "state-funded mainstream share"),
        ("Age 4", "age 4"),
        ("6 years", "6 years"),
        ("", ""),
    ],
)
def test_only_the_first_letter_of_an_ordinary_word_is_lowered(text: str, expected: str) -> None:
    assert formats.lower_first(text) == expected


def test_a_base_is_small_below_twenty_and_unknown_without_a_number() -> None:
    assert formats.is_small(19)
    assert not formats.is_small(20)
    assert not formats.is_small(None)
    assert not formats.is_small(float("nan"))
