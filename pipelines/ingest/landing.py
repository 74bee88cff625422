"""A parcel -> Parquet in <workspace>/landing, whole or not at all.

Every table is written under another name, flushed to disk and renamed. A file's one record in
received_file comes last and says that the rest is there; what lies without it is the trace of an
interrupted run and is swept away. A file that is read again is written beside what it replaces and
put in its place once its record says so; `sweep` ends what an interruption left half done. What the
rows mean does not belong here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest.parcel import Finding, QuarantinedRow
from pipelines.ingest.raw_store import sync_file, sync_folder
from pipelines.registry.landing import landing_tables
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

COMMIT_TABLE = "received_file"
# Written by other hands, never swept: the facts that come with the product.
REFERENCE_FILE = "reference.parquet"
ROW_GROUP = 1_000_000
KEYED = frozenset({"pseudonym", "identifier_hash"})
LANDED, NEXT = ".parquet", ".next"


@dataclass(frozen=True)
class Place:
    """Where the tables of one file are written.

    Attributes:
        file_id: the file's 16 hexadecimal digits, without a part.
        reading: with which descriptions and code it is read.
        is_replacing: whether an earlier reading of the file lies there.
    """

    settings: Settings
    file_id: str
    reading: str
    is_replacing: bool = False

    def path(self, table: str, name: str) -> Path:
        """The file that a table's rows are written to until the file's record is there."""
        ending = f".{self.reading}{NEXT}" if self.is_replacing else LANDED
        return self.settings.landing / table / f"{name}{ending}"


def write_table(target: Path, content: pa.Table) -> None:
    """One Parquet file, atomically, and there after a power cut."""
    write_pieces(target, [content])


def write_pieces(target: Path, pieces: Iterable[pa.Table]) -> int:
    """The same of a table that never stands whole in memory; gives the number of its rows.

    Without a piece there is no file.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(f".{os.getpid()}.part")
    writer, row_count = None, 0
    with ExitStack() as opened:
        for piece in pieces:
            writer = writer or opened.enter_context(_writer(part, piece.schema))
            writer.write_table(piece, ROW_GROUP)
            row_count += piece.num_rows
    if writer:
        sync_file(part)
        part.replace(target)
        sync_folder(target.parent)
    return row_count


def _writer(part: Path, columns: pa.Schema) -> pq.ParquetWriter:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # What counts on or hardly repeats is smaller and sooner written without a dictionary.
    encoded = {
        field.name: "DELTA_LENGTH_BYTE_ARRAY" if field.name in KEYED else "DELTA_BINARY_PACKED"
        for field in columns
        if field.name in KEYED or field.type == pa.int64()
    }
    return pq.ParquetWriter(
        part,
        columns,
        compression="zstd",
        use_dictionary=[name for name in columns.names if name not in encoded],
        column_encoding=encoded,
    )


def records_table(settings: Settings, table: str, records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows given as mappings, with the columns and types that sql/landing.yml declares."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(records), schema=schema(settings, table))


def commit(place: Place, records: Iterable[Mapping[str, Any]]) -> None:
    """Say that a file has landed: one record with a row for each of its parts, in one rename."""
    if place.is_replacing:
        _empty_what_is_no_more(place)
    target = place.settings.landing / COMMIT_TABLE / f"{place.file_id}{LANDED}"
    write_table(target, records_table(place.settings, COMMIT_TABLE, records))
    if place.is_replacing:
        _put_in_place(place.settings, {place.file_id: place.reading})
        for record in target.parent.glob(f"{place.file_id}-*{LANDED}"):
            record.unlink()


def outdate(settings: Settings, file_id: str, records: Iterable[Mapping[str, Any]]) -> None:
    """Say that a file must be read again, before it is with the same descriptions and code.

    Else what an interruption left of the new reading would pass for that of the old.
    """
    target = settings.landing / COMMIT_TABLE / f"{file_id}{LANDED}"
    outdated = ({**record, "reading_version": None} for record in records)
    write_table(target, records_table(settings, COMMIT_TABLE, outdated))


def _empty_what_is_no_more(place: Place) -> None:
    """A table that the earlier reading had and this one has not gives way to one without rows."""
    import pyarrow.parquet as pq

    for path in place.settings.landing.glob(f"*/{place.file_id}*{LANDED}"):
        successor = place.path(path.parent.name, path.stem)
        if path.parent.name != COMMIT_TABLE and not successor.exists():
            write_table(successor, pq.read_schema(path).empty_table())


def _put_in_place(settings: Settings, readings: Mapping[str, str | None]) -> None:
    """Rename what a committed reading wrote over what it replaces; drop what was not committed."""
    for path in settings.landing.glob(f"*/*{NEXT}"):
        name, _, reading = path.name.removesuffix(NEXT).rpartition(".")
        if readings.get(_file_of(name)) == reading:
            path.replace(path.with_name(f"{name}{LANDED}"))
            sync_folder(path.parent)
        elif _file_of(name) in readings:
            path.unlink()


def _file_of(stem: str) -> str:
    """The file's 16 digits in the name of one of its parts."""
    return stem.partition("-")[0]


def finding_records(file_id: str, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Rows of landing table finding."""
    return [{"file_id": file_id, **vars(finding)} for finding in findings]


def quarantine_records(file_id: str, rows: Iterable[QuarantinedRow]) -> list[dict[str, Any]]:
    """Rows of landing table quarantined_row."""
    return [
        {"file_id": file_id, "row_number": row.row_number, "reason": row.reason, "text": row.text}
        for row in rows
    ]


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
    readings = {_file_of(row["file_id"]): row.get("reading_version") for row in received(settings)}
    _put_in_place(settings, readings)
    known = {path.stem for path in (settings.landing / COMMIT_TABLE).glob(f"*{LANDED}")}
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
        "decimal(18,6)": pa.decimal128(18, 6),
    }
    columns = landing_tables(settings.project_root / "sql")[table]
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _is_left_over(path: Path, known: set[str]) -> bool:
    if path.suffix in {".part", NEXT}:
        return True
    if path.name == REFERENCE_FILE:
        return False
    if path.parent.name == COMMIT_TABLE:
        # Earlier versions wrote one record a part: a record of the whole file takes their place.
        return path.stem != _file_of(path.stem) and _file_of(path.stem) in known
    return path.stem not in known and _file_of(path.stem) not in known
