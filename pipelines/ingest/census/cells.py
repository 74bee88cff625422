"""Cells of the COLLECT export -> text as modules hold it: dates, flags, nothing for empty.

Columns of few distinct texts are changed text by text and stay encoded; names and numbers, which
hardly repeat, are trimmed as a whole. What cannot be read stays as printed: a rule will say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.ingest.columns import mapped
from pipelines.ingest.exported import day, flag
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.sen2 import Element

if TYPE_CHECKING:
    import pyarrow as pa

REPEATING = frozenset({"date", "boolean", "code", "year", "la3", "estab"})
# Distinct texts of a column of this type run into thousands at most.
SHORT_TEXTS = frozenset({"sex", "ethnicity", "nc_year", "school_phase", "school_type"})


def clean(table: CsvTable, item: Element) -> pa.Array:
    """One element's column, null where it is empty or the table lacks it."""
    import pyarrow as pa

    place = next(
        (table.position[name] for name in _spellings(item) if name in table.position), None
    )
    if place is None:
        return pa.nulls(len(table.row_numbers), pa.string())
    column = table.columns[place]
    if item.type == "date":
        return mapped(column, iso_date)
    if item.type == "boolean":
        return mapped(column, lambda text: flag(text.strip()) or None)
    if item.type in REPEATING or item.column in SHORT_TEXTS:
        return mapped(column, lambda text: text.strip() or None)
    return _trimmed(column)


def iso_date(printed: str) -> str | None:
    """'2025-Sep-28 00:00:00' as '2025-09-28'; what is no date as it stands."""
    return day(printed.strip()) or None


def _spellings(item: Element) -> tuple[str, ...]:
    return (item.collect.lower(), *(name.lower() for name in item.aliases))


def _trimmed(column: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.ascii_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
