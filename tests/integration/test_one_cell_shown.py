"""Of what a release of the sample county withholds, a single cell shown again gives children away.

The cell stands in a copy of the public file as the rule for small numbers prints it, so that no
check of the rule speaks. Asked is what hangs together with it: nothing else can have changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.analysis.narrowing import blocks
from pipelines.release.attack.gate import read_withheld, told_before
from pipelines.release.attack.knowledge import Knowledge, read_knowledge
from pipelines.release.attack.printed import Group, group_of
from pipelines.release.attack.repair import attack_on
from pipelines.release.attack.run import Attack
from pipelines.release.attack.verdict import Narrow, Verdict
from pipelines.release.reader import EVIDENCE, PUBLIC, Release, connect, current_release
from pipelines.release.rounding import LEAST_POSSIBLE
from pipelines.settings import PROJECT_ROOT
from tests.unit.release.test_disclosure import cells, unhide

Exact = dict[tuple[Any, ...], dict[str, Any]]
# A share of plans, a mean number of weeks, and a share of requests; each of another year.
TOPICS = ("Primary need", "Sex", "Source of request")
# A bound that a solver gives is not a whole number.
NEAR = 1e-6


@pytest.fixture(scope="module")
def release(county_workspace: Path) -> Release:
    found = current_release(county_workspace)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def told(release: Release) -> Knowledge:
    found = read_knowledge(release.evidence_path)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def exact(release: Release) -> Exact:
    with closing(connect(release.officer_path)) as connection:
        return cells(connection)


def withheld_of(release: Release, topic: str) -> Group:
    """The last by name of the cells that are withheld in a topic."""
    return max(cell for cell in read_withheld(release.evidence_path)[0] if cell.topic == topic)


def with_one_shown(release: Release, cell: Group, exact: Exact, folder: Path) -> Path:
    """The public file with this cell as the rule prints it, and evidence that withholds the others.

    Gives the public file.
    """
    for name in (PUBLIC, EVIDENCE):
        shutil.copy(release.folder / name, folder / name)
    unhide(folder / PUBLIC, release.evidence_path, exact, only=tuple(cell))
    with closing(duckdb.connect(str(folder / EVIDENCE))) as connection:
        connection.execute(
            "delete from evidence.evidence.disclosure_withheld where kpi = ? and vintage = ? "
            "and period = ? and breakdown_topic = ? and breakdown = ?",
            list(cell),
        )
    return folder / PUBLIC


def attack(told: Knowledge, public: Path) -> Attack:
    numbers = told_before(public, PROJECT_ROOT)
    return attack_on(told.origins, told.known, told.facts, numbers, ())


def around(attack: Attack, cell: Group) -> Verdict:
    """What is found among the counts that hang together with what a cell prints."""
    system = attack.system()
    names = attack.variables()
    own = {
        attack.column_of(variable)
        for variable, numbers in attack.printed.items()
        if cell in map(group_of, numbers)
    }
    assert own
    near = {names[column] for block in blocks(system) if own & set(block) for column in block}
    return attack.verdict(among=attack.sought & near)


def beside_the_truth(
    attack: Attack, narrow: tuple[Narrow, ...], exact: Exact
) -> Iterator[tuple[Narrow, float]]:
    """Narrow counts that a number prints, with what officers read there."""
    truth = {key[:3] + key[4:]: row for key, row in exact.items()}
    for item in narrow:
        for number in attack.printed.get(item.variable, []):
            if number.cell.part != "mean":
                yield item, float(truth[tuple(group_of(number))][number.cell.part])


@pytest.mark.parametrize("topic", TOPICS)
def test_a_single_withheld_cell_that_is_shown_is_found(
    release: Release, told: Knowledge, exact: Exact, tmp_path: Path, topic: str
) -> None:
    cell = withheld_of(release, topic)
    public = with_one_shown(release, cell, exact, tmp_path)
    assert cell not in read_withheld(tmp_path / EVIDENCE)[0]
    found = attack(told, public)
    narrow = around(found, cell).narrow
    assert narrow
    assert all(item.possible < LEAST_POSSIBLE for item in narrow)
    checked = list(beside_the_truth(found, narrow, exact))
    assert checked
    assert all(item.low - NEAR <= count <= item.high + NEAR for item, count in checked)


def test_as_it_was_published_nothing_is_found_there(release: Release, told: Knowledge) -> None:
    """Otherwise the above would say nothing: the same counts, with the cell withheld."""
    cell = withheld_of(release, "Source of request")
    verdict = around(attack(told, release.public_path), cell)
    assert (verdict.narrow, verdict.unasked) == ((), frozenset())
    assert verdict.size.sought > 0
