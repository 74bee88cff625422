"""An attacker who holds all that is public narrows no hidden count; without the repair he would."""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path

import duckdb
import pytest

from pipelines.analysis.narrowing import NoSolutionError
from pipelines.release.attack.knowledge import Knowledge, read_knowledge, write_knowledge
from pipelines.release.attack.origins import Cell, Count, Origin, Part
from pipelines.release.attack.printed import Printed
from pipelines.release.attack.repair import repair, without
from pipelines.release.attack.run import Attack
from pipelines.release.attack.structure import Fact, Known, Variable, sum_variable

GROUPS = ("Female", "Male", "Unknown")


def counted(indicator: str, topic: str = "All", breakdown: str = "All") -> Count:
    return Count("caseload", indicator, topic, breakdown)


def cell(kpi: str, topic: str = "All", breakdown: str = "All") -> Cell:
    return Cell(kpi, "numerator", topic, breakdown)


def of_2026(count: Count) -> Variable:
    return Variable("2026", "2026-01", count)


# plans, and those in mainstream and in special schools, which make all of them; by sex.
ORIGINS: dict[Cell, Origin] = {
    cell(kpi, topic, group): ((counted(indicator, topic, group), 1.0),)
    for kpi, indicator in (("plans", "all"), ("main", "mainstream"), ("special", "special"))
    for topic, group in [("All", "All"), *(("Sex", name) for name in GROUPS)]
}
KNOWN = [
    *(
        Known(
            of_2026(counted(name)),
            tuple(of_2026(counted(name, "Sex", group)) for group in GROUPS),
            True,
        )
        for name in ("all", "mainstream", "special")
    ),
    *(
        Known(
            of_2026(counted("all", topic, group)),
            (
                of_2026(counted("mainstream", topic, group)),
                of_2026(counted("special", topic, group)),
            ),
            True,
        )
        for topic, group in [("All", "All"), *(("Sex", name) for name in GROUPS)]
    ),
]


def as_the_rule_prints(made_of: Cell, count: int) -> Printed:
    """Plans in all are an exact total; all else is hidden to 7 and goes to the nearest 5."""
    if made_of == cell("plans"):
        return Printed("2026", "2026-01", made_of, count, count, True)
    if count <= 7:
        return Printed("2026", "2026-01", made_of, 0, 7, False)
    near = 5 * round(count / 5)
    return Printed("2026", "2026-01", made_of, max(near - 2, 8), near + 2, False)


def printed(main: tuple[int, int, int], special: tuple[int, int, int]) -> list[Printed]:
    """What the rule prints of a county: mainstream and special by sex."""
    numbers = {"main": main, "special": special}
    numbers["plans"] = tuple(map(sum, zip(main, special, strict=True)))
    found = []
    for kpi, counts in numbers.items():
        found.append(as_the_rule_prints(cell(kpi), sum(counts)))
        found += [
            as_the_rule_prints(cell(kpi, "Sex", group), count)
            for group, count in zip(GROUPS, counts, strict=True)
        ]
    return found


def verdict(numbers: list[Printed], facts: tuple[Fact, ...] = ()) -> dict[Variable, int]:
    attack = Attack(ORIGINS, KNOWN)
    attack.read(numbers)
    attack.learn(facts)
    return {item.variable: item.possible for item in attack.verdict().narrow}


# 30 plans in all, which is public: 28 to 32 girls, and boys and unknown are hidden.
NARROW_COUNTY = printed(main=(20, 1, 0), special=(9, 0, 0))


def test_an_exact_total_beside_rounded_groups_narrows_hidden_counts() -> None:
    found = verdict(NARROW_COUNTY)
    assert of_2026(counted("all", "Sex", "Male")) in found
    assert counted("all") not in {variable.counted for variable in found}


def test_the_repair_leaves_every_hidden_count_four_values() -> None:
    mended = repair(ORIGINS, KNOWN, NARROW_COUNTY)
    assert mended.first.narrow
    assert mended.withheld
    assert not mended.last.narrow
    assert verdict(list(without(NARROW_COUNTY, mended.withheld, mended.hidden_tables))) == {}


def test_to_show_one_withheld_cell_again_is_found() -> None:
    mended = repair(ORIGINS, KNOWN, NARROW_COUNTY)
    for shown in mended.withheld:
        unhidden = without(NARROW_COUNTY, mended.withheld - {shown}, mended.hidden_tables)
        assert verdict(list(unhidden))


