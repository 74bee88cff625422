"""What one call of the door knows and writes down: what has landed, receipts, vintages, the log.

How a file is read does not belong here; how it lands stands in published.py and person_level.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipelines import json_lines
from pipelines.errors import InputError
from pipelines.ingest.keys import Keys, keys_of
from pipelines.ingest.met import Met
from pipelines.ingest.parcel import Finding, Receipt
from pipelines.ingest.setting import Asked
from pipelines.registry.sources import Sources
from pipelines.settings import Settings

Progress = Callable[[str], None]
LANDED, HELD, AGAIN = "landed", "already held", "read again"
NOT_DATA, REFUSED = "not data", "refused"
READ = frozenset({LANDED, HELD, AGAIN})
FILE_ID_DIGITS = 16
RELEASE_STEP = 1000
NO_RELEASE_VINTAGE = "undated"


def silent(_: str) -> None:
    """Nobody wants to be told."""


@dataclass
class Run:
    """One call of the door: where it writes, what it knows, what has landed so far.

    Attributes:
        reading: with which descriptions and code files are read now.
        received: the rows of received_file so far.
        asked: what the user says about returns that they cannot say themselves.
        notice: is told what a person must know at once, such as that keys were made.
        met: who landed before, kept from file to file.
    """

    settings: Settings
    sources: Sources
    reading: str
    received: list[dict[str, Any]]
    asked: Asked = field(default_factory=Asked)
    progress: Progress = silent
    notice: Progress = silent
    receipts: list[Receipt] = field(default_factory=list)
    met: Met = field(default_factory=Met)
    _keys: Keys | None = None

    def held(self, sha256: str) -> list[dict[str, Any]]:
        """The rows of received_file of these bytes: one a part, none if they have not landed."""
        return [row for row in self.received if row["sha256"] == sha256]

    def replace(self, sha256: str, rows: list[dict[str, Any]]) -> None:
        """Put what has landed of these bytes in the place of what had."""
        self.received = [row for row in self.received if row["sha256"] != sha256] + rows

    def editions(self, source: str, kind: str, release: str | None) -> list[dict[str, Any]]:
        """What has landed of one kind and release."""
        wanted = (source, kind, release)
        return [
            row for row in self.received if (row["source"], row["kind"], row["release"]) == wanted
        ]

    def keys(self) -> Keys:
        """The keys, asked for only where a person-level file is at hand."""
        if self._keys is None:
            self._keys = keys_of(self.settings, self.notice)
        return self._keys


def vintage(same: Iterable[dict[str, Any]], sha256: str, release: str | None) -> tuple[str, int]:
    """('2025', 2025000), and for a later copy of that kind and release ('2025-r2', 2025001).

    An in-year extract of September 2025 is ('2025-09', 202509000). A file that is read again keeps
    the place it had.

    same: rows of received_file of the same kind and release.
    """
    known = list(same)
    before = next((row for row in known if row["sha256"] == sha256), None)
    if before:
        return before["vintage"], before["vintage_order"]
    first = int((release or "0").replace("-", "")) * RELEASE_STEP
    order = max((row["vintage_order"] + 1 for row in known), default=first)
    name = release or NO_RELEASE_VINTAGE
    return (f"{name}-r{order - first + 1}" if known else name), order


def receipt(
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
        file_id=rows[0]["sha256"][:FILE_ID_DIGITS],
    )


def refused(run: Run, name: str, archive: str | None, error: InputError) -> InputError:
    """Note that a file cannot be read; gives its fault, at the file where it had no place."""
    fault = InputError(error.what, where=error.where or name, remedy=error.remedy)
    found = Finding(rule="refused", severity="error", message=fault.what, remedy=fault.remedy)
    run.receipts.append(Receipt(name, archive, None, None, None, REFUSED, findings=(found,)))
    return fault


def log(run: Run, told: Receipt, sha256: str, kept_sha256: str) -> None:
    """One line a file: when, what, which bytes, what became of it. No cell of the file."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "sha256": sha256,
        "kept_sha256": kept_sha256,
        "name": told.file_name,
        "archive": told.archive_name,
        "kind": told.kind,
        "vintage": told.vintage,
        "status": told.status,
        "rows_in": told.row_count_in,
        "rows_accepted": told.row_count_accepted,
        "rows_quarantined": told.row_count_quarantined,
    }
    if told.taken_before_as:
        line |= {"taken_before_as": told.taken_before_as, "reason": run.asked.reason}
    json_lines.append(run.settings.workspace / "log" / "received.jsonl", line)
