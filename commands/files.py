"""Verbs for files on their way in."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import (
    AsJson,
    Workspace,
    once,
    print_json,
    progress,
    say,
    settings_of,
    table_of,
)
from pipelines.errors import EXIT_CHECKS_FAILED, EXIT_UNREADABLE, InputError, SendError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipelines.ingest.door import Finding, Receipt
    from pipelines.ingest.parcel import Counts

REFUSED = "refused"
READ = frozenset({"landed", "already held", "read again"})
COLUMNS = (
    *("file", "kind", "edition", "status", "rows in", "accepted", "quarantined", "findings"),
    "file id",
)
# Told of every file in the same words, and so once a call.
OF_ALL_FILES = frozenset({"district_unknown"})


InYear = Annotated[
    bool | None,
    typer.Option(
        "--in-year/--not-in-year",
        help="SEN2 files of January are in-year extracts, or are not.",
        show_default=False,
    ),
]
ReturnYear = Annotated[
    int | None,
    typer.Option(
        "--return-year",
        min=2023,
        max=2099,
        help="Year of a SEN2 return whose files do not say it.",
        show_default=False,
    ),
]


Reason = Annotated[
    str,
    typer.Option(
        "--reason",
        help="Why files taken in as extracts are yearly returns, or the other way round.",
        show_default=False,
    ),
]


Again = Annotated[
    bool,
    typer.Option(
        "--again",
        help="Read again from what is kept, without a PATH: every file that was read by other "
        "rules or code than today's, as after an upgrade.",
    ),
]


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, folders or zips.", metavar="PATH...")
    ] = None,
    again: Again = False,
    workspace: Workspace = None,
    in_year: InYear = None,
    return_year: ReturnYear = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Take files in: kind, rows in, accepted, quarantined and findings, per file.

    Tables that belong together, such as the nine of a COLLECT export, are taken in as one when they
    are named in one call, or lie in one folder or zip.
    """
    from pipelines.ingest.again import read_again
    from pipelines.ingest.door import Asked, take_in
    from pipelines.release.audit_log import note_received
    from pipelines.run_log import logged

    asked = Asked(in_year, return_year, reason=reason.strip())
    _require_one_way(paths or [], again=again, says_more=asked != Asked())
    settings = settings_of(workspace)
    with progress() as bar:
        step = partial(_name_file, bar, bar.add_task("Reading", total=None))
        act = read_again if again else partial(take_in, paths or [], asked=asked)
        with logged(settings, "ingest") as line:
            receipts, faults = act(settings, on_progress=step, on_notice=say)
            line |= {"files": len(receipts), "unread": len(faults)}
    note_received(settings, receipts, notice=say)
    if again and not receipts:
        say("Every file that is held was read by today's rules: there is nothing to read again.")
    said: set[str] = set()
    if as_json:
        told = {
            (receipt.file_name, item.message) for receipt in receipts for item in receipt.findings
        }
        untold = [fault for fault in faults if (fault.where, fault.what) not in told]
        print_json({"files": [*map(_record, receipts), *map(_refusal, untold)]})
    else:
        _print(receipts, {(fault.where, fault.what) for fault in faults}, said)
    for fault in faults:
        fault.remedy = once(fault.remedy, said)
        say(f"send: {fault}")
    code = _exit_code(receipts, faults)
    if code:
        raise typer.Exit(code)


def _require_one_way(paths: list[Path], *, again: bool, says_more: bool) -> None:
    """Files are offered, or what is kept is read again as what it was taken in as."""
    if again and (paths or says_more):
        raise InputError(
            "--again reads again what is kept, as what it was taken in as; it takes nothing else",
            where="--again",
            remedy="Give it alone. To take in files, or to say otherwise what they are, name them "
            "without it.",
        )
    if not again and not paths:
        raise InputError(
            "no file or folder is named",
            where="send ingest",
            remedy="Name what to take in: send ingest inbox/. To read again what is held: "
            "send ingest --again.",
        )


