"""The simple rule that a council's own model has to beat, and what is shown where it does not.

It is the rule that did best on all authorities, of those that need no more than two Januaries,
because a council's few returns test nothing well. Its range is what it missed by elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.analysis.backtest import fan, size_class
from pipelines.judgement.made import Step
from pipelines.judgement.tried import ENGLAND_GROWTH, MEDIAN_CHANGE, NAIVE, OWN_GROWTH, Tested
from pipelines.judgement.yearly import Project

TWO_YEAR_RULES = (NAIVE, OWN_GROWTH, ENGLAND_GROWTH, MEDIAN_CHANGE)


@dataclass(frozen=True)
class Yardstick:
    """The simple rule of one measure.

    Args:
        name: of the rule.
        tested: its record on all authorities; None where no panel is held.
        england: England's value by year.
        median_change: how the median authority changed, by the later year.
    """

    name: str
    tested: Tested | None
    england: Mapping[int, float]
    median_change: Mapping[int, float]

    @classmethod
    def of(cls, project: Project) -> Yardstick:
        """The best of the rules over all years ahead; without a panel, no change."""
        panel = project.measure.panel
        if panel is None:
            return cls(NAIVE, None, {}, {})
        tested = project.tested[0]
        errors = {
            name: np.mean([tested.tests[name].mean_absolute_error(c.ahead) for c in tested.choices])
            for name in TWO_YEAR_RULES
            if name in tested.tests
        }
        values = [*panel.england, *project.measure.england_newer]
        change = np.median(np.diff(panel.values, axis=1), axis=0)
        return cls(
            name=min(errors, key=lambda name: errors[name]),
            tested=tested,
            england=dict(enumerate(map(float, values), start=panel.years[0])),
            median_change=dict(enumerate(map(float, change), start=panel.years[1])),
        )

    def says(self, before: float, now: float, year: int, ahead: int) -> float:
        """What the rule expects, from the values of two successive Januaries, year the later."""
        if self.name == OWN_GROWTH:
            return float(now * (now / before) ** ahead)
        if self.name == ENGLAND_GROWTH:
            newest = min(year, max(self.england))
            return float(now * (self.england[newest] / self.england[newest - 1]) ** ahead)
        if self.name == MEDIAN_CHANGE:
            newest = min(year, max(self.median_change))
            return float(np.clip(now + ahead * self.median_change[newest], 0, 100))
        return now

    def steps(self, before: float, now: float, year: int, plans: float) -> Iterator[Step]:
        """The rule's forecast with its range; nothing where no other authority tells the range.

        plans: of the council, for its size class.
        """
        if self.tested is None:
            return
        test = self.tested.tests[self.name]
        size = size_class(plans, self.tested.sizes[:, -1])
        aheads = [choice.ahead for choice in self.tested.choices]
        central = np.array([[self.says(before, now, year, ahead) for ahead in aheads]])
        lower, upper = fan([test] * len(aheads), central, np.array([size]))
        for place, ahead in enumerate(aheads):
            middle = float(central[0, place])
            yield Step(
                period=f"{year + ahead}-01",
                ahead=ahead,
                model=self.name,
                is_model=False,
                value_p10=float(lower[0, place]),
                value_p50=middle,
                value_p90=float(upper[0, place]),
                draws=test.bands(ahead).draws(middle, size),
            )
