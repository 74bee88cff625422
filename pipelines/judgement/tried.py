"""Which rules are tried on a yearly measure, and how each did on every past year.

What belongs here: the trial and its record. What the winner says of each authority: yearly.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from pipelines.analysis import simple_rules
from pipelines.analysis.backtest import (
    FIRST_ORIGIN,
    HORIZONS,
    BackTest,
    Choice,
    back_test,
    choose,
)
from pipelines.analysis.panel import Kind, Panel, Rule
from pipelines.analysis.ranges import Floats
from pipelines.judgement.panel_of import LEAST_FOR_MODEL

NAIVE = "same as last year"
OWN_GROWTH = "own last growth"
ENGLAND_GROWTH = "England's last growth"
MEDIAN_CHANGE = "England's median change"
ETS = "exponential smoothing (ETS)"
MODEL = "the model"
# A distance from England's share is projected around this, so that it stays between 0 and 100.
GAP_MIDDLE = 50.0


@dataclass(frozen=True)
class Rules:
    """What is tried on a measure: simple rules, and models that have to beat them."""

    simple: Mapping[str, Rule]
    models: Mapping[str, Rule]

    @classmethod
    def of(cls, kind: Kind, models: Mapping[str, Rule]) -> Rules:
        """The simple rules of counts or percentages."""
        simple = simple_rules.PLANS_RULES if kind == "relative" else simple_rules.SHARE_RULES
        return cls(simple, models)

    def without(self, name: str) -> Rules:
        """The same but for one model."""
        return Rules(self.simple, {key: rule for key, rule in self.models.items() if key != name})

    def for_panel(self, authorities: int, newer: int, kind: Kind) -> Rules:
        """Without models where the authorities are few, and read from newer figures."""
        models = self.models if authorities >= LEAST_FOR_MODEL else {}
        if not newer:
            return Rules(self.simple, models)

        def carried(rules: Mapping[str, Rule]) -> dict[str, Rule]:
            needs_all = {MODEL, MEDIAN_CHANGE}
            return {
                name: simple_rules.carried_on(rule, newer, kind) if name in needs_all else rule
                for name, rule in rules.items()
            }

        return Rules(carried(self.simple), carried(models))


@dataclass(frozen=True)
class Tested:
    """The rules of one measure held against past years.

    Args:
        panel: what they were tested on.
        newer: how many years the authority that is forecast is ahead of the panel.
        rules: those that were tried.
        tests: by name.
        choices: one for each year ahead that a past year tests.
        sizes: plans of each authority and year of the panel.
    """

    panel: Panel
    newer: int
    rules: Rules
    tests: Mapping[str, BackTest]
    choices: tuple[Choice, ...]
    sizes: Floats

    @cached_property
    def central(self) -> Floats:
        """What is expected of each authority as of the panel's last year: (authorities, years)."""
        rules = [self.rule(choice.used)(self.panel, choice.ahead) for choice in self.choices]
        return np.stack(rules, axis=1)

    @property
    def used(self) -> list[BackTest]:
        """The test of the rule used for each year ahead."""
        return [self.tests[choice.used] for choice in self.choices]

    def rule(self, name: str) -> Rule:
        """A rule by its name."""
        return {**self.rules.simple, **self.rules.models}[name]


def tested(panel: Panel, kind: Kind, rules: Rules, sizes: Floats, newer: int) -> Tested:
    """Try each rule on each past year of the panel, and choose for each year ahead."""
    own = rules.for_panel(len(panel.la_codes), newer, kind)
    last = len(panel.years) - 1
    first = FIRST_ORIGIN + newer
    horizons = tuple(ahead for ahead in HORIZONS if first + ahead <= last)
    tests = {
        name: back_test(name, rule, panel, kind, sizes=sizes, horizons=horizons, first_origin=first)
        for name, rule in {**own.simple, **own.models}.items()
    }
    simple = [tests[name] for name in own.simple]
    models = [tests[name] for name in own.models]
    choices = tuple(choose(models, simple, ahead) for ahead in horizons)
    return Tested(panel, newer, own, tests, choices, sizes)


def sizes_of(panel: Panel, plans: Panel | None) -> Floats:
    """Plans of a panel's authorities in its years, or the years next to them; else the median."""
    if plans is None:
        return np.ones_like(panel.values)
    columns = np.clip(np.array(panel.years) - plans.years[0], 0, len(plans.years) - 1)
    rows = {code: row for row, code in enumerate(plans.la_codes)}
    usual = np.median(plans.values, axis=0)
    return np.array(
        [(plans.values[rows[code]] if code in rows else usual)[columns] for code in panel.la_codes]
    )


def against_england(panel: Panel) -> Panel:
    """Each percentage's distance from England's, around 50 points."""
    return replace(
        panel,
        values=panel.values - panel.england + GAP_MIDDLE,
        england=np.full(len(panel.years), GAP_MIDDLE),
    )


def record(
    made: Tested, kpi: str, period_kind: str, *, is_against_england: bool
) -> Iterator[dict[str, Any]]:
    """Rows of marts.forecast_test."""
    for choice in made.choices:
        for name, test in made.tests.items():
            yield {
                "forecast_basis": "published_totals",
                "kpi": kpi,
                "tested_on": "all",
                "period_kind": period_kind,
                "newer_year_count": made.newer,
                "is_against_england": is_against_england,
                "forecast_model": name,
                "ahead": choice.ahead,
                "is_model": name in made.rules.models,
                "is_used": name == choice.used,
                "authority_count": len(made.panel.la_codes),
                "origin_count": len(test.origins(choice.ahead)),
                **_scores(test, choice.ahead, made.tests[NAIVE]),
            }


def _scores(test: BackTest, ahead: int, naive: BackTest) -> dict[str, Any]:
    """The figures of a rule's record so many years ahead."""
    plain = naive.mean_absolute_error(ahead)
    error = test.mean_absolute_error(ahead)
    return {
        "signed_error": test.signed_error(ahead),
        "mean_absolute_error": error,
        "error_unit": "percent" if test.kind == "relative" else "points",
        "against_naive": error / plain if plain > 0 else None,
        "coverage_pct": test.coverage_pct(ahead),
        "coverage_by_earlier_pct": test.coverage_by_earlier_pct(ahead),
    }
