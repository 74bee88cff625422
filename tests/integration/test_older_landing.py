"""Rows that landed before an update changed the columns of their table."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.engine.duckdb import show_landing, warehouse
from pipelines.errors import SendError
from pipelines.registry.landing import landing_tables
from pipelines.registry.suites import columns_needed
from pipelines.settings import PROJECT_ROOT

TABLES = {"thing": {"file_id": "varchar", "colour": "varchar"}}


def landed(folder: Path, **columns: str) -> Path:
    path = folder / f"{len(columns)}-{len(list(folder.iterdir()))}.parquet"
    pq.write_table(pa.table({name: [text] for name, text in columns.items()}), path)
    return path


def rows(folder: Path, paths: list[Path], needed: set[str]) -> list[tuple[str | None, ...]]:
    with warehouse(folder / "warehouse.duckdb", PROJECT_ROOT / "sql") as connection:
        show_landing(connection, TABLES, {"thing": paths}, {"thing": frozenset(needed)})
        relation: duckdb.DuckDBPyRelation = connection.sql(
            "from landing.thing order by file_id, colour"
        )
        assert relation.columns == ["file_id", "colour"]
        return relation.fetchall()


def test_a_column_that_no_file_has_yet_is_empty(tmp_path: Path) -> None:
    assert rows(tmp_path, [landed(tmp_path, file_id="old")], {"file_id"}) == [("old", None)]


def test_a_column_that_only_newer_files_have_is_empty_in_the_older(tmp_path: Path) -> None:
    paths = [landed(tmp_path, file_id="old"), landed(tmp_path, file_id="new", colour="red")]
    assert rows(tmp_path, paths, {"file_id"}) == [("new", "red"), ("old", None)]


@pytest.mark.parametrize("is_one_newer", [False, True], ids=["all old", "one newer"])
def test_a_column_that_may_not_be_empty_asks_for_the_files_again(
    tmp_path: Path, is_one_newer: bool
) -> None:
    paths = [landed(tmp_path, file_id="old")]
    if is_one_newer:
        paths.append(landed(tmp_path, file_id="new", colour="red"))
    with pytest.raises(SendError) as told:
        rows(tmp_path, paths, {"file_id", "colour"})
    assert told.value.what == (
        f"1 of {len(paths)} files landed before the table had the columns colour"
    )
    assert told.value.where == "landing/thing"
    assert told.value.remedy.startswith("Ingest these files again")


def test_the_columns_asked_for_are_those_of_the_suites() -> None:
    needed = columns_needed(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")
    assert needed["sen2_person"] == {"file_id", "person_record"}
    assert set(needed) == set(landing_tables(PROJECT_ROOT / "sql"))