def _exit_code(receipts: list[Receipt], faults: list[SendError]) -> int:
    """2 when a named file or all of them cannot be read, 1 for a fault in some, else 0."""
    refused = [receipt for receipt in receipts if receipt.status == REFUSED]
    read = [receipt for receipt in receipts if receipt.status in READ]
    if faults or (refused and not read):
        return EXIT_UNREADABLE
    wrong = [item for receipt in read for item in receipt.findings if item.severity == "error"]
    return EXIT_CHECKS_FAILED if refused or wrong else 0


def _name_file(bar: Progress, task: TaskID, name: str) -> None:
    bar.update(task, description=f"Reading {name}")


def _record(receipt: Receipt) -> dict[str, object]:
    return {
        "file": receipt.file_name,
        "file_id": receipt.file_id,
        "archive": receipt.archive_name,
        "kind": receipt.kind,
        "dataset": receipt.dataset,
        "vintage": receipt.vintage,
        "status": receipt.status,
        "rows": receipt.row_count_in,
        "accepted": receipt.row_count_accepted,
        "quarantined": receipt.row_count_quarantined,
        "modules": {name: _counts(counts) for name, counts in receipt.modules.items()},
        "findings": [_finding(item) for item in receipt.findings],
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "rows": counts.row_count_in,
        "accepted": counts.row_count_accepted,
        "quarantined": counts.row_count_quarantined,
    }


def _finding(item: Finding) -> dict[str, object]:
    return {
        "rule": item.rule,
        "severity": item.severity,
        "module": item.module,
        "place": item.place,
        "record_key": item.record_key,
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


def _print(receipts: list[Receipt], as_faults: Collection[tuple[str, str]], said: set[str]) -> None:
    """The table, then what was found.

    as_faults: file and words of what is told as a fault of the call.
    said: what has been printed and need not be again.
    """
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
            receipt.file_id or "",
        )
        for receipt in receipts
    ]
    table_of(COLUMNS, rows)
    for receipt in receipts:
        for item in receipt.findings:
            is_fault = (receipt.file_name, item.message) in as_faults
            if not is_fault and item.rule not in OF_ALL_FILES:
                _say_finding(receipt.file_name, item, said)
    _say_of_all(receipts)
    _say_how_to_explain(receipts)
    if any(receipt.status in READ for receipt in receipts):
        say("Next: send build")


def _say_finding(file_name: str, item: Finding, said: set[str]) -> None:
    """Rule, file, row, record, column, what is wrong, what to do.

    No remedy where nothing need be done.
    """
    place = [item.place or file_name]
    if item.module and not item.place:
        place.append(item.module.replace("_", " "))
    if item.first_row_number is not None:
        place.append(f"row {item.first_row_number:,}")
    if item.record_key:
        place.append(item.record_key)
    if item.column_name:
        place.append(f"column {item.column_name}")
    count = f" ({item.row_count:,} records)" if item.record_key and item.row_count > 1 else ""
    say(f"{item.severity} {item.rule}: {', '.join(place)}: {item.message}{count}")
    remedy = once(item.remedy, said)
    if item.severity != "info" and remedy:
        say(f"  What to do: {remedy}")


def _say_of_all(receipts: list[Receipt]) -> None:
    """What would be said of file after file in the same words."""
    files: dict[str, list[str]] = {}
    for receipt in receipts:
        for item in receipt.findings:
            if item.rule in OF_ALL_FILES:
                files.setdefault(item.message, []).append(receipt.file_name)
    for message, names in files.items():
        where = names[0] if len(names) == 1 else f"{len(names):,} files"
        say(f"info: {where}: {message}")


def _say_how_to_explain(receipts: list[Receipt]) -> None:
    """What an explanation of a finding must name: rule and record stand above, the file here."""
    found = [each for each in receipts if any(item.record_key for item in each.findings)]
    if not found:
        return
    say("If a finding may stand, say why with the file of: send template finding_explanation")
    say("  It names the rule and the record as above, and the file by its id:")
    for receipt in found:
        say(f"  {receipt.file_id}  {receipt.file_name}")
