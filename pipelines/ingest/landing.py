"""A parcel -> Parquet in <workspace>/landing, whole or not at all.

Every table is written under another name and renamed; received_file comes last and says that the
rest is there. What lies without it is the trace of an interrupted run and is swept away. What the
rows mean does not belong here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest.parcel import Finding, QuarantinedRow
from pipelines.ingest.raw_store import sync_folder
from pipelines.registry.landing import landing_tables
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

COMMIT_TABLE = "received_file"
# Written by other hands, never swept: the facts that come with the product.
REFERENCE_FILE = "reference.parquet"
ROW_GROUP = 1_000_000


def write_table(settings: Settings, table: str, file_id: str, content: pa.Table) -> None:
    """One Parquet file, atomically."""
    import pyarrow.parquet as pq

    target = settings.landing / table / f"{file_id}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(f".{os.getpid()}.part")
    numbers = [name for name in ("row_number",) if name in content.column_names]
    texts = [name for name in content.column_names if name not in numbers]
    pq.write_table(
        content,
        part,
        compression="zstd",
        use_dictionary=texts,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        row_group_size=ROW_GROUP,
    )
    part.replace(target)


def write_records(
    settings: Settings, table: str, file_id: str, records: Iterable[Mapping[str, Any]]
) -> None:
    """Rows given as mappings, with the columns and types that sql/landing.yml declares."""
    import pyarrow as pa

    content = pa.Table.from_pylist(list(records), schema=schema(settings, table))
    write_table(settings, table, file_id, content)


def commit(settings: Settings, records: Iterable[Mapping[str, Any]]) -> None:
    """Say that a file has landed: its rows in received_file, flushed to disk."""
    for record in records:
        write_records(settings, COMMIT_TABLE, record["file_id"], [record])
    sync_folder(settings.landing / COMMIT_TABLE)


def finding_records(file_id: str, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Rows of landing table finding."""
    return [{"file_id": file_id, **vars(finding)} for finding in findings]


def quarantine_records(file_id: str, rows: Iterable[QuarantinedRow]) -> list[dict[str, Any]]:
    """Rows of landing table quarantined_row."""
    return [{"file_id": file_id, **vars(row)} for row in rows]


def received(settings: Settings) -> list[dict[str, Any]]:
    """What has landed so far: the rows of received_file."""
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = []
    for path in sorted((settings.landing / COMMIT_TABLE).glob("*.parquet")):
        if path.name != REFERENCE_FILE:
            rows.extend(pq.read_table(path).to_pylist())
    return rows


def sweep(settings: Settings) -> int:
    """Take away what an interrupted run left in landing/; gives the number of files."""
    known = {path.stem for path in (settings.landing / COMMIT_TABLE).glob("*.parquet")}
    left = [path for path in settings.landing.glob("*/*") if _is_left_over(path, known)]
    for path in left:
        path.unlink()
    return len(left)


def schema(settings: Settings, table: str) -> pa.Schema:
    """The columns and types of a landing table, as pyarrow names them."""
    import pyarrow as pa

    kinds = {
        "varchar": pa.string(),
        "bigint": pa.int64(),
        "integer": pa.int32(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    columns = landing_tables(settings.project_root / "sql")[table]
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _is_left_over(path: Path, known: set[str]) -> bool:
    if path.suffix == ".part":
        return True
    if path.parent.name == COMMIT_TABLE or path.name == REFERENCE_FILE:
        return False
    return path.stem not in known
