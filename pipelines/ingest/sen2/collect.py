"""The nine CSV files of a COLLECT export -> `Modules`; a table is known by its keys alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.parcel import Finding
from pipelines.ingest.sen2.assemble import Head, as_exported, assemble, missing_columns, return_year
from pipelines.ingest.sen2.blade import EXPORT_AGAIN, keyed_tables, module_of
from pipelines.ingest.sen2.keyed import place_records, table_in
from pipelines.ingest.sen2.tidy import Form

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules
    from pipelines.ingest.strict_csv import CsvTable
    from pipelines.registry.sen2 import Sen2

FORM = "collect_csv"


def read_collect(files: Mapping[str, bytes], described: Sen2) -> Modules:
    """The whole export; file name -> content.

    A table in which no other lies may be missing, and a finding says so.

    Raises:
        InputError: a file is no such table, a table is missing or there twice, or lacks a key.
    """
    tables: dict[str, CsvTable] = {}
    names: dict[str, str] = {}
    for file_name, content in files.items():
        module = _add(tables, file_name, content, described)
        if module in names:
            raise _twice(module, names[module], file_name, described)
        names[module] = file_name
    absent = _absent(tables, described)
    keyed = keyed_tables(tables, described)
    tables.clear()
    found, columns, findings = place_records(keyed, described, Form.TEXT)
    year = return_year({described.top: found[described.top].table}, described)
    for name, held in columns.items():
        findings.extend(missing_columns(described.modules[name], held, year, as_exported))
    head = Head(found[described.top].table.num_rows, 1)
    return assemble(FORM, found, head, (*absent, *findings), described)


def _add(tables: dict[str, CsvTable], file_name: str, content: bytes, described: Sen2) -> str:
    """Read one file; gives the module that it holds. A second file of it is told by the caller."""
    table = table_in(file_name, content, EXPORT_AGAIN)
    module = module_of(table.header, described)
    if module is None:
        raise InputError(
            "it is no table of a SEN2 export from COLLECT: none of their keys is in its header",
            where=file_name,
            remedy="Give the nine Blade-Export files only. " + EXPORT_AGAIN,
        )
    tables.setdefault(module, table)
    return module


def _twice(module: str, first: str, second: str, described: Sen2) -> InputError:
    table = described.modules[module].collect_table
    return InputError(
        f"the table {table} is there twice: {first} and {second}",
        where=second,
        remedy="Give the files of one export only.",
    )


def _absent(tables: Mapping[str, CsvTable], described: Sen2) -> list[Finding]:
    missing = [name for name in described.modules if name not in tables]
    needed = [described.modules[name].collect_table for name in missing if described.children(name)]
    if needed:
        raise InputError(
            f"the export lacks the table {', '.join(needed)}",
            where="Blade-Export",
            remedy="Other tables lie in it. " + EXPORT_AGAIN,
        )
    return [_missing(described.modules[name].collect_table) for name in missing]


def _missing(table: str) -> Finding:
    return Finding(
        rule="missing_table",
        severity="warning",
        message=f"The export has no table {table}; it is read as empty.",
        remedy="If nobody has such a record, nothing need be done. Otherwise: " + EXPORT_AGAIN,
        column_name=table,
    )
