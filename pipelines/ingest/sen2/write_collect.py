"""`Modules` -> the nine CSV files that COLLECT exports, column by column.

The numbers of the records are the keys. Columns of elements that the year does not have are left
out. Dates are written as COLLECT writes them: 2025-Sep-28 00:00:00.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest.columns import mapped
from pipelines.ingest.exported import MIDNIGHT, MONTHS
from pipelines.ingest.modules import PARENT, RECORD, Modules
from pipelines.ingest.sen2.blade import id_column
from pipelines.registry.sen2 import Element, Sen2, sen2
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import pyarrow as pa

DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(\d{2})(?:T(\d{2}:\d{2}:\d{2}))?")


def write_collect(modules: Modules, year: int, folder: Path, exported_on: date) -> list[Path]:
    """Write the return of a year into a folder; gives the nine files."""
    described = sen2(PROJECT_ROOT)
    return [
        _write(modules, name, year, folder, exported_on, described) for name in described.modules
    ]


def _write(
    modules: Modules, name: str, year: int, folder: Path, exported_on: date, described: Sen2
) -> Path:
    from pyarrow import csv

    table = described.modules[name].collect_table
    path = folder / f"Blade-Export_{exported_on:%d-%m-%Y}_{table}.csv"
    options = csv.WriteOptions(quoting_style="needed", quoting_header="none")
    csv.write_csv(_exported(modules, name, year, described), path, write_options=options)
    return path


def _exported(modules: Modules, name: str, year: int, described: Sen2) -> pa.Table:
    """The table as COLLECT lays it out: keys first, then the elements."""
    import pyarrow as pa

    module, table = described.modules[name], modules.tables[name]
    numbers = table.column(RECORD)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        id_column(name, described): numbers,
        "NativeId": numbers,
        f"{module.collect_table}orderseqcolumn": numbers,
        "sourceid": pa.nulls(table.num_rows, pa.string()),
    }
    if module.parent is not None:
        columns[id_column(module.parent, described)] = table.column(PARENT)
    for item in module.elements:
        if item.exists_in(year):
            columns[item.collect] = _printed(table.column(item.column), item)
    return pa.table(columns)


def _printed(column: pa.ChunkedArray, item: Element) -> pa.Array | pa.ChunkedArray:
    import pyarrow as pa

    if item.type not in ("date", "datetime"):
        return column
    return mapped(column.combine_chunks(), _moment).cast(pa.string())


def _moment(text: str) -> str:
    """A day as COLLECT prints it; a text that is none stays as it is."""
    found = DAY.fullmatch(text)
    if not found:
        return text
    year, month, day, time = found.groups()
    return f"{year}-{MONTHS[int(month) - 1]}-{day} {time or MIDNIGHT}"
