"""How many plans, and where, from matched returns: what is shown, and its record so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.analysis.cohort_backtest import PLANS as PLANS_TEST
from pipelines.analysis.cohort_backtest import Tested
from pipelines.analysis.ranges import Floats, quantiles
from pipelines.judgement.caseload import PERIOD_KIND, PLANS
from pipelines.judgement.cohort_of import RUNS, SEED, SHARES, Cohort, draws_of
from pipelines.judgement.made import Forecast, Step
from pipelines.judgement.tried import GAP_MIDDLE, NAIVE
from pipelines.judgement.yardstick import Yardstick
from pipelines.judgement.yearly import Project

MODEL = "the cohort model"
MEASURES = (PLANS, *SHARES)
BASIS = "matched_returns"


def forecasts(made: Cohort, yardsticks: Mapping[str, Yardstick]) -> Iterator[Forecast]:
    """Plans, and the shares of mainstream and special schools, each by the model or a rule."""
    plans = made.level(PLANS, made.last_year)
    for kpi in MEASURES:
        yardstick = yardsticks[kpi]
        before, now = made.level(kpi, made.last_year - 1), made.level(kpi, made.last_year)
        is_beaten = beats(made, kpi, yardstick) is False
        if is_beaten:
            steps = tuple(yardstick.steps(before, now, made.last_year, plans))
        else:
            steps = tuple(_steps(draws_of(made.projection, kpi), made.projection.years))
        yield Forecast(
            kpi=kpi,
            la_code=made.la_code,
            area_code=made.area_code,
            period_kind=PERIOD_KIND,
            basis="matched_returns",
            origin_period=f"{made.last_year}-01",
            origin_value=now,
            steps=steps,
            why_not=None if steps else _no_range(yardstick),
            note=_note(made, kpi, yardstick),
            runs=None if is_beaten else RUNS,
            seed=None if is_beaten else SEED,
        )


def none(la_code: str, area_code: str, reason: str) -> Forecast:
    """What stands in place of a forecast."""
    return Forecast(PLANS, la_code, area_code, PERIOD_KIND, "matched_returns", why_not=reason)


def against_england(forecast: Forecast, england: Mapping[int, float]) -> Forecast:
    """The same with each share's distance from England's, around 50 points.

    England's share is taken to change as it has on average; its own uncertainty is small beside a
    single authority's.
    """
    first, last = min(england), max(england)
    slope = (england[last] - england[first]) / (last - first)
    steps = []
    for step in forecast.steps:
        moved = GAP_MIDDLE - england[last] - slope * (int(step.period[:4]) - last)
        steps.append(
            replace(
                step,
                value_p10=step.value_p10 + moved,
                value_p50=step.value_p50 + moved,
                value_p90=step.value_p90 + moved,
                draws=step.draws + moved,
            )
        )
    return replace(forecast, gap_steps=tuple(steps))


def yardsticks(projects: Mapping[str, Project]) -> dict[str, Yardstick]:
    """The rule to beat, by measure."""
    return {kpi: Yardstick.of(projects[kpi]) for kpi in MEASURES}


def beats(made: Cohort, kpi: str, yardstick: Yardstick) -> bool | None:
    """Whether the model missed by less than no change and the rule; None where nothing tests it."""
    tests = _tests(made, kpi)
    if not tests:
        return None
    own, rule, naive = (
        np.abs(_missed(made, kpi, tests, said)).mean() for said in (None, yardstick, _no_change())
    )
    return bool(own < min(rule, naive))


def trial_rows(made: Cohort, yardsticks: Mapping[str, Yardstick]) -> Iterator[dict[str, Any]]:
    """Rows of marts.forecast_test: the model beside the simple rules, on the same returns."""
    for kpi in MEASURES:
        rule = yardsticks[kpi]
        tried = {MODEL: None, NAIVE: _no_change(), rule.name: rule}
        used = rule.name if beats(made, kpi, rule) is False else MODEL
        for ahead in sorted({test.ahead for test in _tests(made, kpi)}):
            tests = [test for test in _tests(made, kpi) if test.ahead == ahead]
            naive = np.abs(_missed(made, kpi, tests, _no_change())).mean()
            for name, said in tried.items():
                yield _row(made, kpi, ahead, name, tests, said) | {
                    "is_used": name == used,
                    "against_naive": _ratio(_missed(made, kpi, tests, said), float(naive)),
                }


def _row(
    made: Cohort,
    kpi: str,
    ahead: int,
    name: str,
    tests: Sequence[Tested],
    said: Yardstick | None,
) -> dict[str, Any]:
    errors = _missed(made, kpi, tests, said)
    held = [test.lower <= test.actual <= test.upper for test in tests]
    return {
        "forecast_basis": BASIS,
        "kpi": kpi,
        "tested_on": made.la_code,
        "period_kind": PERIOD_KIND,
        "newer_year_count": 0,
        "is_against_england": False,
        "forecast_model": name,
        "ahead": ahead,
        "is_model": said is None,
        "authority_count": 1,
        "origin_count": len(tests),
        "signed_error": float(errors.mean()),
        "mean_absolute_error": float(np.abs(errors).mean()),
        "error_unit": "percent" if kpi == PLANS else "points",
        "coverage_pct": float(100 * np.mean(held)) if said is None else None,
        "coverage_by_earlier_pct": None,
    }


def _ratio(errors: Floats, naive: float) -> float | None:
    return float(np.abs(errors).mean() / naive) if naive > 0 else None


def _no_change() -> Yardstick:
    return Yardstick(NAIVE, None, {}, {})


def _tests(made: Cohort, kpi: str) -> list[Tested]:
    name = PLANS_TEST if kpi == PLANS else kpi
    return [test for test in made.tests if test.measure == name]


def _missed(made: Cohort, kpi: str, tests: Sequence[Tested], said: Yardstick | None) -> Floats:
    """Forecast less actual of the model (None) or a rule: per cent for plans, points for shares."""
    expected = np.array(
        [
            test.median
            if said is None
            else said.says(made.level(kpi, test.origin - 1), test.naive, test.origin, test.ahead)
            for test in tests
        ]
    )
    came = np.array([test.actual for test in tests])
    return np.asarray(100 * (expected - came) / came if kpi == PLANS else expected - came)


def _steps(draws: Floats, years: Sequence[int]) -> Iterator[Step]:
    ranges = quantiles(draws)
    for place, year in enumerate(years[1:], start=1):
        low, middle, high = (float(end) for end in ranges[:, place])
        yield Step(f"{year}-01", place, MODEL, True, low, middle, high, np.sort(draws[:, place]))


def _no_range(yardstick: Yardstick) -> str:
    return (
        f"The model did not beat the rule '{yardstick.name}', and no other authorities' figures "
        "are held to give that rule a range."
    )


def _note(made: Cohort, kpi: str, yardstick: Yardstick) -> str:
    count = len(_tests(made, kpi))
    tried = f"{count} forecast{'' if count == 1 else 's'} of past returns"
    if beats(made, kpi, yardstick) is False:
        return (
            f"A simple rule ({yardstick.name}), with the range of what it missed by in other "
            f"authorities: the cohort model did not beat it in {tried}."
        )
    people = "" if made.has_population else " The number of young people is taken as constant."
    years = f"Children matched in the returns {made.returns[0].year} to {made.last_year}."
    if not count:
        return f"{years} No return tests the model yet.{people}"
    return (
        f"{years} The model beat the simple rules in {tried}; "
        f"too few to say how often its range holds.{people}"
    )
