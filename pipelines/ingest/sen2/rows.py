"""Rows of Python values -> tables, a batch at a time, so that only a batch is ever held twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import safe_xml
from pipelines.ingest.modules import PARENT, RECORD, ROW_NUMBER
from pipelines.ingest.sen2.places import KEYS
from pipelines.ingest.sen2.tidy import Form, tidied

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from pipelines.registry.sen2 import Element, Sen2

BATCH = 2_000


@dataclass(frozen=True)
class PlainRecords:
    """The records of one module in a piece, in its order.

    Attributes:
        parents: place of the record in which each lies, counted within the piece; None where none
            is above.
        lines: line ends of the piece before each record.
        columns: its elements as `Modules` holds them; None where no record has any.
    """

    parents: np.ndarray | None
    lines: np.ndarray
    columns: tuple[pa.Array | None, ...]


class Rows:
    """The records of a file, by module; each a list that begins record, parent, row_number."""

    def __init__(self, described: Sen2) -> None:
        self._described = described
        self._waiting: dict[str, list[list[Any]]] = {m: [] for m in described.modules}
        self._done: dict[str, list[pa.RecordBatch]] = {name: [] for name in described.modules}
        self._last = dict.fromkeys(described.modules, 0)

    def next_number(self, module: str) -> int:
        """A number for a record that begins."""
        self._last[module] += 1
        return self._last[module]

    def last_number(self, module: str) -> int:
        """The number that was given last; 0 before the first."""
        return self._last[module]

    def add(self, module: str, row: list[Any]) -> None:
        """A record that is complete."""
        waiting = self._waiting[module]
        waiting.append(row)
        if len(waiting) >= BATCH:
            self._flush(module)

    def add_plain(self, found: Mapping[str, PlainRecords], line: int) -> None:
        """All records of a piece that begins in that line."""
        before = dict(self._last)
        for module, records in found.items():
            self._flush(module)
            self._add_piece(module, records, before, line)

    def table(self, module: str) -> pa.Table:
        """All records of a module in the order in which they began."""
        import numpy as np
        import pyarrow as pa

        self._flush(module)
        table = pa.Table.from_batches(self._done.pop(module), self._schema(module))
        numbers = table.column(RECORD).to_numpy()
        # A record within one of its own kind ends first.
        if (np.diff(numbers) < 0).any():
            return table.sort_by(RECORD)
        return table

    def _add_piece(
        self, module: str, records: PlainRecords, before: Mapping[str, int], line: int
    ) -> None:
        import numpy as np
        import pyarrow as pa

        count = len(records.lines)
        if not count:
            return
        self._last[module] += count
        above = before[str(self._described.modules[module].parent)]
        parents = (
            pa.nulls(count, pa.int64())
            if records.parents is None
            else pa.array(records.parents + (above + 1))
        )
        numbers = np.arange(before[module] + 1, before[module] + count + 1)
        columns = (_nothing(count) if c is None else c for c in records.columns)
        arrays = [pa.array(numbers), parents, pa.array(records.lines + line), *columns]
        self._done[module].append(pa.RecordBatch.from_arrays(arrays, schema=self._schema(module)))

    def _flush(self, module: str) -> None:
        import pyarrow as pa

        rows = self._waiting[module]
        if not rows:
            return
        if len(rows) >= BATCH:
            self._require_few_within_one(module, rows)
        items = self._described.modules[module].elements
        cells = list(zip(*rows, strict=True))
        arrays = [pa.array(column, pa.int64()) for column in cells[:KEYS]]
        for column, item in zip(cells[KEYS:], items, strict=True):
            arrays.append(_column(pa.array(column, pa.string()), item, cells[KEYS - 1]))
        self._done[module].append(pa.RecordBatch.from_arrays(arrays, schema=self._schema(module)))
        rows.clear()

    def _require_few_within_one(self, module: str, rows: list[list[Any]]) -> None:
        """No child has thousands of requests, and no plan thousands of placements."""
        parent = rows[0][1]
        if parent is not None and parent == rows[-1][1]:
            raise InputError(
                f"one record holds more than {BATCH:,} of "
                f"{self._described.modules[module].element}",
                where=safe_xml.at_line(rows[0][2]),
                remedy=safe_xml.WRITE_AGAIN,
            )

    def _schema(self, module: str) -> pa.Schema:
        import pyarrow as pa

        keys = [(name, pa.int64()) for name in (RECORD, PARENT, ROW_NUMBER)]
        columns = [(name, pa.string()) for name in self._described.modules[module].columns]
        return pa.schema(keys + columns)


def _require_short(texts: pa.Array, lines: Sequence[int]) -> None:
    """A text that came in one piece may be too long all the same."""
    import pyarrow.compute as pc

    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= safe_xml.TEXT_LETTERS_MAX:
        return
    lengths = pc.fill_null(pc.utf8_length(texts), 0).to_pylist()
    for length, line in zip(lengths, lines, strict=True):
        if length > safe_xml.TEXT_LETTERS_MAX:
            raise safe_xml.too_long(line)


def _column(texts: pa.Array, item: Element, lines: Sequence[int]) -> pa.Array:
    """A column as it is kept; those without any value share their memory."""
    if texts.null_count == len(texts):
        return _nothing(len(texts))
    _require_short(texts, lines)
    return tidied(texts, item, Form.XML)


def _nothing(count: int) -> pa.Array:
    """So many nulls."""
    return _many_nulls(count.bit_length()).slice(0, count)


@cache
def _many_nulls(bits: int) -> pa.Array:
    import pyarrow as pa

    return pa.nulls(1 << bits, pa.string())
