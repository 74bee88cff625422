"""The Local Authority Interactive Tool's long table: one row a measure, area and year.

Which measure counts at January and which is a year's stands in data/reference/sources/lait.yml.
Areas are given by number: authorities by their three digits, regions and England by numbers of the
tool's own, which data/reference/region.csv translates.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.cells import Wording, clean
from pipelines.ingest.columns import constant, mapped
from pipelines.ingest.parcel import Finding, Parcel, Part, QuarantinedRow
from pipelines.ingest.repeats import without_repeats
from pipelines.ingest.strict_csv import CsvTable
from pipelines.ingest.words import counted
from pipelines.registry.sources import LaitSource

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

MEASURE, YEAR, AREA, NUMBER, VALUE = "Short Desc", "Years", "LA and Regions", "LA Number", "Values"
NATION_CODE = "E92000001"
KEPT_SYMBOLS = frozenset({"x", "c", "z"})


def region_numbers(project_root: Path) -> dict[str, str]:
    """The tool's number of a region or England -> its code."""
    path = project_root / "data" / "reference" / "region.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["lait_number"]: row["region_code"] for row in csv.DictReader(handle)}


def read(table: CsvTable, source: LaitSource, regions: dict[str, str]) -> Parcel:
    """Rows and cells; a measure that is not declared loads as a year's, with a finding.

    regions: see region_numbers.

    Raises:
        InputError: a column is missing, or no row can be placed.
    """
    missing = [name for name in source.recognised_by if name.lower() not in table.position]
    if missing:
        raise InputError(
            f"this is the file 'lait', but it has no column {', '.join(missing)}",
            remedy="Export the tool's table again, with all its columns.",
        )
    table = _placed(table, regions)
    if not len(table.row_numbers):
        raise InputError("no row has a year and a known area", remedy="Look at the file's columns.")
    table = without_repeats(table, _keys(table))
    findings = _unknown_measures(table, source)
    wording = Wording(KEPT_SYMBOLS, source.symbols)
    values, told = clean([(VALUE, table.column(VALUE))], table.row_numbers, wording)
    years = mapped(table.column(YEAR), str.strip)
    return Parcel(
        kind=source.dataset,
        source=source.source,
        release=max(text for text in years.dictionary.to_pylist() if text),
        row_count_in=table.row_count_in,
        parts=(Part(source.dataset, _rows(table, source, regions), _cells(table, values)),),
        findings=(*findings, *told),
        quarantined=table.quarantined,
    )


def _keys(table: CsvTable) -> list[pa.Array]:
    """What a row is known by: measure, year, area."""
    return [
        mapped(table.column(MEASURE), lambda text: text.strip().lower()),
        mapped(table.column(YEAR), str.strip),
        mapped(table.column(NUMBER), _area_number),
    ]


def _area_number(text: str) -> str:
    """'301.0' -> '301'."""
    return text.strip().removesuffix(".0")


def _placed(table: CsvTable, regions: dict[str, str]) -> CsvTable:
    """The table without the rows that have no year or no known area."""
    import numpy as np

    years = mapped(table.column(YEAR), _year).is_valid().to_numpy(zero_copy_only=False)
    areas = mapped(table.column(NUMBER), lambda text: _area_kind(text, regions))
    good = years & areas.is_valid().to_numpy(zero_copy_only=False)
    if good.all():
        return table
    aside = [
        QuarantinedRow(
            int(table.row_numbers[at]),
            "its year is not four digits, or its area is not known",
            ",".join(column[at].as_py() for column in table.columns)[:500],
        )
        for at in np.flatnonzero(~good)
    ]
    return table.keep(good, aside)


def _year(text: str) -> str | None:
    return text if len(text.strip()) == 4 and text.strip().isdigit() else None


def _area_kind(text: str, regions: dict[str, str]) -> str | None:
    """'National', 'Regional', 'Local authority', or None."""
    number = _area_number(text)
    if number in regions:
        return "National" if regions[number] == NATION_CODE else "Regional"
    return "Local authority" if len(number) == 3 and number.isdigit() else None


def _rows(table: CsvTable, source: LaitSource, regions: dict[str, str]) -> pa.Table:
    import pyarrow as pa

    count = len(table.row_numbers)
    whole = constant("All", count)
    nothing = pa.nulls(count, pa.string())
    number = table.column(NUMBER)
    return pa.table(
        {
            "row_number": table.row_numbers,
            "period_kind": mapped(
                table.column(MEASURE), lambda text: source.period_kinds.get(text.strip(), "flow")
            ),
            "time_period": mapped(table.column(YEAR), str.strip),
            "time_identifier": constant("Calendar year", count),
            "geographic_level": mapped(number, lambda text: _area_kind(text, regions)),
            "region_code": mapped(number, lambda text: _region_code(text, regions)),
            "gss_code": nothing,
            "la_code": mapped(number, lambda text: _la_code(text, regions)),
            "area_name": mapped(table.column(AREA), str.strip),
            "breakdown_topic": whole,
            "breakdown": whole,
            "breakdown_topic_label": nothing,
            "breakdown_label": nothing,
        }
    )


def _region_code(text: str, regions: dict[str, str]) -> str | None:
    code = regions.get(_area_number(text))
    return None if code == NATION_CODE else code


def _la_code(text: str, regions: dict[str, str]) -> str | None:
    number = _area_number(text)
    return None if number in regions else number


def _cells(table: CsvTable, values: pa.Array) -> pa.Table:
    import pyarrow as pa

    indicator = mapped(table.column(MEASURE), lambda text: text.strip().lower())
    return pa.table({"row_number": table.row_numbers, "indicator": indicator, "value_text": values})


def _unknown_measures(table: CsvTable, source: LaitSource) -> list[Finding]:
    """A finding for each measure that is declared neither stock nor flow."""
    encoded = table.column(MEASURE).dictionary_encode()
    names = [text.strip() for text in encoded.dictionary.to_pylist()]
    indices: np.ndarray = encoded.indices.to_numpy(zero_copy_only=False)
    return [
        _unknown_measure(name, table.row_numbers[indices == place])
        for place, name in enumerate(names)
        if name not in source.period_kinds
    ]


def _unknown_measure(name: str, rows: np.ndarray) -> Finding:
    return Finding(
        rule="unseen_label",
        severity="warning",
        message=f"The measure '{name}' was never seen before; {counted(int(rows.size), 'row')} "
        "read as figures of a year.",
        remedy="Say in data/reference/sources/lait.yml whether it is stock or flow.",
        column_name=MEASURE,
        row_count=int(rows.size),
        first_row_number=int(rows[0]),
    )
