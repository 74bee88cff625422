"""Nine small counties of the sample's own making: built, attacked, and no child worked out.

The attack is made anew on the frozen public file, and a second one without a solver takes the
groups that are shown from the whole. That both can see is shown on what the release withholds.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.release.attack.gate import read_withheld, told_before
from pipelines.release.attack.knowledge import read_knowledge
from pipelines.release.attack.printed import Printed
from pipelines.release.attack.repair import attack_on
from pipelines.release.attack.verdict import Verdict
from pipelines.release.reader import EVIDENCE, PUBLIC, Release, connect, current_release
from pipelines.release.rounding import LEAST_POSSIBLE
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY
from pipelines.synthetic.county import make_county
from pipelines.synthetic.files import write_county, written
from tests.unit.release.test_disclosure import cells, unhide

pytestmark = pytest.mark.long

# From some 30 plans to some 300, each of a seed of its own.
SCALES = (0.003, 0.004, 0.006, 0.008, 0.011, 0.015, 0.019, 0.024, 0.03)
APPROVAL = ("--approved-by", "Head of data", "--reason", "One of nine small counties", "--yes")
Send = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=range(len(SCALES)), ids=lambda seed: f"seed-{seed}")
def release(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    run_send: Send,
    monkeypatch: pytest.MonkeyPatch,
) -> Release:
    """The published release of one of them; the gates have let it through."""
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    workspace, folder = tmp_path / "workspace", tmp_path / "handed in"
    write_county(make_county(request.param, SCALES[request.param]), folder, extracts=1)
    files = written(folder)
    for group in (files.registers, files.returns, files.rolls, files.council):
        # 1 says that there are findings: the sample plants faults.
        assert run_send(workspace, "ingest", *map(str, group)).returncode in (0, 1)
    for words in (("build",), ("publish", *APPROVAL)):
        done = run_send(workspace, *words)
        assert done.returncode == 0, done.stderr
    found = current_release(workspace)
    assert found is not None
    return found


def exact(release: Release) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The council's figures as officers read them."""
    with closing(connect(release.officer_path)) as connection:
        return cells(connection)


def attack(release: Release, folder: Path) -> Verdict:
    """Everything asked anew of a public file, whatever the build says that it has attacked."""
    known = read_knowledge(release.evidence_path)
    assert known is not None
    numbers = told_before(folder / PUBLIC, PROJECT_ROOT)
    return attack_on(known.origins, known.known, known.facts, numbers, ()).verdict()


def subtracted(release: Release, folder: Path) -> Iterator[tuple[Printed, float]]:
    """Hidden groups that the whole, less the other groups, leaves too few values; and how many."""
    _, tables = read_withheld(release.evidence_path)
    hidden_tables = {(table.kpi, table.vintage, table.topic) for table in tables}
    truth = {key[:3] + key[4:]: cell["numerator"] for key, cell in exact(release).items()}
    groups: dict[tuple[str, ...], list[Printed]] = defaultdict(list)
    wholes: dict[tuple[str, ...], Printed] = {}
    for number in told_before(folder / PUBLIC, PROJECT_ROOT):
        cell, edition = number.cell, (number.cell.kpi, number.vintage, number.period)
        if cell.part == "numerator" and cell.topic == "All":
            wholes[edition] = number
        elif (
            cell.part == "numerator" and (cell.kpi, number.vintage, cell.topic) not in hidden_tables
        ):
            groups[(*edition, cell.topic)].append(number)
    for (*edition, topic), parts in groups.items():
        whole = wholes.get(tuple(edition))
        counts = [truth.get((*edition, topic, part.cell.breakdown)) for part in parts]
        if whole is None or None in counts or sum(counts) != truth.get((*edition, "All", "All")):
            continue
        for part in parts:
            others = [other for other in parts if other is not part]
            low = max(part.low, whole.low - sum(other.high for other in others))
            high = min(part.high, whole.high - sum(other.low for other in others))
            if part.is_hidden and high - low + 1 < LEAST_POSSIBLE:
                yield part, high - low + 1


@pytest.fixture
def shown_again(release: Release, tmp_path: Path) -> Path:
    """A folder with the public file as the rule alone would print it, nothing withheld."""
    return with_all_shown(release, tmp_path)


def with_all_shown(release: Release, folder: Path) -> Path:
    for name in (PUBLIC, EVIDENCE):
        shutil.copy(release.folder / name, folder / name)
    unhide(folder / PUBLIC, release.evidence_path, exact(release))
    return folder


def test_nobody_works_out_a_child_where_the_rule_alone_would_let_them(
    release: Release, shown_again: Path
) -> None:
    verdict = attack(release, release.folder)
    assert verdict.size.sought > 1_000
    assert (verdict.narrow, verdict.unasked) == ((), frozenset())
    assert min(item.possible for item in verdict.looked_at) >= LEAST_POSSIBLE
    assert list(subtracted(release, release.folder)) == []
    assert attack(release, shown_again).narrow


def test_the_subtraction_sees_what_is_shown_again(county_workspace: Path, tmp_path: Path) -> None:
    county = current_release(county_workspace)
    assert county is not None
    assert list(subtracted(county, county.folder)) == []
    assert list(subtracted(county, with_all_shown(county, tmp_path)))
