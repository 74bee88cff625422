"""The newest figure is per area, and a change is stated only between periods that compare."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from dashboards.latest import at, every_period, latest, recent
from dashboards.measure import OWN
from dashboards.words.card import period_line
from tests.unit.dashboards.measures import measure

MEASURE = measure()


def rows(*values: tuple[str, float | None, float | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "period": period,
                "period_label": f"January {period[:4]}",
                "period_kind": "stock",
                "value": value,
                "change": change,
                "symbol": symbol,
                "numerator": None,
                "denominator": None,
                "is_revised": False,
            }
            for period, value, change, symbol in values
        ]
    )


def test_the_newest_period_with_a_value_is_shown_and_a_later_symbol_is_kept() -> None:
    found = latest(rows(("2024-01", 30.0, None, None), ("2025-01", None, None, "x")), MEASURE)
    assert found is not None
    assert (found.period, found.value) == ("2024-01", 30.0)
    assert found.pending == ("January 2025", "x")
    assert found.since == "January 2023"


def test_only_symbols() -> None:
    found = latest(rows(("2025-01", None, None, "c")), MEASURE)
    assert found is not None
    assert found.value is None
    assert found.pending == ("", "")


def test_no_rows() -> None:
    assert latest(rows().reindex(columns=["period"]), MEASURE) is None


def test_a_break_takes_the_change_away() -> None:
    frame = rows(("2022-01", 29.7, None, None), ("2023-01", 30.6, 0.9, None))
    plain = latest(frame, MEASURE)
    broken = latest(frame, replace(MEASURE, breaks=(("2023-01", "new basis"),)))
    assert plain is not None
    assert broken is not None
    assert (plain.change, plain.is_break) == (0.9, False)
    assert (broken.change, broken.is_break) == (None, True)


def test_missing_years_are_gaps() -> None:
    frame = rows(("2022-01", 29.7, None, None), ("2024-01", 32.1, None, None))
    periods = every_period(frame)
    assert periods == ["2022-01", "2023-01", "2024-01"]
    assert recent(frame, periods) == [29.7, None, 32.1]
    assert every_period(frame.iloc[:0]) == []


def test_a_comparator_without_a_figure_is_none() -> None:
    benchmark = pd.DataFrame({"period": ["2024-01", "2025-01"], "england_value": [43.3, None]})
    assert at(benchmark, "2024-01", "england_value") == 43.3
    assert at(benchmark, "2025-01", "england_value") is None
    assert at(benchmark, "2026-01", "england_value") is None


def counted(value: float, numerator: float | None, denominator: float | None) -> float | None:
    """The share of the counts of a protected figure, which is printed without decimals."""
    frame = rows(("2026-01", value, None, None)).assign(
        numerator=numerator, denominator=denominator, source=OWN
    )
    found = latest(frame, replace(MEASURE, own_decimals=0))
    assert found is not None
    return found.counted("percent", 1)


def test_a_rounded_share_is_known_from_its_counts_where_both_are_held_and_agree() -> None:
    assert counted(23.0, 300, 1320) == 100 * 300 / 1320
    assert counted(23.0, None, 1320) is None
    assert counted(23.0, 300, 0) is None
    assert counted(23.0, 400, 1320) is None


def test_a_share_as_exact_as_those_beside_it_is_taken_as_it_is_printed() -> None:
    frame = rows(("2026-01", 22.8, None, None)).assign(numerator=301, denominator=1320)
    found = latest(frame, MEASURE)
    assert found is not None
    assert found.counted("percent", 1) is None
    assert found.counted("per_1000", 2) is None


@pytest.mark.parametrize(
    ("source", "vintage", "period", "day"),
    [
        ("council", "2026", "2026-01", "15 January 2026"),
        ("council", "2026-r2", "2026-01", "15 January 2026"),
        ("council", "2026-01", "2026-01", ""),
        ("council", "2026-01-services", "2026-01", ""),
        ("council", "2026", "2025", ""),
        ("dfe", "2026", "2026-01", ""),
    ],
)
def test_a_count_of_the_councils_return_knows_its_day(
    source: str, vintage: str, period: str, day: str
) -> None:
    frame = rows((period, 4.0, None, None)).assign(source=source, vintage=vintage)
    found = latest(frame, MEASURE)
    assert found is not None
    assert found.day == day
    assert period_line(found) == (day or found.period_label)
