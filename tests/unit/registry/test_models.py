"""Lineage is read from the SQL, and a model may only read the floor below."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import RegistryError
from pipelines.registry.house import house_models
from pipelines.registry.models import FLOORS, MEASURE_ROW, fingerprint, models
from pipelines.settings import PROJECT_ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four floors with one model each."""
    texts = {
        "staging/cell.sql": "select * from landing.cell",
        "core/figure.sql": "with a as (select * from staging.cell) select * from a",
        "kpi/plans.sql": "select * from core.figure",
        "marts/value.sql": "select * from kpi.measure_row",
    }
    for name, text in texts.items():
        write(tmp_path, name, text)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def test_a_model_knows_what_it_reads_and_not_its_own_ctes(folder: Path) -> None:
    found = models(folder)
    assert found["core.figure"].reads == {"staging.cell"}
    assert list(found) == ["staging.cell", "core.figure", "kpi.plans", MEASURE_ROW, "marts.value"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kpi/jump.sql", "select * from staging.cell"),
        ("core/jump.sql", "select * from landing.cell"),
        ("marts/jump.sql", "select * from staging.cell"),
        ("staging/up.sql", "select * from core.figure"),
        ("kpi/side.sql", "select * from kpi.plans"),
    ],
)
def test_a_floor_reads_only_the_floor_below(folder: Path, name: str, text: str) -> None:
    write(folder, name, text)
    with pytest.raises(RegistryError, match="not on a floor it may read"):
        models(folder)


def test_a_table_that_no_file_makes_is_named(folder: Path) -> None:
    write(folder, "core/lost.sql", "select * from staging.nowhere")
    with pytest.raises(RegistryError, match=r"staging\.nowhere, which no file makes"):
        models(folder)


def test_models_that_read_each_other_are_refused(folder: Path) -> None:
    write(folder, "core/a.sql", "select * from core.b")
    write(folder, "core/b.sql", "select * from core.a")
    with pytest.raises(RegistryError, match="in a circle"):
        models(folder)


def test_a_new_measure_changes_the_fingerprint_and_joins_the_union(folder: Path) -> None:
    before = fingerprint(folder)
    write(folder, "kpi/added.sql", "select * from core.figure")
    assert fingerprint(folder) != before
    assert "'added' as kpi" in models(folder)[MEASURE_ROW].sql


def test_the_house_itself_keeps_the_rule() -> None:
    found = house_models(PROJECT_ROOT)
    assert len(found) > 60
    floors = [FLOORS.index(model.floor) for model in found.values()]
    assert floors == sorted(floors)
