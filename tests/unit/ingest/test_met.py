"""What landed before is held once, and read anew where a file is written anew."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.ingest import met
from pipelines.ingest.met import Met, order_in


def _landed(folder: Path, name: str, order: int, *hashes: str) -> Path:
    columns = {
        "pseudonym": [f"of {each}" for each in hashes],
        "identifier_kind": ["upn"] * len(hashes),
        "identifier_hash": list(hashes),
        "arrival_order": pa.array([order] * len(hashes), pa.int32()),
    }
    path = folder / f"{name}.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def _hashes(rows: pa.Table | pa.RecordBatchReader) -> set[str]:
    table = rows if isinstance(rows, pa.Table) else rows.read_all()
    assert table.column_names == list(met.COLUMNS)
    for row in table.to_pylist():
        assert row["pseudonym"] == f"of {row['identifier_hash']}"
    return set(table["identifier_hash"].to_pylist())


def test_many_files_are_folded_into_each_row_once(tmp_path: Path) -> None:
    known, paths = Met(), []
    for number in range(met.PARTS_MAX + 2):
        paths.append(_landed(tmp_path, f"f{number}", number, "a", f"own {number}"))
        rows = known.rows_of(paths)
        assert _hashes(rows) == {"a", *(f"own {each}" for each in range(number + 1))}
    assert len(known.parts) < len(paths)
    assert isinstance(rows, pa.Table)
    assert rows["identifier_hash"].to_pylist().count("a") < len(paths)


def test_a_file_written_anew_or_left_out_is_forgotten(tmp_path: Path) -> None:
    known = Met()
    one, two = _landed(tmp_path, "one", 0, "a"), _landed(tmp_path, "two", 1, "a", "b")
    assert _hashes(known.rows_of([one, two])) == {"a", "b"}
    assert _hashes(known.rows_of([two])) == {"a", "b"}
    _landed(tmp_path, "two", 1, "c", "d", "e")
    assert _hashes(known.rows_of([one, two])) == {"a", "c", "d", "e"}


def test_more_than_fits_is_read_as_a_stream_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(met, "ROWS_MAX", 2)
    known = Met()
    paths = [_landed(tmp_path, "one", 0, "a", "b"), _landed(tmp_path, "two", 1, "a")]
    assert _hashes(known.rows_of(paths)) == {"a", "b"}
    assert known.parts == []


def test_the_order_of_arrival_is_read_without_the_rows(tmp_path: Path) -> None:
    assert order_in(_landed(tmp_path, "one", 7, "a")) == 7
    assert order_in(_landed(tmp_path, "none", 7)) == -1
