"""A publisher's file whose kind is known -> rows and cells in landing/, with its record.

What the reader of each source makes of its bytes (a Parcel) is counted, given a vintage and
written. Nothing about a person passes here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError, SendError
from pipelines.ingest import landing
from pipelines.ingest.archive import Member
from pipelines.ingest.intake import AGAIN, FILE_ID_DIGITS, LANDED, Run, receipt, vintage
from pipelines.ingest.parcel import Finding, Parcel, Part, Receipt, told_of
from pipelines.registry.landing import landing_tables
from pipelines.registry.sources import Sources
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa


def take(run: Run, member: Member, kind: str, sha256: str, kept_sha256: str) -> Receipt:
    """Read and land one file.

    sha256: of its bytes as they arrived; kept_sha256: of what is kept, the archive it came in.

    Raises:
        InputError: a column is missing, or none of its rows can be used.
    """
    content = member.content()
    parcel = read(content, kind, run.sources, run.settings.project_root)
    _count(parcel, member.name)
    _require_rows(parcel)
    earlier = run.held(sha256)
    same = run.editions(parcel.source, parcel.kind, parcel.release)
    edition, order = vintage(same, sha256, parcel.release)
    if kind == "boundary":
        _keep_boundary(run.settings, sha256[:FILE_ID_DIGITS], content)
    record = _file_record(member, sha256, parcel, edition, order)
    record |= {"kept_sha256": kept_sha256, "reading_version": run.reading}
    rows, findings = _land(run, parcel, record)
    run.replace(sha256, rows)
    status = AGAIN if earlier else LANDED
    return receipt(rows, member.name, member.archive_name, status, findings)


# ---- reading ---------------------------------------------------------------------------------


def read(content: bytes, kind: str, known: Sources, root: Path) -> Parcel:
    """The parcel of a file whose kind is known.

    Raises:
        InputError: a column is missing, or the rows cannot be placed.
    """
    from pipelines.ingest import (
        boundary,
        codes,
        ees,
        gias,
        lait,
        neighbours,
        population,
        postcodes,
        strict_csv,
        tribunal,
    )

    if kind == boundary.KIND:
        return boundary.read(content)
    if kind == known.tribunal.dataset:
        return tribunal.read(content, known.tribunal, known.corrections)
    table = strict_csv.read(content)
    if kind in known.ees.files:
        return ees.read(table, kind, known.ees, known.corrections)
    if kind in known.codes.lists:
        return codes.read(table, kind, known.codes.lists[kind])
    readers: dict[str, Callable[[], Parcel]] = {
        neighbours.KIND: lambda: neighbours.read(table, known.neighbours),
        known.population.dataset: lambda: population.read(table, known.population),
        postcodes.KIND: lambda: postcodes.read(table),
        gias.KIND: lambda: gias.read(table, root),
        known.lait.dataset: lambda: lait.read(table, known.lait, lait.region_numbers(root)),
    }
    return readers[kind]()


def _count(parcel: Parcel, name: str) -> None:
    """Every row is accounted for, or nothing lands."""
    accounted = parcel.row_count_accepted + parcel.row_count_quarantined
    if accounted != parcel.row_count_in:
        raise SendError(
            f"{parcel.row_count_in:,} rows came in, but {accounted:,} are accounted for; "
            "nothing was landed",
            where=name,
            remedy="This is a fault of the product; please report it with the file.",
        )


def _require_rows(parcel: Parcel) -> None:
    """A file without rows would become the newest edition, and empty it."""
    if parcel.row_count_in == 0:
        raise InputError(
            "there are no rows below the header", remedy="Download the file again, with its rows."
        )
    if parcel.row_count_accepted == 0:
        first = parcel.quarantined[0]
        raise InputError(
            f"none of its rows could be used (row {first.row_number:,}: {first.reason})",
            remedy=first.remedy,
        )


# ---- landing ---------------------------------------------------------------------------------


def _file_record(
    member: Member, sha256: str, parcel: Parcel, edition: str, order: int
) -> dict[str, Any]:
    """The row of received_file, but for the part's own columns."""
    return {
        "file_id": sha256[:FILE_ID_DIGITS],
        "source": parcel.source,
        "kind": parcel.kind,
        "dataset": None,
        "file_name": member.name,
        "archive_name": member.archive_name,
        "sha256": sha256,
        "size_bytes": member.size_bytes,
        "release": parcel.release,
        "vintage": edition,
        "vintage_order": order,
        "row_count_in": parcel.row_count_in,
        "row_count_accepted": parcel.row_count_accepted,
        "row_count_quarantined": parcel.row_count_quarantined,
    }


