"""A yearly measure of all authorities ahead: which rule did best on past years, and what it says.

The same for the caseload and for any other measure that publishers print by year; only the rules
that are tried differ (caseload.py, measure_forecast.py).
docs/methods.md, "Which forecast is shown".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipelines.analysis.backtest import FIRST_ORIGIN, fan, size_classes
from pipelines.analysis.panel import Panel
from pipelines.analysis.ranges import Floats
from pipelines.analysis.scoring import HELD_LEAST, HELD_MOST
from pipelines.judgement.made import Forecast, Step
from pipelines.judgement.panel_of import Gathered
from pipelines.judgement.tried import (
    ETS,
    GAP_MIDDLE,
    Rules,
    Tested,
    against_england,
    record,
    sizes_of,
    tested,
)


@dataclass(frozen=True)
class Project:
    """Everything that is needed to forecast one measure for one authority after the other."""

    measure: Gathered
    rules: Rules
    tested: Mapping[int, Tested]
    gap_tested: Mapping[int, Tested]

    @classmethod
    def of(
        cls, measure: Gathered, rules: Rules, plans: Panel | None, *, has_gap: bool = False
    ) -> Project:
        """Test the rules as of the panel's last year, and of any newer year that somebody has.

        has_gap: whether a percentage's distance from England's is projected too.
        """
        if measure.panel is None:
            return cls(measure, rules, {}, {})
        panel = measure.panel
        sizes = sizes_of(panel, plans)
        ahead = {newer for code in panel.la_codes if (newer := measure.newer_years(code))}
        span = len(panel.years) - 1 - FIRST_ORIGIN
        steps = [0, *sorted(newer for newer in ahead if newer < span)]
        made = {newer: tested(panel, measure.kind, rules, sizes, newer) for newer in steps}
        gaps = {}
        if has_gap and measure.kind == "points":
            apart, own = against_england(panel), rules.without(ETS)
            gaps = {newer: tested(apart, "points", own, sizes, newer) for newer in steps}
        return cls(measure, rules, made, gaps)

    def newer(self, code: str) -> int:
        """How many newer years of this authority are used."""
        known = self.measure.newer_years(code)
        return known if known in self.tested else 0

    def steps(self, code: str, period: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
        """The forecast of one authority, and that of its distance from England.

        period: how a year is written, with {} for the year.
        """
        newer = self.newer(code)
        tail = self.measure.newer[code][:newer], self.measure.england_newer[:newer]
        own = _steps(self.tested[newer], code, tail, period)
        if newer not in self.gap_tested:
            return own, ()
        apart = (tail[0] - tail[1] + GAP_MIDDLE, np.full(newer, GAP_MIDDLE))
        return own, _steps(self.gap_tested[newer], code, apart, period)


def _steps(made: Tested, code: str, tail: tuple[Floats, Floats], period: str) -> tuple[Step, ...]:
    row = made.panel.la_codes.index(code)
    last = made.panel.years[-1] + made.newer
    central = _central(made, row, *tail)
    size = size_classes(made.sizes[:, -1])[row : row + 1]
    lower, upper = fan(made.used, central[np.newaxis, :], size)
    return tuple(
        Step(
            period=period.format(last + choice.ahead),
            ahead=choice.ahead,
            model=choice.used,
            is_model=choice.used in made.rules.models,
            value_p10=float(lower[0, place]),
            value_p50=float(central[place]),
            value_p90=float(upper[0, place]),
            draws=test.bands(choice.ahead).draws(float(central[place]), int(size[0])),
        )
        for place, (choice, test) in enumerate(zip(made.choices, made.used, strict=True))
    )


def _central(made: Tested, row: int, values: Floats, england: Floats) -> Floats:
    if not len(values):
        return np.asarray(made.central[row])
    known = _with_tail(made.panel, row, values, england)
    return np.array([made.rule(choice.used)(known, choice.ahead)[row] for choice in made.choices])


def _with_tail(panel: Panel, row: int, values: Floats, england: Floats) -> Panel:
    """The panel with the newer years of one authority; the others stay as they were last."""
    count = len(values)
    rest = np.repeat(panel.values[:, -1:], count, axis=1)
    rest[row] = values
    known = {
        name: np.hstack([figures, np.full((len(figures), count), np.nan)])
        for name, figures in panel.known.items()
    }
    return replace(
        panel,
        years=tuple(range(panel.years[0], panel.years[-1] + count + 1)),
        values=np.hstack([panel.values, rest]),
        england=np.concatenate([panel.england, england]),
        known=known,
    )


def forecasts(project: Project, areas: Mapping[str, str], period_kind: str) -> Iterator[Forecast]:
    """One for each authority: its steps, or why there are none.

    areas: area code by three-digit code, in the order in which they come out.
    """
    measure = project.measure
    period = "{}-01" if period_kind == "stock" else "{}"
    for code, area in areas.items():
        facts: dict[str, Any] = {
            "kpi": measure.kpi,
            "la_code": code,
            "area_code": area,
            "period_kind": period_kind,
            "basis": "published_totals",
        }
        if measure.panel is None or code not in measure.panel.la_codes:
            yield Forecast(**facts, **_origin(measure, code, period), why_not=_why(measure, code))
            continue
        newer = project.newer(code)
        row = measure.panel.la_codes.index(code)
        values = np.concatenate([measure.panel.values[row], measure.newer[code][:newer]])
        steps, gap_steps = project.steps(code, period)
        yield Forecast(
            **facts,
            origin_period=period.format(measure.panel.years[-1] + newer),
            origin_value=float(values[-1]),
            steps=steps,
            gap_steps=gap_steps,
            note=_note(project, project.tested[newer]),
            newer_years=newer,
            authorities=len(measure.panel.la_codes),
        )


def _origin(measure: Gathered, code: str, period: str) -> dict[str, Any]:
    year, value = measure.newest.get(code, (0, np.nan))
    if not year:
        return {}
    return {"origin_period": period.format(year), "origin_value": value}


def _why(measure: Gathered, code: str) -> str:
    return measure.why_not.get(code, "No published figure is held for this authority.")


def _note(project: Project, made: Tested) -> str:
    """Which rule is shown, in a sentence for the page."""
    models = [choice.ahead for choice in made.choices if choice.used in made.rules.models]
    count = len(made.panel.la_codes)
    if not project.rules.models:
        lead = "A simple rule, with the range of its own past misses."
    elif not made.rules.models:
        why = f"with {count} authorities no model is fitted"
        lead = f"A simple rule, with the range of its own past misses: {why}."
    elif not models:
        lead = "A simple rule, with the range of its own past misses: no model beat it."
    elif len(models) == len(made.choices):
        lead = "The model beat every simple rule on past years."
    else:
        years = " and ".join(map(str, models))
        lead = f"The model beat every simple rule {years} years ahead; otherwise a simple rule."
    return f"{lead} Tested on {count} authorities.{_narrow(made)}"


def _narrow(made: Tested) -> str:
    """A warning where the range held less than it should have, or more."""
    held = {
        choice.ahead: pct
        for choice, test in zip(made.choices, made.used, strict=True)
        if (pct := test.coverage_pct(choice.ahead)) is not None
        and not HELD_LEAST <= pct <= HELD_MOST
    }
    words = {1: "one year", 2: "two years", 3: "three years", 4: "four years"}
    said = [f"{pct:.0f}% {words[ahead]} ahead" for ahead, pct in held.items()]
    return f" Its 80% range held {', '.join(said)}: not to be relied on." if said else ""


def trial_rows(project: Project, period_kind: str) -> Iterator[dict[str, Any]]:
    """Rows of marts.forecast_test."""
    for is_gap, group in ((False, project.tested), (True, project.gap_tested)):
        for made in group.values():
            yield from record(made, project.measure.kpi, period_kind, is_against_england=is_gap)
