"""The one way in: files that people name -> bytes kept, rows checked, Parquet landed, a receipt.

The order is the promise: the bytes are kept first, then recognised by content, then checked, then
landed whole, then written down in the log. Nothing about a source's own layout belongs here.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError, SendError
from pipelines.ingest import landing, raw_store
from pipelines.ingest.archive import Member, file_bytes, folder_files, members
from pipelines.ingest.parcel import Finding, Parcel, Part, Receipt, told_of
from pipelines.ingest.reading import version_of
from pipelines.registry.sources import Sources, sources
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Finding", "Receipt", "ingest"]

Progress = Callable[[str], None]
LANDED, HELD, AGAIN = "landed", "already held", "read again"
NOT_DATA, REFUSED = "not data", "refused"
FILE_ID_DIGITS = 16
PRIVATE = 0o077
RELEASE_STEP = 1000
NO_RELEASE_VINTAGE = "undated"


@dataclass
class _Run:
    """One call of the door: where it writes, what it knows, what has landed so far.

    Attributes:
        reading: with which descriptions and code files are read now.
        kept_sha256: where the bytes being read lie in raw/: the archive's, for a file in one.
    """

    settings: Settings
    sources: Sources
    reading: str
    received: list[dict[str, Any]]
    receipts: list[Receipt] = field(default_factory=list)
    kept_sha256: str = ""

    def held(self, sha256: str) -> list[dict[str, Any]]:
        """The rows of received_file of these bytes: one a part, none if they have not landed."""
        return [row for row in self.received if row["sha256"] == sha256]

    def replace(self, sha256: str, rows: list[dict[str, Any]]) -> None:
        """Put what has landed of these bytes in the place of what had."""
        self.received = [row for row in self.received if row["sha256"] != sha256] + rows


def ingest(
    paths: Sequence[Path], settings: Settings, *, on_progress: Progress | None = None
) -> list[Receipt]:
    """Take files in: zips, folders, CSVs (also gzipped), GeoJSON. One receipt a file.

    What cannot be read in a zip or a folder is reported in its receipt, and the rest is taken in.
    Bytes that are held already are passed over, unless a description of their source, a correction
    or the code has changed since: then they are read again and replace what had landed.
    on_progress is given each file's name beforehand.

    Raises:
        InputError: a path does not exist, a zip is hostile or damaged, or a file that was named
            itself is of no known kind or lacks a key column; the other paths are taken in first.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise InputError("there is no such file or folder", where=str(missing[0]))
    faults: list[SendError] = []
    with _one_at_a_time(settings):
        landing.sweep(settings)
        root = settings.project_root
        run = _Run(settings, sources(root), version_of(root), landing.received(settings))
        for path in paths:
            faults.extend(_take_path(run, path, on_progress or _silent))
    if faults:
        raise _joined(faults)
    return run.receipts


def _silent(_: str) -> None:
    """No progress is wanted."""


def _joined(faults: list[SendError]) -> SendError:
    """The first fault, and the words of the others."""
    if len(faults) == 1:
        return faults[0]
    words = "; ".join(f"{fault.where}: {fault.what}" for fault in faults)
    return InputError(f"{len(faults)} files could not be read ({words})", remedy=faults[0].remedy)


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """One door for one workspace; what it writes is for its owner only."""
    before = os.umask(PRIVATE)
    try:
        folder = settings.workspace / "log"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "ingest.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    finally:
        os.umask(before)


# ---- one path --------------------------------------------------------------------------------


def _take_path(run: _Run, path: Path, on_progress: Progress) -> list[SendError]:
    """Take in what a path stands for; gives the faults that its own name must answer for."""
    if path.is_dir():
        for inner in folder_files(path):
            _take_file(run, inner, path.name, on_progress)
        return []
    return _take_file(run, path, None, on_progress)


def _take_file(run: _Run, path: Path, folder: str | None, on_progress: Progress) -> list[SendError]:
    """Keep one file's bytes, then take in what it holds."""
    try:
        raw = file_bytes(path)
    except InputError as error:
        return [error]
    sha256, is_new = raw_store.keep(run.settings, raw)
    run.kept_sha256 = sha256
    faults: list[SendError] = []
    is_known = False
    try:
        for member in members(raw, path.name):
            on_progress(member.name)
            fault = _take_member(run, member, member.archive_name or folder)
            is_known = is_known or run.receipts[-1].status in (LANDED, HELD, AGAIN)
            if fault is not None and member.archive_name is None and folder is None:
                faults.append(fault)
    except InputError as fault:
        faults.append(fault)
    if is_new and not is_known:
        raw_store.drop(run.settings, sha256)
    return faults


def _take_member(run: _Run, member: Member, archive: str | None) -> InputError | None:
    """Read, land and log one file; gives its fault where it could not be read."""
    sha256 = raw_store.digest(member.packed)
    try:
        receipt = _held(run, member, archive, sha256) or _taken(run, member, archive, sha256)
        fault = None
    except InputError as error:
        fault = InputError(error.what, where=error.where or member.name, remedy=error.remedy)
        receipt = _refusal(member, archive, fault)
    run.receipts.append(receipt)
    _log(run, receipt, sha256)
    return fault


def _held(run: _Run, member: Member, archive: str | None, sha256: str) -> Receipt | None:
    """The receipt of bytes that have landed as they would be read now."""
    rows = run.held(sha256)
    if not rows or any(row.get("reading_version") != run.reading for row in rows):
        return None
    return _receipt(rows, member.name, archive, HELD)


