"""Which file of a census export is which table, and what becomes of those that nobody reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.errors import InputError
from pipelines.ingest.census.marks import ORDER, header_line, is_of_census, table_of
from pipelines.ingest.contents import head_of
from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted
from pipelines.registry.census import PUPIL_MODULE, ROOT_MODULE, Census

EXPORT = "Export the census from COLLECT again: all tables of one term, as CSV."
NAMED, NAME_LENGTH = 12, 40


@dataclass(frozen=True)
class Table:
    """One table of the export, found and not yet read."""

    file: str
    table: str
    files: Mapping[str, bytes]

    @property
    def content(self) -> bytes:
        """All of its bytes, read when they are asked for."""
        return self.files[self.file]


def sorted_tables(files: Mapping[str, bytes], known: Census) -> dict[str, Table]:
    """Module -> its table.

    Raises:
        InputError: a file is no table of a census, a table is there twice, or one is missing
            without which there is no census.
    """
    found: dict[str, Table] = {}
    for file in files:
        table = _table(file, files, known)
        name = known.module_of.get(table)
        if name in found:
            raise InputError(
                f"'{found[name].file}' is the table {table} too",
                where=file,
                remedy="Put the tables of each census into a folder or zip of their own.",
            )
        if name is not None:
            found[name] = Table(file, table, files)
    for name in (ROOT_MODULE, PUPIL_MODULE):
        if name not in found:
            raise InputError(
                f"a school census needs the table {sorted(known.modules[name].names)[0]}",
                where=", ".join(sorted(files)[:3]),
                remedy=EXPORT,
            )
    return found


def other_tables(files: Mapping[str, bytes], known: Census) -> list[Finding]:
    """One finding for the tables that are not used, one for those that nobody knows."""
    tables = {_table(file, files, known): file for file in files}
    unused = {name: _rows(files[tables[name]]) for name in sorted(tables) if name in known.not_used}
    unknown = sorted(set(tables) - set(known.module_of) - set(known.not_used))
    findings = []
    if unused:
        listed = ", ".join(f"{name} ({count:,})" for name, count in unused.items())
        findings.append(_not_used(f"Tables that are not used, with their rows: {listed}.", unused))
    if unknown:
        findings.append(
            _unknown(unknown, {name: header_line(head_of(files, tables[name])) for name in unknown})
        )
    return findings


def _table(file: str, files: Mapping[str, bytes], known: Census) -> str:
    header = header_line(head_of(files, file))
    table = table_of(header)
    if table is None or not is_of_census(table, header, known):
        raise InputError("it is not a table of a school census", where=file, remedy=EXPORT)
    return table


def _rows(content: bytes) -> int:
    """Lines after the header: near enough for a table that is not read."""
    return content.rstrip(b"\r\n").count(b"\n")


def _not_used(message: str, rows: Mapping[str, int]) -> Finding:
    return Finding("table_not_used", "info", message, "", row_count=sum(rows.values()))


def _unknown(names: list[str], headers: Mapping[str, Iterable[str]]) -> Finding:
    """Tables are named where their header numbers their rows as COLLECT does; else counted."""
    sure = [name for name in names if f"{name}{ORDER}" in map(str.lower, headers[name])]
    shown = ", ".join(name[:NAME_LENGTH] for name in sure[:NAMED]) or counted(len(names), "table")
    return Finding(
        rule="unknown_table",
        severity="warning",
        message=f"Tables that nobody knows and that were not read: {shown}.",
        remedy="Look whether they belong to the census.",
        row_count=len(names),
    )
