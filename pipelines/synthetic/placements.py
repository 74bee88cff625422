"""Where children with a plan learn at each census: the kind of setting, the setting, since when.

Kinds of placement bind at each census, column by column of the DfE's caseload file, and mainstream
and special among the plans that are new. Within that, children stay where they are as long as their
age and the totals allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.draw import (
    Days,
    Flags,
    Places,
    ages,
    census_day,
    day_of,
    no_days,
    pick,
    years_of,
)
from pipelines.synthetic.margins import Margins, shares
from pipelines.synthetic.plans import Plans
from pipelines.synthetic.schools import Schools

# Youngest and oldest age at 31 August; the narrower a kind, the earlier its places are filled.
AGES = {
    "nm_early_years": (2, 4),
    "neet": (16, 24),
    "neet_ntci": (16, 24),
    "neet_other_csa": (5, 15),
    "neet_other": (16, 24),
    "ukrlp_provider": (16, 24),
    "general_fe_tertiary_colleges": (16, 24),
    "specialist_post_16_institutions": (16, 24),
    "ap_pru_la_maintained": (6, 15),
    "ap_pru_academy": (6, 15),
    "ap_pru_free_school": (6, 15),
    "elective_home_education": (5, 17),
    "online_provider": (8, 17),
    "w_settings": (5, 18),
    "other_schools": (6, 18),
    "other_placement_settings": (5, 20),
    "mainstream_la_maintained_senunit": (4, 15),
    "mainstream_la_maintained_resourced_provision": (4, 15),
    "mainstream_academy_senunit": (4, 17),
    "mainstream_academy_resourced_provision": (4, 17),
    "mainstream_free_school_resourced_provision": (4, 17),
    "mainstream_free_school": (4, 17),
    "mainstream_independent": (4, 17),
    "special_free_school": (2, 18),
    "special_non_maintained": (3, 18),
    "special_independent": (4, 18),
    "other_arrangements_la": (4, 24),
    "placement_unknown": (2, 24),
    "special_la_maintained": (2, 18),
    "special_academy": (2, 18),
    "mainstream_la_maintained": (2, 15),
    "mainstream_academy": (3, 18),
}
KINDS = tuple(AGES)
MAINSTREAM = tuple(kind for kind in KINDS if kind.startswith("mainstream"))
SPECIAL = tuple(kind for kind in KINDS if kind.startswith("special_") and "post" not in kind)
# Chance to stay on at 16, when compulsory schooling ends, and in what holds nobody for long.
STAY_AT_16 = 0.15
STAY = {"neet": 0.6, "neet_other": 0.3, "neet_other_csa": 0.4, "placement_unknown": 0.0}
NONE = -1
LOWEST = np.array([ages_[0] for ages_ in AGES.values()])
OLDEST = np.array([ages_[1] for ages_ in AGES.values()])
OTHER = ~np.isin(KINDS, MAINSTREAM + SPECIAL)
EARLY_YEARS = KINDS.index("nm_early_years")
# Tries to find a setting in the child's own district.
TRIES = 5
FIRST_SCHOOL_DAY = (9, 4)


@dataclass(frozen=True)
class Placements:
    """Of each plan at each census: arrays of shape (censuses, plans).

    Attributes:
        years: of the censuses, in order.
        kind: place in KINDS, -1 where the plan is not in place.
        school: place in the schools, -1 where the kind has none.
        entry: day since when.
    """

    years: tuple[int, ...]
    kind: Places
    school: Places
    entry: Days


def placements(
    rng: np.random.Generator,
    margins: Margins,
    plans: Plans,
    birth: Days,
    district: Places,
    schools: Schools,
) -> Placements:
    """Placements at every census for which there are margins.

    birth, district: of each plan's child.
    """
    years = tuple(sorted(margins.caseload))
    kinds, places, entries = [], [], []
    kind = np.full(len(plans), NONE)
    school = np.full(len(plans), NONE)
    entry = no_days(len(plans))
    finder = _Finder(schools)
    for year in years:
        age = ages(birth, day_of(year - 1, 8, 31))
        open_ = plans.in_place(census_day(year))
        # Plans of the January after the last census get a place too, beside the totals.
        later = (plans.start > census_day(year)) & (year == years[-1])
        before = kind
        kind = np.where(open_, _kinds_at(rng, margins, plans, year, age, before), NONE)
        kind = np.where(later, _any_kind(rng, age), kind)
        new_school = finder.find(rng, kind, age, district, school, before)
        moved = (kind != before) | (new_school != school)
        entry = np.where(moved, _entry(rng, plans, year, age, kind, before), entry)
        school = new_school
        kinds.append(kind)
        places.append(school)
        entries.append(entry)
    return Placements(years, np.array(kinds), np.array(places), np.array(entries))


def _kinds_at(
    rng: np.random.Generator,
    margins: Margins,
    plans: Plans,
    year: int,
    age: Places,
    before: Places,
) -> Places:
    """Kinds that add up to the census's columns; new plans first, by their own two sums."""
    left = np.array([margins.caseload[year].get(kind, 0) for kind in KINDS])
    kind = np.full(len(plans), NONE)
    open_ = plans.in_place(census_day(year))
    new = open_ & (plans.request >= 0) & (years_of(plans.start) == year - 1)
    # Few are young enough, so these places go first.
    young = open_ & (age >= LOWEST[EARLY_YEARS]) & (age <= OLDEST[EARLY_YEARS])
    usual = np.where(new | (before == EARLY_YEARS), 20.0, 1.0)
    in_early_years = pick(rng, young, int(left[EARLY_YEARS]), usual)
    kind[in_early_years] = EARLY_YEARS
    left[EARLY_YEARS] -= len(in_early_years)
    if year - 1 in margins.years:
        wanted = margins.years[year - 1].new_plans
        groups: tuple[tuple[tuple[str, ...], int], ...] = (
            (MAINSTREAM, wanted.mainstream),
            (SPECIAL, wanted.special),
        )
        for group, number in groups:
            most = min(number, sum(left[KINDS.index(name)] for name in group))
            among = new & (kind == NONE) & _fits(group, age)
            chosen = pick(rng, among, most, _usual_start(age))
            quota = _part(left, group, len(chosen))
            _fill(rng, kind, chosen, quota, left, age)
        for is_grown in (False, True):
            rest = np.flatnonzero(new & (kind == NONE) & ((age >= 16) == is_grown))
            others = np.where(
                (OTHER & (LOWEST >= 16)) if is_grown else (OTHER & (LOWEST < 16)), left, 0
            )
            _fill(rng, kind, rest, _part_of(others, len(rest)), left, age)
        rest = np.flatnonzero(new & (kind == NONE))
        _fill(rng, kind, rest, np.where(OTHER, left, 0), left, age)
    _keep(rng, kind, open_ & ~new & (kind == NONE), before, age, left)
    _fill(rng, kind, np.flatnonzero(open_ & (kind == NONE)), left.copy(), left, age)
    # What no rule of age could place takes what is left.
    rest = np.flatnonzero(open_ & (kind == NONE))
    spare = np.repeat(np.arange(len(KINDS)), np.maximum(left, 0))
    kind[rest[: len(spare)]] = rng.permutation(spare)[: len(rest)]
    return kind


