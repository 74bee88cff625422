"""A forecast that was made, whatever model made it, and its rows of marts.forecast*.

What belongs here: the shape that all forecasts share, so that a page, a chance and a score need not
know where one comes from. No model stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.analysis.ranges import Floats
from pipelines.judgement.rows import table_of

Basis = Literal["published_totals", "matched_returns", "own_months"]

FORECAST = (
    "forecast",
    "kpi",
    "la_code",
    "area_code",
    "period_kind",
    "forecast_basis",
    "origin_period",
    "origin_value",
    "newer_year_count",
    "authority_count",
    "run_count",
    "seed",
    "is_shown_first",
    "why_not",
    "forecast_note",
)
VALUE = (
    "forecast",
    "kpi",
    "la_code",
    "area_code",
    "period_kind",
    "period",
    "ahead",
    "forecast_model",
    "is_model",
    "value_p10",
    "value_p50",
    "value_p90",
)
TEST = (
    "forecast_basis",
    "kpi",
    "tested_on",
    "period_kind",
    "newer_year_count",
    "is_against_england",
    "forecast_model",
    "ahead",
    "is_model",
    "is_used",
    "authority_count",
    "origin_count",
    "signed_error",
    "mean_absolute_error",
    "error_unit",
    "against_naive",
    "coverage_pct",
    "coverage_by_earlier_pct",
)


@dataclass(frozen=True)
class Step:
    """What is expected in one period.

    Args:
        period: as the measure names it.
        ahead: years or months after the newest value.
        model: name of the rule or model.
        is_model: whether it is more than a simple rule.
        value_p10, value_p50, value_p90: the range and its middle, in the measure's unit.
        draws: possible values, equally likely, of which a chance is a share.
    """

    period: str
    ahead: int
    model: str
    is_model: bool
    value_p10: float
    value_p50: float
    value_p90: float
    draws: Floats


@dataclass(frozen=True)
class Forecast:
    """A measure of one area ahead, or why there is none.

    Args:
        kpi, la_code, area_code, period_kind: what is forecast.
        basis: what it was made from.
        origin_period, origin_value: the newest value that is known.
        steps: one a period; none where why_not says why.
        note: which rule was chosen and why, in a sentence.
        newer_years: years of its own that are newer than the other authorities'.
        authorities: how many authorities the rule was tested on.
        runs, seed: of a simulation.
        gap_steps: of a percentage, its distance from England's, each step 50 points higher.
        part: of a part of the measure, its name; such a forecast only serves a milestone's chance.
    """

    kpi: str
    la_code: str
    area_code: str
    period_kind: str
    basis: Basis
    origin_period: str | None = None
    origin_value: float | None = None
    steps: tuple[Step, ...] = ()
    why_not: str | None = None
    note: str | None = None
    newer_years: int = 0
    authorities: int | None = None
    runs: int | None = None
    seed: int | None = None
    gap_steps: tuple[Step, ...] = ()
    part: str = ""

    @property
    def id(self) -> str:
        """Its name, which stays the same from release to release."""
        whole = f"{self.basis}/{self.kpi}/{self.la_code}/{self.period_kind}"
        return f"{whole}/{self.part}" if self.part else whole


def forecast_table(forecasts: Sequence[Forecast], first: frozenset[str]) -> Any:
    """marts.forecast; first: ids of those that a reader meets first."""
    return table_of(
        FORECAST,
        (
            {
                "forecast": made.id,
                "kpi": made.kpi,
                "la_code": made.la_code,
                "area_code": made.area_code,
                "period_kind": made.period_kind,
                "forecast_basis": made.basis,
                "origin_period": made.origin_period,
                "origin_value": made.origin_value,
                "newer_year_count": made.newer_years,
                "authority_count": made.authorities,
                "run_count": made.runs,
                "seed": made.seed,
                "is_shown_first": made.id in first,
                "why_not": made.why_not,
                "forecast_note": made.note,
            }
            for made in forecasts
        ),
    )


def value_table(forecasts: Sequence[Forecast]) -> Any:
    """marts.forecast_value."""
    return table_of(
        VALUE,
        (
            {
                "forecast": made.id,
                "kpi": made.kpi,
                "la_code": made.la_code,
                "area_code": made.area_code,
                "period_kind": made.period_kind,
                "period": step.period,
                "ahead": step.ahead,
                "forecast_model": step.model,
                "is_model": step.is_model,
                "value_p10": step.value_p10,
                "value_p50": step.value_p50,
                "value_p90": step.value_p90,
            }
            for made in forecasts
            for step in made.steps
        ),
    )
