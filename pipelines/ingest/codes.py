"""Lists of codes and names of authorities and districts -> landing tables, as they are."""

from __future__ import annotations

import re

from pipelines.ingest.parcel import Parcel, QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.sources import CodeSource


def read(table: CsvTable, kind: str, source: CodeSource) -> Parcel:
    """One row a code; a row whose code is not of the known form is put aside."""
    import numpy as np
    import pyarrow as pa

    form = re.compile(source.code_pattern)
    codes = [text.strip() for text in table.column(source.code_column).to_pylist()]
    good = np.array([bool(form.fullmatch(code)) for code in codes], bool)
    aside = [
        QuarantinedRow(
            int(table.row_numbers[at]),
            f"its {source.code_column} is not a code",
            ",".join(column[at].as_py() for column in table.columns)[:500],
        )
        for at in np.flatnonzero(~good)
    ]
    kept = table.keep(good, aside)
    columns = {
        name: [text.strip() for text in kept.column(name).to_pylist()] for name in source.columns
    }
    return Parcel(
        kind=kind,
        source=source.source,
        row_count_in=table.row_count_in,
        tables={source.table: pa.table(columns)},
        findings=(),
        quarantined=kept.quarantined,
    )