def _receipt(
    rows: list[dict[str, Any]],
    name: str,
    archive: str | None,
    status: str,
    findings: tuple[Finding, ...] = (),
) -> Receipt:
    """What the rows of received_file of one file say, for a reader."""
    datasets = dict.fromkeys(row["dataset"] for row in rows if row["dataset"])
    return Receipt(
        file_name=name,
        archive_name=archive,
        kind=rows[0]["kind"],
        dataset=", ".join(datasets) or None,
        vintage=rows[0]["vintage"],
        status=status,
        row_count_in=rows[0]["row_count_in"],
        row_count_accepted=rows[0]["row_count_accepted"],
        row_count_quarantined=rows[0]["row_count_quarantined"],
        findings=findings,
    )


def _taken(run: _Run, member: Member, archive: str | None, sha256: str) -> Receipt:
    from pipelines.ingest import recognise

    content = member.content()
    kind = recognise.kind_of(content, run.sources)
    if kind == recognise.NOT_DATA:
        return Receipt(member.name, archive, NOT_DATA, None, None, NOT_DATA)
    parcel = _read(content, kind, run)
    _count(parcel, member.name)
    _require_rows(parcel)
    earlier = run.held(sha256)
    vintage, order = _vintage(run, parcel, sha256)
    if kind == "boundary":
        _keep_boundary(run.settings, sha256[:FILE_ID_DIGITS], content)
    record = _file_record(member, archive, sha256, parcel, vintage, order)
    record |= {"kept_sha256": run.kept_sha256, "reading_version": run.reading}
    rows, findings = _land(run, parcel, record)
    run.replace(sha256, rows)
    return _receipt(rows, member.name, archive, AGAIN if earlier else LANDED, findings)


def _refusal(member: Member, archive: str | None, fault: InputError) -> Receipt:
    told = Finding(rule="refused", severity="error", message=fault.what, remedy=fault.remedy)
    return Receipt(member.name, archive, None, None, None, REFUSED, findings=(told,))


# ---- reading ---------------------------------------------------------------------------------


def _read(content: bytes, kind: str, run: _Run) -> Parcel:
    """The parcel of a file whose kind is known."""
    from pipelines.ingest import boundary, codes, ees, lait, neighbours, population, tribunal
    from pipelines.ingest.strict_csv import read

    known = run.sources
    if kind == boundary.KIND:
        return boundary.read(content)
    if kind == known.tribunal.dataset:
        return tribunal.read(content, known.tribunal, known.corrections)
    table = read(content)
    if kind in known.ees.files:
        return ees.read(table, kind, known.ees, known.corrections)
    if kind in known.codes.lists:
        return codes.read(table, kind, known.codes.lists[kind])
    if kind == neighbours.KIND:
        return neighbours.read(table, known.neighbours)
    if kind == known.population.dataset:
        return population.read(table, known.population)
    return lait.read(table, known.lait, lait.region_numbers(run.settings.project_root))


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


def _vintage(run: _Run, parcel: Parcel, sha256: str) -> tuple[str, int]:
    """('2025', 2025000), and for a later copy of that kind and release ('2025-r2', 2025001).

    A file that is read again keeps the place it had.
    """
    same = _editions(run, parcel.source, parcel.kind, parcel.release)
    before = next((row for row in same if row["sha256"] == sha256), None)
    if before:
        return before["vintage"], before["vintage_order"]
    first = int(parcel.release or 0) * RELEASE_STEP
    order = max((row["vintage_order"] + 1 for row in same), default=first)
    name = parcel.release or NO_RELEASE_VINTAGE
    return (f"{name}-r{order - first + 1}" if same else name), order


def _editions(run: _Run, source: str, kind: str, release: str | None) -> list[dict[str, Any]]:
    """What has landed of one kind and release."""
    wanted = (source, kind, release)
    return [row for row in run.received if (row["source"], row["kind"], row["release"]) == wanted]


# ---- landing ---------------------------------------------------------------------------------


def _file_record(
    member: Member, archive: str | None, sha256: str, parcel: Parcel, vintage: str, order: int
) -> dict[str, Any]:
    """The row of received_file, but for the part's own columns."""
    return {
        "file_id": sha256[:FILE_ID_DIGITS],
        "source": parcel.source,
        "kind": parcel.kind,
        "dataset": None,
        "file_name": member.name,
        "archive_name": archive,
        "sha256": sha256,
        "size_bytes": len(member.packed),
        "release": parcel.release,
        "vintage": vintage,
        "vintage_order": order,
        "row_count_in": parcel.row_count_in,
        "row_count_accepted": parcel.row_count_accepted,
        "row_count_quarantined": parcel.row_count_quarantined,
    }


def _land(
    run: _Run, parcel: Parcel, record: dict[str, Any]
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
        landing.write_table(place.path(table, record["file_id"]), content)
    rows = rows or [record]
    findings = (*parcel.findings, *told_of(parcel.quarantined), *_revision(run, place, rows))
    _land_records(place, rows[0]["file_id"], parcel, findings)
    landing.commit(place, rows)
    return rows, findings


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


def _revision(run: _Run, place: landing.Place, rows: list[dict[str, Any]]) -> list[Finding]:
    """What a later copy changes against the edition before it; none for a first edition."""
    first = rows[0]
    same = _editions(run, first["source"], first["kind"], first["release"])
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


# ---- log -------------------------------------------------------------------------------------


def _log(run: _Run, receipt: Receipt, sha256: str) -> None:
    """One line a file: when, what, which bytes, what became of it. No cell of the file."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "sha256": sha256,
        "kept_sha256": run.kept_sha256,
        "name": receipt.file_name,
        "archive": receipt.archive_name,
        "kind": receipt.kind,
        "vintage": receipt.vintage,
        "status": receipt.status,
        "rows_in": receipt.row_count_in,
        "rows_accepted": receipt.row_count_accepted,
        "rows_quarantined": receipt.row_count_quarantined,
    }
    path = run.settings.workspace / "log" / "received.jsonl"
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(line, ensure_ascii=False) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
