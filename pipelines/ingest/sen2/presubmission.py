"""The workbook of before the submission -> `Modules`: a sheet a module, columns as in COLLECT."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.sen2.assemble import Head, as_exported, assemble, missing_columns
from pipelines.ingest.sen2.blade import keyed_tables
from pipelines.ingest.sen2.keyed import place_records
from pipelines.ingest.sen2.linked import without_header, without_tables
from pipelines.ingest.sen2.template import formulas
from pipelines.ingest.sen2.tidy import Form
from pipelines.ingest.workbook import as_table, read_sheets, sheet_names
from pipelines.registry.sen2 import folded

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules
    from pipelines.registry.sen2 import Sen2

FORM = "workbook"
WORDS = "The workbook"


def read_presubmission(content: bytes, described: Sen2, said_year: int | None = None) -> Modules:
    """The whole workbook.

    said_year: of the return; the form does not say it.

    Raises:
        InputError: damaged or hostile, or without the sheets of people and requests.
    """
    names = sheets_by_module(sheet_names(content), described)
    _require(names, described)
    sheets = read_sheets(content, names.values())
    tables = {
        module: as_table(sheets[name].rows) for module, name in names.items() if sheets[name].rows
    }
    _require(tables, described)
    keyed = keyed_tables(tables, described)
    found, columns, findings = place_records(keyed, described, Form.CELLS)
    for module, held in columns.items():
        findings.extend(missing_columns(described.modules[module], held, said_year, as_exported))
    for name, sheet in sheets.items():
        findings.extend(formulas(name, sheet))
    missing = [
        item.element
        for name, item in described.modules.items()
        if item.workbook_sheet is not None and name not in tables
    ]
    told = (without_header(WORDS), *without_tables(WORDS, missing), *findings)
    return assemble(FORM, found, Head(None, 1), told, described, columns)


def sheets_by_module(names: tuple[str, ...], described: Sen2) -> dict[str, str]:
    """The sheet of each module that has one."""
    spelled = {folded(name): name for name in names}
    return {
        name: spelled[folded(module.workbook_sheet)]
        for name, module in described.modules.items()
        if module.workbook_sheet is not None and folded(module.workbook_sheet) in spelled
    }


def _require(names: Collection[str], described: Sen2) -> None:
    people = described.children(described.top)[0]
    for name in (people, *described.children(people)):
        if name not in names:
            raise InputError(
                f"the workbook has no sheet '{described.modules[name].workbook_sheet}', "
                "or there is nothing in it",
                remedy="Give the workbook with all its sheets, one for each module.",
            )
