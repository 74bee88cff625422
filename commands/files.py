"""Verbs for files on their way in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson, Workspace, print_json, say, settings_of

if TYPE_CHECKING:
    from pipelines.ingest.door import Receipt


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or zips.", metavar="PATH...")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Take files in: kind, rows in, accepted, quarantined and findings, per file."""
    from pipelines.ingest.door import ingest as take_in

    receipts = take_in(paths, settings_of(workspace))
    if as_json:
        print_json({"files": [_record(receipt) for receipt in receipts]})
    else:
        _print(receipts)


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
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for name in ("file", "kind", "edition", "status"):
        table.add_column(name)
    for name in ("rows in", "accepted", "quarantined", "findings"):
        table.add_column(name, justify="right")
    for receipt in receipts:
        counts = (
            receipt.row_count_in,
            receipt.row_count_accepted,
            receipt.row_count_quarantined,
            len(receipt.findings),
        )
        kind = receipt.dataset or receipt.kind
        table.add_row(
            receipt.file_name,
            kind,
            receipt.vintage or "",
            receipt.status,
            *(f"{count:,}" for count in counts),
        )
    Console().print(table)
    for receipt in receipts:
        for item in receipt.findings:
            say(f"{item.severity}: {receipt.file_name}: {item.message}")
    say("Next: send build")
