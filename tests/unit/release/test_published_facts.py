"""What the DfE has published of a council is known to the attacker, by the DfE's own words.

The county: 30 boys with a plan, 28 of them in mainstream schools and 2 in special schools. The DfE
prints how many boys and how many girls have a plan; of the girls it counts one more than the
council's return.
"""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.analysis.narrowing import NoSolutionError
from pipelines.engine.duckdb import warehouse
from pipelines.ingest.door import ingest
from pipelines.release.attack.knowledge import Knowledge, read_knowledge
from pipelines.release.attack.origins import Cell, Count, Part
from pipelines.release.attack.printed import Printed
from pipelines.release.attack.repair import attack_on
from pipelines.release.attack.structure import Fact, Variable
from pipelines.release.attack.verdict import Narrow
from pipelines.release.build import copy_schemas
from pipelines.release.disclosure import write_public_marts
from pipelines.release.reader import EVIDENCE, PUBLIC
from pipelines.settings import PROJECT_ROOT, Settings
from tests.case_rows import Return, build, land, land_schools
from tests.unit.ingest.conftest import csv_bytes, row

EDITION = ("2026", "2026-01")
MAINSTREAM, SPECIAL = "900001", "900002"
PLANS = {("M", MAINSTREAM): 28, ("M", SPECIAL): 2, ("F", MAINSTREAM): 40, ("F", SPECIAL): 20}
BOYS, GIRLS = 30, 60


def counted(indicator: str, sex: str) -> Variable:
    """A count in the words of the DfE's own file."""
    return Variable(*EDITION, Count("caseload", indicator, "Sex", sex))


def printed(kpi: str, part: Part, low: int, high: int) -> Printed:
    return Printed(*EDITION, Cell(kpi, part, "Sex", "Male"), low, high, False)


# As the rule prints them: 28 and 30 go to 30, and 2 is hidden.
OF_BOYS = (
    printed("mainstream_share", "numerator", 28, 32),
    printed("mainstream_share", "denominator", 28, 32),
    printed("special_share", "numerator", 0, 7),
)


def the_return() -> Return:
    made = Return(year=2026, vintage="2026")
    for (sex, urn), children in PLANS.items():
        for _ in range(children):
            made.add(
                person={"sex": sex},
                assessment={"assessment_outcome": "H"},
                plan={"start_date": date(2022, 5, 1)},
                active={},
                placements=[{"urn": urn, "placement_rank": "1", "entry_date": date(2022, 9, 1)}],
            )
    return made


def published(sex: str, plans: int) -> dict[str, str]:
    """A row of the DfE's file that says of one sex how many have a plan, and no more."""
    whole = row("202526")
    figures = {name: "x" for name, figure in whole.items() if figure == "1"}
    return whole | figures | {"breakdown_topic": "Sex", "breakdown": sex, "ehcplans": str(plans)}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("published")
    workspace = folder / "workspace"
    file = folder / "caseload.csv"
    file.write_bytes(csv_bytes([published("Male", BOYS), published("Female", GIRLS + 1)]))
    (receipt,) = ingest([file], Settings(workspace=workspace, project_root=PROJECT_ROOT))
    assert (receipt.status, receipt.row_count_accepted) == ("landed", 2)
    made = the_return()
    land(workspace, made.file_id, made.tables())
    land_schools(workspace)
    return build(workspace)


@pytest.fixture(scope="module")
def told(county: Settings, tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """What the attacker is told when the county's public file is made."""
    folder = tmp_path_factory.mktemp("release")
    with warehouse(county.warehouse, PROJECT_ROOT / "sql") as connection:
        write_public_marts(connection, folder / PUBLIC, PROJECT_ROOT)
        copy_schemas(connection, folder / EVIDENCE, {"evidence": "evidence"})
    known = read_knowledge(folder / EVIDENCE)
    assert known is not None
    return known


def attack(told: Knowledge, *facts: Fact) -> dict[Variable, Narrow]:
    """Counts that are narrow to who has read the numbers of the boys, and these facts."""
    verdict = attack_on(told.origins, told.known, facts, OF_BOYS, ()).verdict()
    assert verdict.unasked == frozenset()
    return {item.variable: item for item in verdict.narrow}


def test_only_the_cell_that_is_ours_too_is_a_fact(told: Knowledge) -> None:
    of_groups = [fact for fact in told.facts if fact.variable.counted.topic != "All"]
    assert of_groups == [Fact(counted("ehcplans", "Male"), BOYS)]


def test_it_narrows_a_hidden_count_that_is_not_narrow_without_it(told: Knowledge) -> None:
    few = attack(told, *told.facts)[counted("special_total", "Male")]
    assert (few.low, few.high) == (0, 2)
    assert attack(told) == {}


def test_a_cell_that_differs_would_be_a_false_equation(told: Knowledge) -> None:
    """So it is not told: 27 boys in all cannot be, where 28 and more are in mainstream schools."""
    with pytest.raises(NoSolutionError):
        attack(told, Fact(counted("ehcplans", "Male"), BOYS - 3))
