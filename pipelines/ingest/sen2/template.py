"""The DfE Excel template -> `Modules`: one sheet, tables below each other, each under its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.parcel import Finding
from pipelines.ingest.sen2.assemble import Head, as_labelled, assemble, missing_columns, return_year
from pipelines.ingest.sen2.keyed import place_records
from pipelines.ingest.sen2.linked import linked_tables, without_tables
from pipelines.ingest.sen2.tidy import Form
from pipelines.ingest.words import counted
from pipelines.ingest.workbook import Sheet, as_table, read_sheets, sheet_names
from pipelines.registry.sen2 import folded

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules
    from pipelines.ingest.strict_csv import CsvTable
    from pipelines.registry.sen2 import Sen2

FORM = "template"
WORDS = "The template"
Row = tuple[int, tuple[str, ...]]
FILL_AGAIN = "Fill in the DfE's template as it was issued; do not move or rename its tables."


def read_template(content: bytes, described: Sen2, said_year: int | None = None) -> Modules:
    """The whole template.

    said_year: of the return, where its header does not give it.

    Raises:
        InputError: damaged or hostile, without its sheet, or without people or requests.
    """
    name = next(
        (n for n in sheet_names(content) if folded(n) == folded(described.template.sheet)), None
    )
    if name is None:
        raise InputError(
            f"the workbook has no sheet '{described.template.sheet}'", remedy=FILL_AGAIN
        )
    sheet = read_sheets(content, [name])[name]
    tables = _tables(sheet.rows, described)
    missing = _missing(tables, described)
    keyed = linked_tables(tables, described, described.template.not_read)
    found, columns, findings = place_records(keyed, described, Form.CELLS)
    headers = found.get(described.top)
    year = return_year({described.top: headers.table}, described) if headers else None
    year = year or said_year
    for module, held in columns.items():
        findings.extend(missing_columns(described.modules[module], held, year, as_labelled))
    head = Head(headers.table.num_rows if headers else 0, 1)
    told = (*formulas(name, sheet), *without_tables(WORDS, missing), *findings)
    return assemble(FORM, found, head, told, described, columns)


def formulas(name: str, sheet: Sheet) -> list[Finding]:
    """That cells were computed, and may be older than what they were computed from."""
    if not sheet.formula_count:
        return []
    return [
        Finding(
            rule="formula_cells",
            severity="warning",
            message=f"{name}: {counted(sheet.formula_count, 'cell')} with a formula, the first is "
            f"{sheet.first_formula}; the value was read that was there when it was last saved.",
            remedy="Paste the values over the formulas, save, and try again.",
            row_count=sheet.formula_count,
        )
    ]


def _tables(rows: tuple[Row, ...], described: Sen2) -> dict[str, CsvTable]:
    """Each table by its module: the rows from a title to the next."""
    titles = {folded(module.template_table): name for name, module in described.modules.items()}
    found: dict[str, list[Row]] = {}
    rows_of: list[Row] = []
    for number, cells in rows:
        name = titles.get(folded(_only_text(cells)))
        if name is None:
            rows_of.append((number, cells))
        elif name in found:
            raise InputError(
                f"the table '{described.modules[name].template_table}' stands twice",
                where=f"row {number:,}",
                remedy=FILL_AGAIN,
            )
        else:
            rows_of = found[name] = []
    return {name: as_table(body) for name, body in found.items() if body}


def _only_text(cells: tuple[str, ...]) -> str:
    """The text of a row that holds one alone."""
    filled = [cell for cell in cells if cell.strip()]
    return filled[0] if len(filled) == 1 else ""


def _missing(tables: dict[str, CsvTable], described: Sen2) -> list[str]:
    """Elements of the modules that have no table; without people or requests there is nothing."""
    people = described.children(described.top)[0]
    for name in (people, *described.children(people)):
        if name not in tables:
            raise InputError(
                f"the template has no table '{described.modules[name].template_table}'",
                where=described.template.sheet,
                remedy=FILL_AGAIN,
            )
    return [module.element for name, module in described.modules.items() if name not in tables]