def test_every_count_without_a_value_to_spare_is_asked_for_as_a_whole_number() -> None:
    """As many as there are: a county of 100 plans had one of three values among 402 of four."""
    groups = [f"Group {number:02}" for number in range(40)]
    origins: dict[Cell, Origin] = {
        cell("plans", "Need", it): ((counted("all", "Need", it), 1.0),) for it in groups
    }
    attack = Attack(origins, [])
    attack.read([Printed("2026", "2026-01", made_of, 8, 11, False) for made_of in origins])
    assert [item.possible for item in attack.verdict().looked_at] == [4] * 40


def test_the_truth_is_among_what_the_attacker_thinks_possible() -> None:
    attack = Attack(ORIGINS, KNOWN)
    attack.read(NARROW_COUNTY)
    for item in attack.verdict().narrow:
        if item.variable.counted == counted("all", "Sex", "Male"):
            assert item.low <= 1 <= item.high


def test_a_total_of_one_can_have_no_public_groups() -> None:
    """Each group is nought or one whatever is printed: all but the total is hidden."""
    mended = repair(ORIGINS, KNOWN, printed(main=(1, 0, 0), special=(0, 0, 0)))
    assert {(table.kpi, table.topic) for table in mended.hidden_tables} == {
        ("plans", "Sex"),
        ("main", "Sex"),
        ("main", "All"),
        ("special", "Sex"),
        ("special", "All"),
    }
    assert not mended.last.narrow


def test_what_the_dfe_has_published_is_no_secret_of_ours() -> None:
    male = counted("all", "Sex", "Male")
    found = verdict(NARROW_COUNTY, (Fact(of_2026(male), 1.0),))
    assert of_2026(male) not in found


def test_what_the_dfe_has_published_narrows_what_it_has_not() -> None:
    """30 plans, 29 girls, one boy: the rest is known."""
    safe = printed(main=(40, 30, 20), special=(35, 25, 15))
    assert verdict(safe) == {}
    facts = tuple(
        Fact(of_2026(counted("all", "Sex", group)), value)
        for group, value in zip(GROUPS, (75.0, 55.0, 35.0), strict=True)
    ) + tuple(
        Fact(of_2026(counted("mainstream", "Sex", group)), value)
        for group, value in zip(GROUPS, (40.0, 30.0, 20.0), strict=True)
    )
    assert of_2026(counted("special", "Sex", "Male")) in verdict(safe, facts)


def test_two_returns_are_counted_apart() -> None:
    other = [number._replace(vintage="2025") for number in printed((50, 1, 0), (9, 0, 0))]
    assert verdict(NARROW_COUNTY).keys() <= verdict([*NARROW_COUNTY, *other]).keys()


def test_numbers_that_contradict_each_other_stop_the_release() -> None:
    wrong = [*NARROW_COUNTY, Printed("2026", "2026-01", cell("main", "Sex", "Male"), 95, 99, False)]
    with pytest.raises(NoSolutionError):
        verdict(wrong)


