"""What landed before is held once, with how often, and read anew where a file is written anew."""

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


def _times(rows: pa.Table | pa.RecordBatchReader) -> dict[str, int]:
    found: dict[str, int] = {}
    table = rows if isinstance(rows, pa.Table) else rows.read_all()
    for row in table.to_pylist():
        assert row["pseudonym"] == f"of {row['identifier_hash']}"
        found[row["identifier_hash"]] = found.get(row["identifier_hash"], 0) + row["times"]
    return found


def test_many_files_are_folded_and_still_say_how_often(tmp_path: Path) -> None:
    known, paths = Met(), []
    for number in range(met.PARTS_MAX + 2):
        paths.append(_landed(tmp_path, f"f{number}", number, "a", f"own {number}"))
        found = _times(known.rows_of(paths))
        assert found == {"a": number + 1} | {f"own {each}": 1 for each in range(number + 1)}
    assert len(known.parts) < len(paths)


def test_a_file_written_anew_or_left_out_is_forgotten(tmp_path: Path) -> None:
    known = Met()
    one, two = _landed(tmp_path, "one", 0, "a"), _landed(tmp_path, "two", 1, "a", "b")
    assert _times(known.rows_of([one, two])) == {"a": 2, "b": 1}
    assert _times(known.rows_of([two])) == {"a": 1, "b": 1}
    _landed(tmp_path, "two", 1, "c", "d", "e")
    assert _times(known.rows_of([one, two])) == {"a": 1, "c": 1, "d": 1, "e": 1}


def test_more_than_fits_is_read_as_a_stream_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(met, "ROWS_MAX", 2)
    known = Met()
    paths = [_landed(tmp_path, "one", 0, "a", "b"), _landed(tmp_path, "two", 1, "a")]
    assert _times(known.rows_of(paths)) == {"a": 2, "b": 1}
    assert known.parts == []


def test_the_order_of_arrival_is_read_without_the_rows(tmp_path: Path) -> None:
    assert order_in(_landed(tmp_path, "one", 7, "a")) == 7
    assert order_in(_landed(tmp_path, "none", 7)) == -1
