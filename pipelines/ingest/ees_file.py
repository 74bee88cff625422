"""A file of the DfE's release on its way in: its text, what is known of it, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.ingest.columns import mapped
from pipelines.ingest.parcel import Finding
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.sources import Corrections, EesFile, EesSource

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class OpenFile:
    """One file on its way: the table, what is known of it, and what has been found so far.

    Attributes:
        negative: indicators that are declared to be negative in this release.
    """

    kind: str
    spec: EesFile
    source: EesSource
    corrections: Corrections
    table: CsvTable
    findings: list[Finding]
    negative: frozenset[str] = frozenset()

    def text(self, name: str) -> pa.DictionaryArray:
        """A key or side column, trimmed, empty cells null; all null where it is not there."""
        import pyarrow as pa

        if name not in self.table.position:
            nothing = pa.nulls(len(self.table.row_numbers), pa.string())
            return nothing.dictionary_encode()
        return mapped(self.table.column(name), lambda text: text.strip() or None)
