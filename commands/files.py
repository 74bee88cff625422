"""Verbs for files on their way in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson, Workspace, print_json, progress, say, settings_of, table_of
from pipelines.errors import EXIT_CHECKS_FAILED, EXIT_UNREADABLE, SendError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipelines.ingest.door import Finding, Receipt
    from pipelines.settings import Settings

REFUSED = "refused"
READ = frozenset({"landed", "already held", "read again"})
COLUMNS = ("file", "kind", "edition", "status", "rows in", "accepted", "quarantined", "findings")


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or zips.", metavar="PATH...")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Take files in: kind, rows in, accepted, quarantined and findings, per file."""
    settings = settings_of(workspace)
    receipts: list[Receipt] = []
    faults: list[SendError] = []
    with progress() as bar:
        task = bar.add_task("Reading", total=None)
        for path in paths:
            step = partial(_name_file, bar, task)
            _take_in(path, settings, step, receipts, faults)
    if as_json:
        records = [*map(_record, receipts), *map(_refusal, faults)]
        print_json({"files": records})
    else:
        _print(receipts)
    for fault in faults:
        say(f"send: {fault}")
    code = _exit_code(receipts, faults)
    if code:
        raise typer.Exit(code)


def _exit_code(receipts: list[Receipt], faults: list[SendError]) -> int:
    """2 when a named file or all of them cannot be read, 1 for a fault in some, else 0."""
    refused = [receipt for receipt in receipts if receipt.status == REFUSED]
    read = [receipt for receipt in receipts if receipt.status in READ]
    if faults or (refused and not read):
        return EXIT_UNREADABLE
    wrong = [item for receipt in read for item in receipt.findings if item.severity == "error"]
    return EXIT_CHECKS_FAILED if refused or wrong else 0


def _take_in(
    path: Path,
    settings: Settings,
    step: Callable[[str], None],
    receipts: list[Receipt],
    faults: list[SendError],
) -> None:
    """One path; a fault of one does not keep the next out."""
    from pipelines.ingest.door import ingest as take_in

    try:
        receipts.extend(take_in([path], settings, on_progress=step))
    except SendError as error:
        faults.append(error)


def _name_file(bar: Progress, task: TaskID, name: str) -> None:
    bar.update(task, description=f"Reading {name}")


def _record(receipt: Receipt) -> dict[str, object]:
    return {
        "file": receipt.file_name,
        "archive": receipt.archive_name,
        "kind": receipt.kind,
        "dataset": receipt.dataset,
        "vintage": receipt.vintage,
        "status": receipt.status,
        "rows": receipt.row_count_in,
        "accepted": receipt.row_count_accepted,
        "quarantined": receipt.row_count_quarantined,
        "findings": [_finding(item) for item in receipt.findings],
    }


def _finding(item: Finding) -> dict[str, object]:
    return {
        "rule": item.rule,
        "severity": item.severity,
        "column": item.column_name,
        "rows": item.row_count,
        "first_row": item.first_row_number,
        "message": item.message,
        "remedy": item.remedy,
    }


def _refusal(fault: SendError) -> dict[str, object]:
    """A file that was named itself and could not be read, as a record like the others."""
    told = {"rule": REFUSED, "severity": "error", "message": fault.what, "remedy": fault.remedy}
    return {"file": fault.where, "status": REFUSED, "findings": [told]}


def _print(receipts: list[Receipt]) -> None:
    rows = [
        (
            receipt.file_name,
            receipt.dataset or receipt.kind,
            receipt.vintage or "",
            receipt.status,
            receipt.row_count_in,
            receipt.row_count_accepted,
            receipt.row_count_quarantined,
            len(receipt.findings),
        )
        for receipt in receipts
    ]
    table_of(COLUMNS, rows)
    for receipt in receipts:
        for item in receipt.findings:
            _say_finding(receipt.file_name, item)
    if any(receipt.status in READ for receipt in receipts):
        say("Next: send build")


def _say_finding(file_name: str, item: Finding) -> None:
    """File, row, column, what is wrong, what to do; no remedy where nothing need be done."""
    place = [file_name]
    if item.first_row_number is not None:
        place.append(f"row {item.first_row_number:,}")
    if item.column_name:
        place.append(f"column {item.column_name}")
    say(f"{item.severity}: {', '.join(place)}: {item.message}")
    if item.severity != "info" and item.remedy:
        say(f"  What to do: {item.remedy}")
