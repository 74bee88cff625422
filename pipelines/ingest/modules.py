"""A person-level file as text: module by module, before anything is checked, typed or hidden.

Every reader of such a file ends here, whatever its form; every writer starts here. Names, birth
dates and UPNs stand in these tables, so they live in memory only. What the columns mean stands in
data/reference/sources; what becomes of them is the work of desk.py and the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.ingest.parcel import Finding, QuarantinedRow

if TYPE_CHECKING:
    import pyarrow as pa

# Columns that every module has besides its elements.
RECORD, PARENT, ROW_NUMBER = "record", "parent", "row_number"


@dataclass(frozen=True)
class Modules:
    """One file, or one set of files that belong together.

    Attributes:
        family: 'sen2', 'census' or 'ap_census': which description the columns follow.
        form: how it was written: xml, collect_csv, template, workbook, five_file.
        tables: by module. Columns: record (int64, 1 to n within the module, in the file's order),
            parent (int64, record of the parent module's row; null in the top module), row_number
            (int64, where a person finds it: line of the XML, row of the sheet or CSV), and one
            string column for each element of every year; null where it is absent or empty, dates
            as 2025-09-28 where they can be read and as printed where not, booleans as 1 and 0.
        row_counts_in: records found by module, those put aside included.
        quarantined: by module, the records whose place or structure could not be told.
        findings: about the file as a whole: unknown elements, columns of another year.
        not_held: by module, the columns that the form or its tables do not have; all of them
            where they lack the module. Empty columns are held.
    """

    family: str
    form: str
    tables: Mapping[str, pa.Table]
    row_counts_in: Mapping[str, int]
    quarantined: Mapping[str, tuple[QuarantinedRow, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    not_held: Mapping[str, frozenset[str]] = field(default_factory=dict)
