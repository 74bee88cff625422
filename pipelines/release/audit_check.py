"""Whether the audit log is as it was written: every line in its place, and none cut off.

The chain itself tells of lines that were edited, inserted, deleted or put in another order. Lines
cut off at the end are missed by the heads that were written down elsewhere: in the manifest and the
approval of each release, in one file a day, and wherever somebody noted one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest.keys import keys_of
from pipelines.ingest.signed_lines import is_signed
from pipelines.release.audit_log import (
    BEFORE,
    CODE,
    CODE_DIGITS,
    EMPTY,
    HEAD_IN,
    Head,
    heads_folder,
    path_of,
)
from pipelines.release.reader import all_releases

if TYPE_CHECKING:
    from pipelines.ingest.keys import Key
    from pipelines.settings import Settings


@dataclass(frozen=True)
class Checked:
    """The chain as it was found.

    Attributes:
        head: its last line; number 0 where there is no log.
        faults: what is not as it was written, in words; empty when all is.
        heads_compared: in how many other places a head was written down.
    """

    head: Head
    faults: tuple[str, ...]
    heads_compared: int


def check(settings: Settings, noted: str = "") -> Checked:
    """Read the whole chain and hold it against every head that was written down.

    noted: a head that somebody wrote down elsewhere, as 'NUMBER:CODE'.

    Raises:
        InputError: the audit key is missing, or the noted head cannot be read.
    """
    own = [("the head you gave", _noted(noted))] if noted else []
    heads = [*_heads(settings), *own]
    records, faults = _records(path_of(settings))
    if records:
        faults += _chain_faults(records, keys_of(settings).audit)
    faults += [fault for fault in (_missed(place, head, records) for place, head in heads) if fault]
    last = records[-1] if records else {}
    head = Head(len(records), str(last.get(CODE, EMPTY.code)))
    return Checked(head, tuple(faults), len(heads))


def records_of(settings: Settings) -> list[dict[str, Any]]:
    """The records that can be read, in their order; unchecked."""
    return _records(path_of(settings))[0]


def _records(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines as records. One that is none counts as empty, so that the others keep their place.

    What follows the last line's end is a write that was never acknowledged.
    """
    raw = path.read_bytes() if path.is_file() else b""
    whole = raw[: raw.rfind(b"\n") + 1]
    records: list[dict[str, Any]] = []
    faults = []
    for number, line in enumerate(whole.split(b"\n")[:-1], start=1):
        record = _read(line)
        if not record:
            faults.append(f"line {number} is not a record")
        records.append(record)
    return records, faults


def _read(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _chain_faults(records: Sequence[dict[str, Any]], key: Key) -> list[str]:
    faults = []
    before = EMPTY.code
    for number, record in enumerate(records, start=1):
        code = str(record.get(CODE, ""))
        if record and not is_signed(key, record):
            faults.append(f"line {number} is not as it was written")
        elif record and (record.get("number"), record.get(BEFORE)) != (number, before):
            faults.append(f"line {number} does not follow the line before it")
        before = code
    return faults


def _missed(place: str, head: Head, records: Sequence[dict[str, Any]]) -> str:
    """Where a head is not in the chain: what is said of it; '' where it is."""
    if head.number > len(records):
        return f"lines {len(records) + 1} to {head.number} are gone, as {place} shows"
    if head.number and records[head.number - 1].get(CODE) != head.code:
        return f"line {head.number} is another one than {place} shows"
    return ""


def _heads(settings: Settings) -> Iterator[tuple[str, Head]]:
    """Every head that was written down in the workspace, with where."""
    for path in sorted(heads_folder(settings).glob("*.json")):
        yield f"the head of {path.stem}", _head(_read(path.read_bytes()))
    for release in all_releases(settings.workspace):
        for name, content in (("manifest", release.manifest), ("approval", release.approval or {})):
            if HEAD_IN in content:
                yield f"the {name} of release {release.id}", _head(content[HEAD_IN])


def _head(content: dict[str, Any]) -> Head:
    """A head as it was written; one that cannot be read is in no chain."""
    try:
        return Head(int(content["number"]), str(content[CODE]))
    except (KeyError, TypeError, ValueError):
        return Head(1, "")


def _noted(text: str) -> Head:
    number, _, code = text.strip().partition(":")
    if not number.isdigit() or len(code) != CODE_DIGITS:
        raise InputError(
            "this is not a head of the audit log",
            where="--head",
            remedy="Give it as it was printed: the number, a colon, and 64 digits and letters.",
        )
    return Head(int(number), code)