def _land(
    run: Run, parcel: Parcel, record: dict[str, Any]
) -> tuple[list[dict[str, Any]], tuple[Finding, ...]]:
    """Write everything of a file, its record last; gives the record's rows and all findings."""
    is_replacing = bool(run.held(record["sha256"]))
    place = landing.Place(run.settings, record["file_id"], run.reading, is_replacing)
    rows = []
    for part in parcel.parts:
        row = record | {"file_id": _part_id(record, part), "dataset": part.dataset}
        _land_part(place, part, row)
        rows.append(row)
    for table, content in parcel.tables.items():
        name = record["file_id"]
        landing.write_table(place.path(table, name), _shaped(place, table, content, name))
    rows = rows or [record]
    findings = (*parcel.findings, *told_of(parcel.quarantined), *_revision(run, place, rows))
    _land_records(place, rows[0]["file_id"], parcel, findings)
    landing.commit(place, rows)
    return rows, findings


def _shaped(place: landing.Place, table: str, content: pa.Table, file_id: str) -> pa.Table:
    """The table as landing.yml declares it; of some, whose file a row is does not matter."""
    wanted = landing_tables(place.settings.project_root / "sql").get(table, {})
    if "file_id" in wanted and "file_id" not in content.column_names:
        content = _with_constants(content, {"file_id": file_id})
    return content


def _land_records(
    place: landing.Place, file_id: str, parcel: Parcel, findings: tuple[Finding, ...]
) -> None:
    """What was found and what was put aside, under the file's first part."""
    told = landing.finding_records(file_id, findings)
    aside = landing.quarantine_records(file_id, parcel.quarantined)
    for table, records in (("finding", told), ("quarantined_row", aside)):
        if records:
            content = landing.records_table(place.settings, table, records)
            landing.write_table(place.path(table, file_id), content)


def _part_id(record: dict[str, Any], part: Part) -> str:
    return f"{record['file_id']}-{part.suffix}" if part.suffix else str(record["file_id"])


def _land_part(place: landing.Place, part: Part, row: dict[str, Any]) -> None:
    """published_cell and published_row of one part."""
    name = row["file_id"]
    cells = _with_constants(part.cells, {"file_id": name})
    named = ("file_id", "source", "dataset", "vintage")
    rows = _with_constants(part.rows, {column: row[column] for column in named})
    rows = _with_numbers(rows, {"precedence": 0, "vintage_order": row["vintage_order"]})
    landing.write_table(place.path("published_cell", name), cells)
    landing.write_table(place.path("published_row", name), rows)


def _revision(run: Run, place: landing.Place, rows: list[dict[str, Any]]) -> list[Finding]:
    """What a later copy changes against the edition before it; none for a first edition."""
    first = rows[0]
    same = run.editions(first["source"], first["kind"], first["release"])
    orders = [row["vintage_order"] for row in same if row["vintage_order"] < first["vintage_order"]]
    if not orders or not first["dataset"]:
        return []
    from pipelines.ingest import revision

    before = [row for row in same if row["vintage_order"] == max(orders)]
    paths = {
        table: [place.path(table, row["file_id"]) for row in rows]
        for table in ("published_row", "published_cell")
    }
    earlier = landing.Place(run.settings, before[0]["file_id"], run.reading)
    earlier_paths = {
        table: [earlier.path(table, row["file_id"]) for row in before] for table in paths
    }
    return [revision.compared(before[0]["vintage"], earlier_paths, paths)]


def _with_constants(table: pa.Table, texts: dict[str, str]) -> pa.Table:
    from pipelines.ingest.columns import constant

    for name, text in texts.items():
        table = table.append_column(name, constant(text, table.num_rows))
    return table


def _with_numbers(table: pa.Table, numbers: dict[str, int]) -> pa.Table:
    import numpy as np

    for name, number in numbers.items():
        table = table.append_column(name, [np.full(table.num_rows, number, np.int32)])
    return table


def _keep_boundary(settings: Settings, file_id: str, content: bytes) -> None:
    target = settings.landing / "boundary" / f"{file_id}.geojson"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(target)
