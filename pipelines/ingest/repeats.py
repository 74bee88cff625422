"""Rows of one file that claim one place: same period, area, topic and breakdown.

Of rows that are alike in every column the first is used; of rows that differ, none, because nothing
says which one holds. What the key of a source is stands in that source's module.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.ingest.parcel import QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

ALIKE = "it repeats an earlier row, which is used"
CONFLICTING = "another row is of the same period, area and breakdown, with other figures"
ASK = "Ask the publisher which row holds, and ingest the file again."
TEXT_KEPT = 500


def without_repeats(table: CsvTable, keys: Sequence[pa.Array]) -> CsvTable:
    """The table without the rows that stand twice, which are put aside.

    keys: one array for each part of a row's key, as long as the table; null is a value of its own.
    """
    import numpy as np

    place = _codes(keys, len(table.row_numbers))
    count = np.bincount(place, minlength=1)[place] if place.size else place
    suspects = np.flatnonzero(count > 1)
    if not suspects.size:
        return table
    aside = _judged(table, place, suspects)
    good = np.ones(len(table.row_numbers), bool)
    good[list(aside)] = False
    return table.keep(good, [_put_aside(table, at, reason) for at, reason in aside.items()])


def _codes(columns: Sequence[pa.Array], count: int) -> np.ndarray:
    """A number for each row, equal where all columns are equal."""
    import numpy as np

    total = np.zeros(count, np.int64)
    for column in columns:
        codes = column if hasattr(column, "indices") else column.dictionary_encode()
        numbers = codes.indices.fill_null(len(codes.dictionary)).to_numpy(zero_copy_only=False)
        total = total * (len(codes.dictionary) + 1) + numbers
        # Numbered afresh after each column, so that the product never outgrows the type.
        total = np.unique(total, return_inverse=True)[1].ravel()
    return total


def _judged(table: CsvTable, place: np.ndarray, suspects: np.ndarray) -> dict[int, str]:
    """Row -> reason, for the rows that cannot be used, in their order."""
    import numpy as np
    import pyarrow as pa

    chosen = pa.array(suspects)
    content = _codes([column.take(chosen) for column in table.columns], suspects.size)
    where = place[suspects]
    kinds = np.unique(np.stack([where, content]), axis=1)[0]
    is_conflict = np.bincount(kinds, minlength=where.max() + 1)[where] > 1
    is_first = np.zeros(suspects.size, bool)
    is_first[np.unique(where, return_index=True)[1]] = True
    return {
        int(at): CONFLICTING if differs else ALIKE
        for at, differs, first in zip(suspects, is_conflict, is_first, strict=True)
        if differs or not first
    }


def _put_aside(table: CsvTable, at: int, reason: str) -> QuarantinedRow:
    text = ",".join(column[at].as_py() for column in table.columns)[:TEXT_KEPT]
    return QuarantinedRow(int(table.row_numbers[at]), reason, text, remedy=ASK)
