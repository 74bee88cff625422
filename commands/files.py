"""Verbs for files on their way in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson, Workspace, print_json, progress, say, settings_of, table_of
from pipelines.errors import SendError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipelines.ingest.door import Receipt
    from pipelines.settings import Settings

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
        print_json({"files": [_record(receipt) for receipt in receipts]})
    else:
        _print(receipts)
    for fault in faults:
        say(f"send: {fault}")
    if faults:
        raise typer.Exit(max(fault.exit_code for fault in faults))


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
        "findings": [
            {"rule": item.rule, "severity": item.severity, "message": item.message}
            for item in receipt.findings
        ],
    }


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
            say(f"{item.severity}: {receipt.file_name}: {item.message}")
    if receipts:
        say("Next: send build")