def _fits(group: tuple[str, ...], age: Places) -> Flags:
    within = np.isin(KINDS, group)
    found: Flags = (age >= LOWEST[within].min()) & (age <= OLDEST[within].max())
    return found


def _part(left: Places, group: tuple[str, ...], number: int) -> Places:
    """The group's share of a number, in proportion to what is left."""
    return _part_of(np.where(np.isin(KINDS, group), left, 0), number)


def _part_of(left: Places, number: int) -> Places:
    number = min(number, int(left.sum()))
    parts = shares(dict(enumerate(left.tolist())), number)
    return np.array([parts.get(place, 0) for place in range(len(left))])


def _fill(
    rng: np.random.Generator,
    kind: Places,
    among: Places,
    quota: Places,
    left: Places,
    age: Places,
) -> None:
    """Give kinds to the plans among, up to the quota of each; takes them off what is left."""
    for place, name in enumerate(KINDS):
        lowest, oldest = AGES[name]
        free = among[kind[among] == NONE]
        free = free[(age[free] >= lowest) & (age[free] <= oldest)]
        chosen = pick(rng, free, int(quota[place]), _grown_first(age, lowest))
        kind[chosen] = place
        left[place] -= len(chosen)


def _usual_start(age: Places) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How likely a new plan begins in a school: not in early years, seldom after 16."""
    return np.select([age >= 16, age <= 3, age == 4], [0.05, 0.1, 0.6], 1.0)


def _grown_first(age: Places, lowest: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Colleges take those first whom no school takes; schools take children of school age first."""
    if lowest >= 16:
        return np.select([age >= 19, age == 18], [60.0, 25.0], 1.0)
    return np.where(age < 16, 1.0, 0.02)


