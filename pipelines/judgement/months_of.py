"""A measure's own months ahead, for the council at home: from marts.kpi_value to a forecast.

Of what happens over time also the 12 months that end with each month. With December they are the
calendar year, by which a milestone about a year is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.analysis import monthly
from pipelines.judgement.asked import rows as rows_of
from pipelines.judgement.made import Forecast, Step

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
# Breakdown topic and breakdown of a whole measure.
WHOLE = ("All", "All")
# How a period of each kind is written, from year and month.
PERIODS = {"month": "{}-{:02d}", "rolling_year": "{}-R12-{:02d}"}


def forecasts(
    connection: duckdb.DuckDBPyConnection,
    kpi: str,
    unit: str,
    la_code: str,
    part: tuple[str, str] = WHOLE,
) -> tuple[list[Forecast], list[dict[str, Any]]]:
    """The forecast of each kind of period that the council has, and the rows of their tests.

    part: breakdown topic and breakdown.
    """
    rows = own_months(connection, kpi, la_code, part)
    made, tests = [], []
    for kind in PERIODS:
        own = [row for row in rows if row["period_kind"] == kind]
        if own:
            one, tried = _forecast(own, kind, kpi, unit, la_code)
            made.append(one if part == WHOLE else replace(one, part=part[1]))
            tests += tried
    return made, tests


def own_months(
    connection: duckdb.DuckDBPyConnection, kpi: str, la_code: str, part: tuple[str, str] = WHOLE
) -> list[Row]:
    """Kind of period, period, area and value of each month, oldest first."""
    topic, breakdown = part
    return rows_of(
        connection,
        "own_month",
        kpi=kpi,
        la_code=la_code,
        breakdown_topic=topic,
        breakdown=breakdown,
    )


def _forecast(
    rows: list[Row], kind: str, kpi: str, unit: str, la_code: str
) -> tuple[Forecast, list[dict[str, Any]]]:
    months = _unbroken([_number(row["period"]) for row in rows])
    values = np.array([row["value"] for row in rows[-months:]], np.float64)
    newest = _number(rows[-1]["period"])
    facts: dict[str, Any] = {
        "kpi": kpi,
        "la_code": la_code,
        "area_code": rows[-1]["area_code"],
        "period_kind": kind,
        "basis": "own_months",
        "origin_period": _period(newest, kind),
        "origin_value": float(values[-1]),
    }
    if months < monthly.MIN_MONTHS:
        why = (
            f"Months without a gap up to {_period(newest, kind)}: {months}. "
            f"A rule can be chosen from {monthly.MIN_MONTHS} on."
        )
        return Forecast(**facts, why_not=why), []
    made = monthly.forecast(values, (0, 100 if unit == "percent" else np.inf))
    done = Forecast(**facts, steps=tuple(_steps(made, newest, kind)), note=_note(made, months))
    return done, list(_tests(made, done, unit))


def _steps(made: monthly.MonthlyForecast, newest: int, kind: str) -> Iterator[Step]:
    for place, middle in enumerate(made.central):
        yield Step(
            period=_period(newest + place + 1, kind),
            ahead=place + 1,
            model=made.used,
            is_model=made.used == monthly.SMOOTHING,
            value_p10=float(made.lower[place]),
            value_p50=float(middle),
            value_p90=float(made.upper[place]),
            draws=made.draws[place],
        )


def _note(made: monthly.MonthlyForecast, months: int) -> str:
    return (
        f"The rule with the smallest misses on this series' own {months} months: {made.used}. "
        "The range is made of its misses."
    )


def _tests(made: monthly.MonthlyForecast, done: Forecast, unit: str) -> Iterator[dict[str, Any]]:
    """Rows of marts.forecast_test."""
    reach = len(made.central)
    plain = made.tests[monthly.AS_LAST_MONTH]
    for name, test in made.tests.items():
        for ahead in range(1, reach + 1):
            misses = test.of(ahead)
            naive = np.abs(plain.of(ahead)).mean()
            yield {
                "forecast_basis": "own_months",
                "kpi": done.kpi,
                "tested_on": done.la_code,
                "period_kind": done.period_kind,
                "newer_year_count": 0,
                "is_against_england": False,
                "forecast_model": name,
                "ahead": ahead,
                "is_model": name == monthly.SMOOTHING,
                "is_used": name == made.used,
                "authority_count": 1,
                "origin_count": len(misses),
                "signed_error": float(-misses.mean()),
                "mean_absolute_error": float(np.abs(misses).mean()),
                "error_unit": "points" if unit == "percent" else "own",
                "against_naive": float(np.abs(misses).mean() / naive) if naive > 0 else None,
                "coverage_pct": test.coverage_pct(ahead),
                "coverage_by_earlier_pct": None,
            }


def _unbroken(months: list[int]) -> int:
    """How many of the newest months follow each other."""
    count = 1
    while count < len(months) and months[-count - 1] == months[-count] - 1:
        count += 1
    return count


def unbroken_months(periods: list[str]) -> list[str]:
    """The newest months without a gap between them, of some in their order."""
    count = _unbroken([_number(period) for period in periods]) if periods else 0
    return periods[len(periods) - count :]


def _number(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:7]) - 1


def _period(number: int, kind: str) -> str:
    return PERIODS[kind].format(number // 12, number % 12 + 1)
