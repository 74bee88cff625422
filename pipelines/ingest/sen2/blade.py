"""The keys of the COLLECT export ("blade"): which tables there are and how they are tied.

Shared by the CSV files of COLLECT and by the pre-submission workbook, which has the same columns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.sen2.keyed import Keyed, key_of
from pipelines.registry.sen2 import folded

if TYPE_CHECKING:
    from pipelines.ingest.strict_csv import CsvTable
    from pipelines.registry.sen2 import Sen2

EXPORTED_BESIDE = ("NativeId", "sourceid")
EXPORT_AGAIN = "Export all nine tables from COLLECT again, in one go."


def id_column(name: str, described: Sen2) -> str:
    """The key of a module's table."""
    return f"{described.modules[name].collect_table}tableid"


def module_of(header: Collection[str], described: Sen2) -> str | None:
    """Which table has such a header: it has its own key and that of the table above it."""
    names = {folded(name) for name in header}
    owned = [name for name in described.modules if id_column(name, described) in names]
    above = {described.modules[name].parent for name in owned}
    lowest = [name for name in owned if name not in above]
    return lowest[0] if len(lowest) == 1 else None


def keyed_tables(tables: Mapping[str, CsvTable], described: Sen2) -> dict[str, Keyed]:
    """The tables with their keys.

    Raises:
        InputError: a table lacks a key that it needs.
    """
    return {name: _keyed(name, table, tables, described) for name, table in tables.items()}


def _keyed(name: str, table: CsvTable, tables: Mapping[str, CsvTable], described: Sen2) -> Keyed:
    own_name = id_column(name, described)
    parent = described.modules[name].parent
    above_name = id_column(parent, described) if parent else ""
    own = key_of(table, [own_name])
    above = key_of(table, [above_name]) if parent in tables else None
    if own is None and described.children(name):
        raise _no_key(own_name, name, described)
    if above is None and parent in tables:
        raise _no_key(above_name, name, described)
    # A return without a row of its own ties nobody to it.
    is_tied = parent in tables and len(tables[str(parent)].row_numbers) > 0
    order = f"{described.modules[name].collect_table}orderseqcolumn"
    beside = (*EXPORTED_BESIDE, own_name, above_name, order)
    return Keyed(
        table,
        own,
        own_name,
        above if is_tied or parent != described.top else None,
        above_name,
        beside,
    )


def _no_key(column: str, name: str, described: Sen2) -> InputError:
    return InputError(
        f"the table {described.modules[name].collect_table} has no column {column}",
        where="header",
        remedy="Without it nobody can say which record belongs to whom. " + EXPORT_AGAIN,
    )
