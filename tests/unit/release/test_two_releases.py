"""A reader may keep a release and lay it beside the next: what both tell together is attacked.

A small county: plans, those of children educated at home, and those with a personal budget, which
in this county make all of them; by sex. One child's record is put right between two releases.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.analysis.narrowing import NoSolutionError
from pipelines.release.attack.apply import forget_evidence, keep_verdict
from pipelines.release.attack.beside import Exact, still_true
from pipelines.release.attack.gate import attacked, told_before
from pipelines.release.attack.knowledge import Knowledge, write_beside, write_knowledge
from pipelines.release.attack.origins import Cell, Count, Origin
from pipelines.release.attack.printed import MOST_OF_MEAN, Group, Printed, group_of
from pipelines.release.attack.repair import Repair, attack_on, repair
from pipelines.release.attack.structure import Known, Variable
from pipelines.release.attack.verdict import Verdict
from pipelines.release.reader import EVIDENCE, OFFICER, PUBLIC
from pipelines.settings import PROJECT_ROOT

PLANS, HOME, BUDGET = "plans_maintained", "home_educated_plans", "personal_budgets"
SEXES = ("Female", "Male", "Unknown")
GROUPS = (("All", "All"), *(("Sex", name) for name in SEXES))
EDITION = ("2026", "2026-01")
Counts = dict[Cell, int]


def cell(kpi: str, topic: str = "All", group: str = "All") -> Cell:
    return Cell(kpi, "numerator", topic, group)


def counted(kpi: str, topic: str = "All", group: str = "All") -> Count:
    return Count("caseload", kpi, topic, group)


def variable(kpi: str, topic: str = "All", group: str = "All") -> Variable:
    return Variable(*EDITION, counted(kpi, topic, group))


ORIGINS: dict[Cell, Origin] = {
    cell(kpi, *group): ((counted(kpi, *group), 1.0),)
    for kpi in (PLANS, HOME, BUDGET)
    for group in GROUPS
}
KNOWN = (
    *(
        Known(variable(kpi), tuple(variable(kpi, "Sex", sex) for sex in SEXES), True)
        for kpi in (PLANS, HOME, BUDGET)
    ),
    *(
        Known(variable(PLANS, *group), (variable(HOME, *group), variable(BUDGET, *group)), True)
        for group in GROUPS
    ),
)


def county(home: tuple[int, int, int], budget: tuple[int, int, int]) -> Counts:
    """The true counts, by sex in the order of SEXES."""
    plans = tuple(one + other for one, other in zip(home, budget, strict=True))
    return {
        cell(kpi, *group): sum(counts) if group[0] == "All" else counts[SEXES.index(group[1])]
        for kpi, counts in ((PLANS, plans), (HOME, home), (BUDGET, budget))
        for group in GROUPS
    }


def by_the_rule(counts: Counts) -> list[Printed]:
    """Plans in all are exact; all else is hidden up to 7 and goes to the nearest 5."""
    return [_by_the_rule(made_of, count) for made_of, count in counts.items()]


def _by_the_rule(made_of: Cell, count: int) -> Printed:
    if made_of == cell(PLANS):
        return Printed(*EDITION, made_of, count, count, True)
    near = 5 * round(count / 5)
    low, high = (0, 7) if count <= 7 else (max(near - 2, 8), near + 2)
    return Printed(*EDITION, made_of, low, high, False)


# Of one with a budget it was written that she is a girl; now nobody knows.
BEFORE = county((31, 16, 3), (18, 0, 3))
NOW = county((31, 16, 3), (17, 0, 4))


def mended(counts: Counts, earlier: list[Printed] | None = None) -> Repair:
    return repair(ORIGINS, KNOWN, by_the_rule(counts), earlier=earlier or [])


def release(
    folder: Path,
    counts: Counts,
    made: Repair,
    held: list[Printed],
    laid: Sequence[Printed] = (),
) -> Path:
    """The three files of a release, as far as the gate reads them; its public file."""
    folder.mkdir()
    shown = {group_of(number): number for number in made.shown}
    _write_figures(folder / PUBLIC, {key: _printed(shown.get(key)) for key in map(_group, counts)})
    _write_figures(folder / OFFICER, {_group(made_of): n for made_of, n in counts.items()})
    # A file called evidence would have the name of its schema.
    with closing(duckdb.connect(str(folder / "build.duckdb"))) as evidence:
        forget_evidence(evidence)
        write_knowledge(evidence, Knowledge(ORIGINS, KNOWN, ()))
        write_beside(evidence, laid)
        keep_verdict(evidence, made, held, 0.0)
    (folder / "build.duckdb").rename(folder / EVIDENCE)
    return folder / PUBLIC


def _group(made_of: Cell) -> Group:
    return Group(made_of.kpi, *EDITION, made_of.topic, made_of.breakdown)


def _printed(number: Printed | None) -> float | None:
    """What stands in a public cell: the count, the nearest 5, or nothing."""
    if number is None or number.is_hidden:
        return None
    return number.low if number.is_exact else number.high - 2


def _write_figures(path: Path, figures: dict[Group, float | None]) -> None:
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.kpi_value (kpi text, vintage text, period text, "
            "breakdown_topic text, breakdown text, numerator double, denominator double, "
            "value double, symbol text, source text, period_kind text)"
        )
        rows = [
            (*group, count, None, count, None if count is not None else "c", "council", "stock")
            for group, count in figures.items()
        ]
        connection.executemany(
            "insert into marts.kpi_value values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The release that people read."""
    return release(tmp_path / "before", BEFORE, mended(BEFORE), [])


