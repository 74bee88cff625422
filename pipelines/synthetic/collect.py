"""Tables as COLLECT exports them: keys first, dates as 2025-Sep-28 00:00:00, one CSV a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.synthetic.draw import Days, Places, Texts

MONTHS = np.array("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())  # noqa: SIM905


def stamp(days: Days) -> Texts:
    """Days as COLLECT prints them; '' where not known."""
    texts = np.datetime_as_string(days)
    known = ~np.isnat(days)
    months = MONTHS[days.astype("datetime64[M]").astype(np.int64) % 12]
    parts = np.char.partition(texts.astype("U10"), "-")
    year, day = parts[:, 0], texts.astype("U10")
    last = np.array([text[8:] for text in day.tolist()]) if len(day) else day
    printed = np.char.add(np.char.add(np.char.add(year, "-"), np.char.add(months, "-")), last)
    return np.where(known, np.char.add(printed, " 00:00:00"), "")


def stamps(days: Days) -> Texts:
    """As `stamp`, for many rows: each different day is printed once."""
    different, place = np.unique(days, return_inverse=True)
    return stamp(different)[place]


def keys(
    table: str, count: int, parent: tuple[str, Places] | None = None, first: int = 1
) -> dict[str, Any]:
    """The columns with which each row begins: its number, and that of the row it belongs to."""
    numbers = np.arange(first, first + count)
    columns: dict[str, Any] = {
        f"{table}tableid": numbers,
        "NativeId": numbers,
        f"{table}orderseqcolumn": numbers,
        "sourceid": np.full(count, ""),
    }
    if parent is not None:
        columns[f"{parent[0]}tableid"] = parent[1]
    return columns


class TableFile:
    """One CSV, written a batch at a time so that memory stays small."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, columns: Mapping[str, Any]) -> None:
        """Rows more; the first batch makes the header."""
        import pyarrow as pa
        from pyarrow import csv

        batch = pa.table({name: pa.array(values) for name, values in columns.items()})
        if self._writer is None:
            options = csv.WriteOptions(quoting_style="needed", quoting_header="none")
            self._writer = csv.CSVWriter(self._path, batch.schema, write_options=options)
        self._writer.write_table(batch)

    def close(self) -> None:
        """Nothing more is written."""
        if self._writer is not None:
            self._writer.close()


def write_table(folder: Path, exported: str, table: str, columns: Mapping[str, Any]) -> Path:
    """One whole table. exported: day of the export as 20-01-2026."""
    path = folder / f"Blade-Export_{exported}_{table}.csv"
    target = TableFile(path)
    target.write(columns)
    target.close()
    return path
