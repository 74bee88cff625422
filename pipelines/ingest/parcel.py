"""What a reader hands to the door: rows and cells of one file, findings, rows put aside.

Only the shapes belong here. How a source is read stands in that source's module, how a parcel is
written in landing.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.ingest.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

Severity = Literal["error", "warning", "query", "info"]


@dataclass(frozen=True)
class Finding:
    """Something that a reader of the file should know; counts and names, no rows.

    Attributes:
        rule: short name of what was looked for.
        severity: error = figures are missing or doubtful; warning = look; query = a rule asks
            whether a record is right; info = known, in order.
        message: what is the case, as a sentence.
        remedy: what can be done, or that nothing need be done.
        column_name: the column as printed, where it is about one.
        row_count: how many rows it is about.
        first_row_number: the first of them, as a spreadsheet numbers it (header is 1).
        module: of a finding of the record rules, whose record it is; '' where it is the file's.
        record_key: the first of the records, as an explanation names it.
        place: the file of a bundle, or the sheet of a workbook, in which the row stands.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    column_name: str | None = None
    row_count: int = 0
    first_row_number: int | None = None
    module: str = ""
    record_key: str | None = None
    place: str = ""


PUT_RIGHT = "Ask the publisher, or put the rows right in the file, and ingest it again."


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that was not loaded, with the reason.

    Attributes:
        severity: of the finding that tells of it; info where leaving it out is as it should be.
        remedy: what a reader can do about it.
    """

    row_number: int
    reason: str
    text: str
    severity: Severity = "error"
    remedy: str = PUT_RIGHT


def told_of(rows: Iterable[QuarantinedRow]) -> list[Finding]:
    """One finding for each reason for which rows were put aside."""
    by_reason: dict[str, list[QuarantinedRow]] = {}
    for row in rows:
        by_reason.setdefault(row.reason, []).append(row)
    return [_told_of_reason(reason, found) for reason, found in by_reason.items()]


def _told_of_reason(reason: str, rows: list[QuarantinedRow]) -> Finding:
    first = min(row.row_number for row in rows)
    return Finding(
        rule="rows_put_aside",
        severity=rows[0].severity,
        message=f"{counted(len(rows), 'row')} not loaded, the first is row {first:,}: {reason}.",
        remedy=rows[0].remedy,
        row_count=len(rows),
        first_row_number=first,
    )


@dataclass(frozen=True)
class Part:
    """The rows and cells of one data set in a file.

    Attributes:
        dataset: canonical name.
        rows: columns of landing table published_row, without file, source and vintage.
        cells: row_number, indicator, value_text.
        suffix: added to the file's id where one row of the file is a row of several parts (of
            several data sets, or of several years), so that file and row number stay a key.
    """

    dataset: str
    rows: pa.Table
    cells: pa.Table
    suffix: str = ""


@dataclass(frozen=True)
class Parcel:
    """One file, read and checked, before it has a vintage.

    Attributes:
        kind: which file layout it is, e.g. 'caseload', 'sen2_mi', 'lait'.
        source: 'dfe', 'moj', 'lait' or 'ons'.
        release: the release it belongs to, e.g. '2025'; None for code lists and boundaries.
        parts: published figures by data set; empty for code lists and boundaries.
        tables: landing tables other than published figures, e.g. 'neighbour'.
        row_count_in: rows in the file, header left out.
        accepted: rows that landed, where that cannot be counted in what landed.
    """

    kind: str
    source: str
    row_count_in: int
    release: str | None = None
    parts: tuple[Part, ...] = ()
    tables: dict[str, pa.Table] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    quarantined: tuple[QuarantinedRow, ...] = ()
    accepted: int | None = None

    @property
    def row_count_quarantined(self) -> int:
        """Rows put aside."""
        return len(self.quarantined)

    @property
    def row_count_accepted(self) -> int:
        """Rows that landed, counted in what landed (a row lies in every part of its file)."""
        if self.accepted is not None:
            return self.accepted
        if self.parts:
            return int(self.parts[0].rows.num_rows)
        return sum(table.num_rows for table in self.tables.values())


@dataclass(frozen=True)
class Counts:
    """Rows of one module of a file."""

    row_count_in: int
    row_count_accepted: int
    row_count_quarantined: int


@dataclass(frozen=True)
class Receipt:
    """What became of one file, or of files that belong together.

    Attributes:
        status: 'landed', 'already held', 'read again', 'not data' or 'refused'.
        findings: what to know about it; for 'refused' the reason is the first. Findings of the
            record rules are told once a rule.
        modules: of a person-level file, the rows of each of its modules; the counts beside it are
            their sums.
        file_id: what its rows bear in landing/, and an explanation of a finding names; None where
            nothing landed.
        taken_before_as: kind and vintage of the same bytes until now, where the user has said that
            they are of another kind.
    """

    file_name: str
    archive_name: str | None
    kind: str | None
    dataset: str | None
    vintage: str | None
    status: str
    row_count_in: int = 0
    row_count_accepted: int = 0
    row_count_quarantined: int = 0
    findings: tuple[Finding, ...] = ()
    modules: Mapping[str, Counts] = field(default_factory=dict)
    file_id: str | None = None
    taken_before_as: str | None = None