def together(public: Path, before: Path) -> Verdict:
    found = attacked(public, public.with_name(EVIDENCE), before, PROJECT_ROOT)
    assert found is not None
    return found


def printed_by(public: Path) -> list[Printed]:
    return told_before(public, PROJECT_ROOT)


def test_the_correction_makes_the_two_contradict_each_other(before: Path) -> None:
    attack = attack_on(ORIGINS, KNOWN, (), mended(NOW).shown, printed_by(before))
    with pytest.raises(NoSolutionError):
        attack.verdict()


def test_a_count_that_only_both_together_give_away_refuses_the_release(
    before: Path, tmp_path: Path
) -> None:
    public = release(tmp_path / "now", NOW, mended(NOW), [])
    alone = attacked(public, public.with_name(EVIDENCE), None, PROJECT_ROOT)
    assert alone is not None
    assert alone.narrow == ()
    found = together(public, before)
    # That 18 had a budget who were girls, or nobody knows: 17 have now.
    assert found.outdated == 1
    assert variable(BUDGET, "Sex", "Female") in {item.variable for item in found.narrow}


def test_a_build_that_knows_of_the_release_before_withholds_more_and_passes(
    before: Path, tmp_path: Path
) -> None:
    earlier = still_true(printed_by(before), exact(NOW))
    made = mended(NOW, earlier)
    assert made.withheld > frozenset() or made.hidden_tables
    assert made.last.narrow == ()
    public = release(tmp_path / "now", NOW, made, earlier)
    assert together(public, before).narrow == ()
    again = release(tmp_path / "asked again", NOW, made, [])
    assert together(again, before).narrow == (), "what the build says is not taken on trust"


def test_what_is_laid_beside_must_be_what_the_build_was_told(before: Path, tmp_path: Path) -> None:
    """A release built beside nothing is attacked anew, though its own numbers are as they were."""
    public = release(tmp_path / "now", NOW, mended(NOW), [])
    found = attacked(public, public.with_name(EVIDENCE), None, PROJECT_ROOT)
    assert found is not None
    assert found.size.sought == 0, "nothing was asked again"
    assert together(public, before).size.sought > 0


def test_what_the_release_before_gave_away_by_itself_refuses_nothing(tmp_path: Path) -> None:
    """It was published before anybody attacked it: to refuse the next takes nothing back."""
    bare = Repair(frozenset(), frozenset(), *(mended(NOW).last,) * 2, 1, tuple(by_the_rule(NOW)))
    old = release(tmp_path / "old", NOW, bare, [])
    by_itself = attack_on(ORIGINS, KNOWN, (), printed_by(old), ()).verdict()
    assert by_itself.narrow
    earlier = still_true(printed_by(old), exact(NOW))
    made = mended(NOW, earlier)
    assert together(release(tmp_path / "now", NOW, made, []), old).narrow == ()


def exact(counts: Counts) -> Exact:
    return {
        _group(made_of): {"numerator": float(count), "denominator": None}
        for made_of, count in counts.items()
    }


def test_of_a_return_that_is_gone_everything_still_holds(before: Path) -> None:
    earlier = printed_by(before)
    assert still_true(earlier, exact(BEFORE)) == earlier
    assert len(still_true(earlier, exact(NOW))) == len(earlier) - 1
    other = {group._replace(vintage="2027"): parts for group, parts in exact(NOW).items()}
    assert still_true(earlier, other) == earlier


def test_the_hidden_mean_of_a_group_without_a_case_still_holds() -> None:
    made_of = Cell("weeks_to_issue_mean", "mean", "Sex", "Unknown")
    hidden = Printed(*EDITION, made_of, 0.0, MOST_OF_MEAN, False)
    told = hidden._replace(low=29.95, high=30.05)
    none: Exact = {_group(made_of): {"numerator": None, "denominator": 0.0, "mean": None}}
    assert still_true([hidden, told], none) == [hidden]
    some: Exact = {_group(made_of): {"numerator": None, "denominator": 9.0, "mean": 30.049}}
    assert still_true([hidden, told], some) == [hidden, told]
