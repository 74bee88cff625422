"""The sector's five CSV files -> `Modules`; they have no header, no placements and no needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.sen2.assemble import Head, assemble
from pipelines.ingest.sen2.keyed import place_records, table_in
from pipelines.ingest.sen2.linked import linked_tables, without_header, without_tables
from pipelines.ingest.sen2.tidy import Form
from pipelines.registry.sen2 import folded

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules
    from pipelines.ingest.strict_csv import CsvTable
    from pipelines.registry.sen2 import Sen2

FORM = "five_file"
WORDS = "The five-file form"
EXPORT_AGAIN = "Export all five files again, in one go."


def read_five_file(files: Mapping[str, bytes], described: Sen2) -> Modules:
    """The five files; file name -> content.

    Raises:
        InputError: a file is none of them, or is there twice, or people or requests are missing.
    """
    tables: dict[str, CsvTable] = {}
    for file_name, content in files.items():
        table = table_in(file_name, content, EXPORT_AGAIN)
        part = part_of(table.header, described)
        if part is None or described.five_file[part].module in tables:
            raise _not_one(file_name, part)
        tables[described.five_file[part].module] = table
    for part in list(described.five_file)[:2]:
        if described.five_file[part].module not in tables:
            raise InputError(f"the file {part} is missing", remedy=EXPORT_AGAIN)
    not_read = [name for part in described.five_file.values() for name in part.not_read]
    keyed = linked_tables(tables, described, not_read)
    found, columns, findings = place_records(keyed, described, Form.CELLS)
    missing = [
        module.element
        for name, module in described.modules.items()
        if name not in tables and module.parent is not None
    ]
    told = (without_header(WORDS), *without_tables(WORDS, missing), *findings)
    return assemble(FORM, found, Head(None, 1), told, described, columns)


def part_of(header: Collection[str], described: Sen2) -> str | None:
    """m1 to m5, by the headings that it alone has."""
    names = {folded(name) for name in header}
    if folded(described.template.person_key[0]) not in names:
        return None
    for part, item in described.five_file.items():
        if {folded(name) for name in item.known_by} <= names:
            return part
    return None


def _not_one(file_name: str, part: str | None) -> InputError:
    what = f"{part} is there twice" if part else "it is none of the five files"
    return InputError(what, where=file_name, remedy=EXPORT_AGAIN)
