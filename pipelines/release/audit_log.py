"""log/audit.jsonl: who did what, and when; one line an act, each chained to the one before.

A line carries the code of the line before it and a code of its own, made with the audit key (HMAC-
SHA256), so that nobody without the key can edit, insert, delete or reorder one unnoticed. Lines cut
off at the end leave a chain that is whole in itself: against that, the number and code of the last
line (the head) stand in each release's manifest and approval, and in one file a day beside the log.
How the chain is checked stands in audit_check.py. A record never holds anything of a child.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pipelines.errors import FailedCheckError
from pipelines.ingest.intake import AGAIN, LANDED
from pipelines.ingest.keys import Key, keys_of
from pipelines.ingest.signed_lines import CODE, code_of, is_signed, line_of, signed
from pipelines.release.files import sync_folder, write_atomically

if TYPE_CHECKING:
    from pipelines.ingest.parcel import Receipt
    from pipelines.settings import Settings

__all__ = ["CODE", "code_of", "line_of"]

LOG = "audit.jsonl"
HEADS = "audit_heads"
BEFORE = "code_before"
# What a manifest or an approval calls the head that it writes down.
HEAD_IN = "audit_head"
# What the first line names as the code before it.
NOTHING = "0" * 64
CODE_DIGITS = len(NOTHING)
Notice = Callable[[str], None]


@dataclass(frozen=True)
class Head:
    """The last line of the chain: its number, counted from 1, and its code."""

    number: int
    code: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in manifests, approvals and the files of heads."""
        return {"number": self.number, CODE: self.code}


EMPTY = Head(0, NOTHING)


def path_of(settings: Settings) -> Path:
    """Where the log lies, whether or not it does."""
    return settings.workspace / "log" / LOG


def heads_folder(settings: Settings) -> Path:
    """Where the head of each day is kept, for copying to another place."""
    return settings.workspace / "log" / HEADS


def make_ready(settings: Settings, notice: Notice | None = None) -> None:
    """See that an act can be signed, before a long one begins; keys are made where none are.

    Raises:
        InputError: the audit key is missing, or not that of this workspace.
    """
    keys_of(settings, notice)


def note(
    settings: Settings, action: str, *, notice: Notice | None = None, **told: Any
) -> dict[str, Any]:
    """Add an act to the chain; it is on disk when the call returns.

    told: what is to be known of it, plain values only and nothing of a child.
    notice: is told where keys had to be made.

    Raises:
        InputError: the audit key is missing, or not that of this workspace.
        FailedCheckError: the end of the log has been changed.
    """
    key = keys_of(settings, notice).audit
    with _locked(path_of(settings)) as handle:
        last = _last(handle, key, path_of(settings))
        act = {
            "number": last.number + 1,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "action": action,
            **told,
            BEFORE: last.code,
        }
        record = signed(key, act)
        _write(handle, line_of(record))
        _keep_head(settings, Head(record["number"], record[CODE]), record["at"])
    return record


def note_received(
    settings: Settings, receipts: Sequence[Receipt], *, notice: Notice | None = None
) -> None:
    """Add what one call of the door took in; nothing where nothing new landed."""
    landed = [item for item in receipts if item.status in {LANDED, AGAIN}]
    if not landed:
        return
    files = [
        {"file_id": item.file_id, "kind": item.kind, "vintage": item.vintage, "status": item.status}
        for item in landed
    ]
    note(settings, "ingest", notice=notice, files=files)


def head(settings: Settings) -> Head:
    """The last whole line as it stands, unchecked; number 0 where there is none yet."""
    path = path_of(settings)
    lines = _whole_lines(path.read_bytes()) if path.is_file() else []
    return _head_of(lines[-1], path) if lines else EMPTY


def _head_of(line: bytes, path: Path) -> Head:
    """Raises FailedCheckError where the line is no record."""
    try:
        record = json.loads(line)
        return Head(int(record["number"]), str(record[CODE]))
    except (ValueError, KeyError, TypeError) as error:
        raise _changed(path) from error


def _last(handle: BinaryIO, key: Key, path: Path) -> Head:
    """The line to chain to. One that a power cut left in part was never acknowledged, and goes."""
    handle.seek(0)
    raw = handle.read()
    lines = _whole_lines(raw)
    whole = sum(map(len, lines))
    if whole < len(raw):
        handle.truncate(whole)
    if not lines:
        return EMPTY
    last = _head_of(lines[-1], path)
    if not is_signed(key, json.loads(lines[-1])):
        raise _changed(path)
    return last


def _whole_lines(raw: bytes) -> list[bytes]:
    return [line for line in raw.splitlines(keepends=True) if line.endswith(b"\n")]


def _changed(path: Path) -> FailedCheckError:
    return FailedCheckError(
        "the last line of the audit log is not as it was written",
        where=f"log/{path.name}",
        remedy="Look what else has changed with: send releases verify. Put the log back from the "
        "backup, and find out who changed it.",
    )


def _write(handle: BinaryIO, line: bytes) -> None:
    """All of it at the end of the file, and on disk."""
    while line:
        line = line[handle.write(line) :]
    os.fsync(handle.fileno())


def _keep_head(settings: Settings, last: Head, at: str) -> None:
    """Today's head, in place of the one before; those of earlier days stay."""
    text = json.dumps({"at": at} | last.as_json())
    write_atomically(heads_folder(settings) / f"{at[:10]}.json", text + "\n")


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """The log for one writer; made where there is none yet. Unbuffered, written at its end only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if is_new:
            sync_folder(path.parent)
        yield handle