def _keep(
    rng: np.random.Generator,
    kind: Places,
    open_: Flags,
    before: Places,
    age: Places,
    left: Places,
) -> None:
    """Plans that stay where they are: as many as there is room for, the others move on."""
    for place, name in enumerate(KINDS):
        lowest, oldest = AGES[name]
        stay = STAY.get(name, 1.0)
        chance = np.where((age == 16) & (lowest < 16), min(stay, STAY_AT_16), stay)
        staying = open_ & (before == place) & (age >= lowest) & (age <= oldest)
        staying &= rng.random(len(kind)) < chance
        chosen = pick(rng, staying, int(left[place]), _grown_first(age, lowest))
        kind[chosen] = place
        left[place] -= len(chosen)


def _any_kind(rng: np.random.Generator, age: Places) -> Places:
    """A usual kind for the age, where no total binds."""
    school = np.where(rng.random(len(age)) < 0.8, "mainstream_academy", "special_academy")
    names = np.where(age >= 16, "general_fe_tertiary_colleges", school)
    names = np.where(age < 4, "nm_early_years", names)
    order = np.argsort(KINDS)
    found: Places = order[np.searchsorted(KINDS, names, sorter=order)]
    return found


def _entry(
    rng: np.random.Generator,
    plans: Plans,
    year: int,
    age: Places,
    kind: Places,
    before: Places,
) -> Days:
    """Since when: last September for those who moved, some Septembers back for the others."""
    count = len(kind)
    september = day_of(year - 1, *FIRST_SCHOOL_DAY)
    back = np.minimum(rng.integers(0, 4, count), np.maximum(age - LOWEST[kind], 0))
    years = (year - 1 - 1970 - back).astype("datetime64[Y]").astype("datetime64[D]")
    earlier = years + 246 + rng.integers(0, 4, count)
    in_school = np.isin(KINDS, [name for name in KINDS if _is_school(name)])[kind]
    began = np.maximum(plans.start, np.where(np.isnat(plans.came), plans.start, plans.came))
    first = np.where(in_school & np.isnat(plans.came), earlier, began)
    return np.where(before == NONE, first, september + rng.integers(0, 3, count))


def _is_school(name: str) -> bool:
    return name.startswith(("mainstream", "special_", "ap_pru", "nm_early"))


class _Finder:
    """Finds a setting of a kind for a child's age, in its own district where there is one."""

    def __init__(self, schools: Schools) -> None:
        self._schools = schools
        # A third year in the sixth form.
        leaving = np.where(schools.high == 18, 19, schools.high)
        self._by_age: Mapping[tuple[int, int], Places] = {
            (place, age): np.flatnonzero(
                (schools.placement == name) & (schools.low <= age) & (age < leaving)
            )
            for place, name in enumerate(KINDS)
            for age in range(26)
        }

    def find(
        self,
        rng: np.random.Generator,
        kind: Places,
        age: Places,
        district: Places,
        before: Places,
        kind_before: Places,
    ) -> Places:
        """The setting of each plan; the one before where kind and age still fit."""
        known = self._schools
        found = np.where(kind == kind_before, before, NONE)
        too_old = (found != NONE) & ((known.high[found] <= age) | (known.low[found] > age))
        found[too_old] = NONE
        wanting = np.flatnonzero((kind != NONE) & (found == NONE))
        key = kind[wanting] * 26 + np.clip(age[wanting], 0, 25)
        for value in np.unique(key):
            candidates = self._by_age[(int(value) // 26, int(value) % 26)]
            if len(candidates):
                places = wanting[key == value]
                found[places] = self._near(rng, candidates, district[places])
        return found

    def _near(self, rng: np.random.Generator, candidates: Places, district: Places) -> Places:
        drawn = candidates[rng.integers(0, len(candidates), (TRIES, len(district)))]
        near = self._schools.district[drawn] == district
        found: Places = drawn[np.argmax(near, axis=0), np.arange(len(district))]
        return found
