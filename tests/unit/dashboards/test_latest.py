"""The newest figure is per area, and a change is stated only between periods that compare."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dashboards.latest import at, every_period, latest, recent
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
