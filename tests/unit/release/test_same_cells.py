"""Two public files are the same only where every cell is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.release.same_cells import compare

MADE = (
    "create schema marts",
    "create table marts.kpi_value (kpi text, value decimal(18, 6), share double)",
    "insert into marts.kpi_value values ('a', 1.5, 0.1), ('a', 1.5, 0.1), ('b', null, null)",
    "create table marts.release (release text, built_at text, council text, code_version text)",
    "insert into marts.release values ('{name}', '{name}', '860', '{name}')",
    "create table marts.source_file (sha256 text, reading_version text)",
    "insert into marts.source_file values ('abc', '{name}')",
)


def made(path: Path, *more: str) -> Path:
    with closing(duckdb.connect(str(path))) as connection:
        for statement in (*MADE, *more):
            connection.execute(statement.format(name=path.stem))
    return path


def test_two_builds_of_the_same_inputs_differ_only_in_what_they_say_of_themselves(
    tmp_path: Path,
) -> None:
    order = "create or replace table marts.kpi_value as from marts.kpi_value order by kpi desc"
    found = compare(made(tmp_path / "first.duckdb"), made(tmp_path / "second.duckdb", order))
    assert [(item.table, item.row_count, item.is_same) for item in found] == [
        ("marts.kpi_value", 3, True),
        ("marts.release", 1, True),
        ("marts.source_file", 1, True),
    ]


@pytest.mark.parametrize(
    ("change", "missing", "added"),
    [
        ("update marts.kpi_value set value = 1.500001 where kpi = 'a'", 2, 2),
        ("update marts.kpi_value set share = 0.1 + 1e-17 where kpi = 'b'", 1, 1),
        ("update marts.kpi_value set kpi = '' where kpi = 'b'", 1, 1),
        ("update marts.kpi_value set kpi = 'null' where kpi = 'b'", 1, 1),
        ("delete from marts.kpi_value where kpi = 'b'", 1, 0),
        ("insert into marts.kpi_value values ('a', 1.5, 0.1)", 0, 1),
        ("update marts.release set council = '861'", 1, 1),
        ("update marts.source_file set sha256 = 'abd'", 1, 1),
    ],
)
def test_any_other_cell_is_counted(tmp_path: Path, change: str, missing: int, added: int) -> None:
    found = compare(made(tmp_path / "first.duckdb"), made(tmp_path / "second.duckdb", change))
    (apart,) = [item for item in found if not item.is_same]
    assert (apart.missing, apart.added) == (missing, added)


@pytest.mark.parametrize(
    "change",
    [
        "alter table marts.kpi_value alter value type double",
        "alter table marts.kpi_value rename share to part",
        "drop table marts.kpi_value",
    ],
)
def test_another_shape_is_never_the_same(tmp_path: Path, change: str) -> None:
    first, second = made(tmp_path / "first.duckdb"), made(tmp_path / "second.duckdb", change)
    for one, other in ((first, second), (second, first)):
        (apart,) = [item for item in compare(one, other) if not item.is_same]
        assert (apart.table, apart.is_same_shape) == ("marts.kpi_value", False)
