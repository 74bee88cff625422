"""The totals that the county adds up to: data/sample/margins.yml as frozen models, at any size.

Scaling keeps the sums: parts are cut to a total by the largest remainder, and transfers in stay
the balance of plans, new plans and ceased plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from pipelines.registry.strict import Strict, load

Name = TypeVar("Name", int, str)


class Requests(Strict):
    """Requests received in a year, by their state at the census after it."""

    received: int
    refused: int
    outstanding: int
    withdrawn: int

    @property
    def agreed(self) -> int:
        """Requests after which the council assesses."""
        return self.received - self.refused - self.outstanding - self.withdrawn


class Decisions(Strict):
    """Decisions dated in a year."""

    in_six_weeks: int
    over_six_weeks: int

    @property
    def all(self) -> int:
        """In time or not."""
        return self.in_six_weeks + self.over_six_weeks


class NewPlans(Strict):
    """Plans that began in a year, and where their children learn at the census after it."""

    all: int
    mainstream: int
    special: int


class Timeliness(Strict):
    """Plans issued in a year without mediation or tribunal; `_ex`: without excepted cases."""

    all: int
    all_ex: int
    within: int
    within_ex: int
    over_year: int
    over_year_ex: int

    @property
    def middle(self) -> int:
        """Issued after 20 weeks and within a year."""
        return self.all - self.within - self.over_year

    @property
    def middle_ex(self) -> int:
        """The same without excepted cases."""
        return self.all_ex - self.within_ex - self.over_year_ex


class Year(Strict):
    """One calendar year."""

    requests: Requests
    decisions: Decisions
    new_plans: NewPlans
    timeliness: Timeliness
    not_issued: int
    ceased: dict[str, int]


class Reviews(Strict):
    """Annual reviews at one census."""

    expected: int
    meetings: int
    meetings_before_year: int
    in_four_weeks: int
    over_four_weeks: int
    amend: int
    cease: int


class Overdue(Strict):
    """Cases that run for more than 20 weeks without an exception: at year ends and in autumn.

    Attributes:
        left: at the end of each year. in_autumn: at the end of September of the last.
    """

    left: dict[int, int]
    in_autumn: int


class Needs(Strict):
    """Primary needs, as weights."""

    plans: dict[str, int]
    new_plans: dict[str, int]


class Weights(Strict):
    """How a trait is spread, as weights."""

    age_of_plans: dict[int, int]
    age_of_new_plans: dict[int, int]
    age_of_requests: dict[int, int]
    start_year: dict[int, int]
    sex: dict[str, int]
    ethnicity: dict[str, int]


class Census(Strict):
    """School rolls."""

    pupils: int
    support_pct: dict[int, float]


class Margins(Strict):
    """data/sample/margins.yml; what each part is stands there."""

    caseload: dict[int, dict[str, int]]
    years: dict[int, Year]
    sources: dict[str, Requests]
    reviews: Reviews
    overdue: Overdue
    needs: Needs
    personal_budgets: dict[int, int]
    residential: dict[int, dict[str, int]]
    work_based: dict[str, int]
    weights: Weights
    census: Census
    invented: tuple[str, ...]

    def plans(self, year: int) -> int:
        """Plans in place at the census of a year."""
        return sum(self.caseload[year].values())

    def ceased(self, year: int) -> int:
        """Plans ceased in a calendar year."""
        return sum(self.years[year].ceased.values())

    def transfers_in(self, year: int) -> int:
        """The balance: plans taken over from other authorities in a calendar year."""
        grown = self.plans(year + 1) - self.plans(year)
        return grown - self.years[year].new_plans.all + self.ceased(year)


def shares(weights: Mapping[Name, float], total: int) -> dict[Name, int]:
    """Whole numbers in the proportions of the weights that add up to total (largest remainder)."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole if whole else 0.0 for name, weight in weights.items()}
    floors = {name: int(value) for name, value in exact.items()}
    left = total - sum(floors.values()) if whole else 0
    order: Iterable[Name] = sorted(exact, key=lambda name: floors[name] - exact[name])
    for name, _ in zip(order, range(left), strict=False):
        floors[name] += 1
    return floors


@cache
def published(project_root: Path) -> Margins:
    """The margins at their own size.

    Raises:
        RegistryError: a key is unknown or missing.
    """
    return load(Margins, project_root / "data" / "sample" / "margins.yml")


def scaled(margins: Margins, scale: float) -> Margins:
    """The same county at another size; 1 gives the margins themselves."""
    if scale == 1:
        return margins
    return margins.model_copy(
        update={
            "caseload": {
                year: shares(kinds, round(sum(kinds.values()) * scale))
                for year, kinds in margins.caseload.items()
            },
            "years": _years(margins, scale),
            "sources": {name: _of(part, scale) for name, part in margins.sources.items()},
            "overdue": Overdue(
                left=_times(margins.overdue.left, scale),
                in_autumn=round(margins.overdue.in_autumn * scale),
            ),
            "personal_budgets": _times(margins.personal_budgets, scale),
            "residential": {y: _times(kinds, scale) for y, kinds in margins.residential.items()},
            "work_based": _times(margins.work_based, scale),
            "census": margins.census.model_copy(
                update={"pupils": round(margins.census.pupils * scale)}
            ),
        }
    )


def _years(margins: Margins, scale: float) -> dict[int, Year]:
    """Each year cut down; whatever would make transfers in negative is taken from new plans."""
    years = {}
    plans = {year: round(margins.plans(year) * scale) for year in margins.caseload}
    for year, whole in margins.years.items():
        ceased = shares(whole.ceased, round(margins.ceased(year) * scale))
        room = plans[year + 1] - plans[year] + sum(ceased.values())
        new = _of(whole.new_plans, scale, most=room)
        years[year] = Year(
            requests=_of(whole.requests, scale),
            decisions=_of(whole.decisions, scale),
            new_plans=new,
            timeliness=_of(whole.timeliness, scale, most=new.all),
            not_issued=round(whole.not_issued * scale),
            ceased=ceased,
        )
    return years


Part = TypeVar("Part", bound=Strict)


def _of(part: Part, scale: float, most: int | None = None) -> Part:
    """A part with every number scaled and rounded, none above `most`."""
    numbers = _times(part.model_dump(), scale)
    if most is not None:
        numbers = {name: min(value, most) for name, value in numbers.items()}
    return part.model_copy(update=numbers)


def _times(numbers: Mapping[Name, int], scale: float) -> dict[Name, int]:
    return {name: round(number * scale) for name, number in numbers.items()}