@pytest.mark.parametrize("seed", range(9))
def test_nine_counties_keep_their_secrets(seed: int) -> None:
    """Small ones, where nearly every count is small, down to a handful of children."""
    draw = random.Random(seed)  # noqa: S311
    size = (3, 8, 20, 40, 60, 90, 150, 300, 900)[seed]
    main = (draw.randrange(size), draw.randrange(size // 2 + 1), draw.randrange(2))
    special = (draw.randrange(size // 2 + 1), draw.randrange(size // 3 + 1), draw.randrange(2))
    numbers = printed(main, special)
    mended = repair(ORIGINS, KNOWN, numbers)
    left = list(without(numbers, mended.withheld, mended.hidden_tables))
    assert verdict(left) == {}
    assert smallest_choice(left) >= 4


def smallest_choice(numbers: list[Printed]) -> int:
    """The same question without a solver: every table that agrees with all that is printed.

    Gives how many values the least certain of the hidden groups has; only for small counties.
    """
    bounds = {number.cell: (int(number.low), number.high) for number in numbers}
    wanted = [cell(kpi, "Sex", group) for kpi in ("main", "special") for group in GROUPS]
    if any(made_of not in bounds for made_of in wanted):
        return 99
    total = bounds[cell("plans")][0]
    spans = [range(bounds[c][0], int(min(bounds[c][1], total)) + 1) for c in wanted]
    if math.prod(map(len, spans)) > 300_000:
        return 99
    tables = [
        counts
        for counts in itertools.product(*spans)
        if sum(counts) == total and agrees(counts, bounds)
    ]
    return min(len(set(column)) for column in zip(*tables, strict=True))


def agrees(counts: tuple[int, ...], bounds: dict[Cell, tuple[int, float]]) -> bool:
    """Whether the sums of a table lie within what is printed of them."""
    sums = {
        cell("plans", "Sex", group): counts[at] + counts[at + 3] for at, group in enumerate(GROUPS)
    } | {cell("main"): sum(counts[:3]), cell("special"): sum(counts[3:])}
    return all(bounds[c][0] <= value <= bounds[c][1] for c, value in sums.items() if c in bounds)


# 41 plans, 34 of girls after 30 weeks on average, 7 of boys of whom nobody waited: the mean of all
# is 24.9 weeks, and so many weeks leave room for no 35th girl.
WEEKS = "weeks_to_issue_mean"
OF_SEX = ("Female", "Male")
MEANS_KNOWN = [
    Known(
        of_2026(counted("all")), tuple(of_2026(counted("all", "Sex", it)) for it in OF_SEX), True
    ),
    Known(
        sum_variable("2026", "2026-01", WEEKS, "All", "All"),
        tuple(sum_variable("2026", "2026-01", WEEKS, "Sex", it) for it in OF_SEX),
        True,
    ),
]
PARTS: tuple[tuple[str, Part], ...] = (("plans", "numerator"), (WEEKS, "denominator"))
MEANS_ORIGINS: dict[Cell, Origin] = {
    Cell(kpi, part, topic, group): ((counted("all", topic, group), 1.0),)
    for kpi, part in PARTS
    for topic, group in [("All", "All"), *(("Sex", it) for it in OF_SEX)]
}


def mean(low: float, high: float, topic: str = "All", group: str = "All") -> Printed:
    return Printed("2026", "2026-01", Cell(WEEKS, "mean", topic, group), low, high, False)


COUNTS_OF_MEANS = [
    as_the_rule_prints(cell("plans"), 41),
    as_the_rule_prints(cell("plans", "Sex", "Female"), 34),
    as_the_rule_prints(cell("plans", "Sex", "Male"), 7),
]
MEANS = [mean(24.85, 24.95), mean(29.95, 30.05, "Sex", "Female"), mean(0, 1000, "Sex", "Male")]


def narrowed(numbers: list[Printed]) -> dict[Count | Cell, int]:
    attack = Attack(MEANS_ORIGINS, MEANS_KNOWN)
    attack.read(numbers)
    return {item.variable.counted: item.possible for item in attack.verdict().narrow}


def test_two_means_tell_of_a_hidden_count_what_the_counts_do_not() -> None:
    assert narrowed(COUNTS_OF_MEANS) == {}
    assert narrowed([*COUNTS_OF_MEANS, *MEANS])[counted("all", "Sex", "Male")] == 1


def test_of_the_two_one_mean_is_withheld_and_every_count_stays() -> None:
    mended = repair(MEANS_ORIGINS, MEANS_KNOWN, [*COUNTS_OF_MEANS, *MEANS])
    assert [(group.kpi, group.breakdown) for group in mended.withheld] == [(WEEKS, "Female")]
    assert mended.hidden_tables == frozenset()
    assert mended.last.narrow == ()
    assert narrowed(list(mended.shown)) == {}


def test_a_mean_that_was_printed_before_cannot_be_withheld_any_more() -> None:
    numbers = [*COUNTS_OF_MEANS, *MEANS]
    mended = repair(MEANS_ORIGINS, MEANS_KNOWN, numbers, earlier=[MEANS[1]])
    assert (WEEKS, "All") in {(group.kpi, group.breakdown) for group in mended.withheld}
    assert mended.last.narrow == ()


def test_what_the_attacker_was_told_is_read_back_as_it_was(tmp_path: Path) -> None:
    told = Knowledge(ORIGINS, tuple(KNOWN), (Fact(of_2026(counted("all")), 30.0),))
    path = tmp_path / "kept.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema evidence")
        write_knowledge(connection, told)
    assert read_knowledge(path) == told
