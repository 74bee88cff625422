"""Every file that was read otherwise than files are read now, read again from what is kept of it.

After an upgrade the copies in the inbox may be gone, and what was judged by older rules may not be
published. The publishers' files come first, since returns are held against them; then the council's
own in the order in which they arrived, so that everybody keeps the pseudonym of before.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from pipelines.errors import InputError, SendError
from pipelines.ingest import door, person_level, published, raw_store, rekey
from pipelines.ingest.archive import Member, members
from pipelines.ingest.intake import FILE_ID_DIGITS, Progress, Run, log, refused
from pipelines.ingest.memory import enough_memory
from pipelines.ingest.parcel import Receipt
from pipelines.settings import Settings

Row = Mapping[str, Any]


def read_again(
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    on_notice: Progress | None = None,
) -> tuple[list[Receipt], list[SendError]]:
    """Read again whatever is not read as now; gives the receipts, and the faults of files.

    A file stays what it was taken in as, and without whoever was erased from it. Each takes the
    place of its earlier reading whole or not at all; one that cannot be read keeps the earlier.
    """
    with door.call(settings, on_progress=on_progress, on_notice=on_notice) as run:
        faults = [_taken(run, row) for row in _outdated(run)]
    return run.receipts, [fault for fault in faults if fault is not None]


def _outdated(run: Run) -> list[Row]:
    """One row of received_file for each file that was read otherwise, in the order of reading."""
    files = {
        row["sha256"]: row for row in run.received if row.get("reading_version") != run.reading
    }
    return sorted(files.values(), key=lambda row: _place(run.settings, row))


def _place(settings: Settings, row: Row) -> tuple[bool, int, str]:
    """Earlier editions before later ones, which are compared with them."""
    if row["source"] != person_level.SOURCE:
        return False, row["vintage_order"], row["sha256"]
    return True, rekey.arrival(settings, row["sha256"][:FILE_ID_DIGITS]), row["sha256"]


def _taken(run: Run, row: Row) -> InputError | None:
    """Read and log one file; gives its fault where it cannot be read."""
    fault = None
    run.progress(row["file_name"])
    try:
        run.receipts.append(_read(run, row))
    except InputError as error:
        fault = refused(run, row["file_name"], row["archive_name"], error)
    log(run, run.receipts[-1], row["sha256"], row["kept_sha256"])
    return fault


def _read(run: Run, row: Row) -> Receipt:
    if row["source"] == person_level.SOURCE:
        return person_level.take(run, rekey.kept_of(run.settings, row))
    with ExitStack() as stack:
        member = _member(stack, run.settings, row)
        with enough_memory():
            return published.take(run, member, row["kind"], row["sha256"], row["kept_sha256"])


def _member(stack: ExitStack, settings: Settings, row: Row) -> Member:
    """A publisher's file as it is kept: by itself, or in the zip in which it came.

    Raises:
        InputError: it is not there, or not as it arrived.
    """
    is_alone = row["kept_sha256"] == row["sha256"]
    try:
        found = stack.enter_context(members(raw_store.path_of(settings, row["kept_sha256"])))
        for each in found:
            if (is_alone or each.name == row["file_name"]) and _digest(each) == row["sha256"]:
                return replace(each, name=row["file_name"], archive_name=row["archive_name"])
    except InputError as error:
        raise rekey.cannot(row) from error
    raise rekey.cannot(row)


def _digest(member: Member) -> str:
    with member.opening() as stream:
        return raw_store.digest_of(stream)
