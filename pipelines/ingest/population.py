"""Mid-year population of one age group by area: one row an area and year -> rows and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.cells import Wording, clean
from pipelines.ingest.columns import constant, mapped
from pipelines.ingest.parcel import Parcel, Part, QuarantinedRow
from pipelines.ingest.repeats import without_repeats
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.sources import PopulationSource

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

VALUE = "population_estimate"
NEEDED = (
    "time_period",
    "geographic_level",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
    "age_group",
    VALUE,
)
KEYS = ("time_period", "geographic_level", "region_code", "old_la_code")
LEVELS = ("National", "Regional", "Local authority")
SYMBOLS = frozenset({"x", "z", "c"})


def read(table: CsvTable, source: PopulationSource) -> Parcel:
    """Rows and cells; rows of another age group are put aside.

    Raises:
        InputError: a column is missing, or the age group is not there at all.
    """
    missing = [name for name in NEEDED if name not in table.position]
    if missing:
        raise InputError(
            f"this is the file 'population', but it has no column {', '.join(missing)}",
            remedy="Download the file again from its publisher, with all its columns.",
        )
    table = _placed(table, source)
    if not len(table.row_numbers):
        raise InputError(
            f"no row is of the age group '{source.age_group}'",
            remedy="Download the file again with that age group.",
        )
    table = without_repeats(table, [table.column(name) for name in KEYS])
    values, findings = clean(
        [(VALUE, table.column(VALUE))], table.row_numbers, Wording(SYMBOLS, {}, counts={VALUE})
    )
    years = table.column("time_period").unique().to_pylist()
    return Parcel(
        kind=source.dataset,
        source=source.source,
        release=max(years),
        row_count_in=table.row_count_in,
        parts=(Part(source.dataset, _rows(table), _cells(table, source, values)),),
        findings=tuple(findings),
        quarantined=table.quarantined,
    )


def _placed(table: CsvTable, source: PopulationSource) -> CsvTable:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    group = _mask(pc.equal(table.column("age_group"), source.age_group))
    level = _mask(pc.is_in(table.column("geographic_level"), value_set=pa.array(LEVELS)))
    year = _mask(pc.match_substring_regex(table.column("time_period"), "^[0-9]{4}$"))
    code = _mask(pc.match_substring_regex(table.column("old_la_code"), "^[0-9]{3}$"))
    code |= ~_mask(pc.equal(table.column("geographic_level"), "Local authority"))
    good = group & level & year & code
    aside = [
        _left_out(table, int(at), is_of_the_group=bool(group[at])) for at in np.flatnonzero(~good)
    ]
    return table.keep(good, aside) if aside else table


def _left_out(table: CsvTable, at: int, *, is_of_the_group: bool) -> QuarantinedRow:
    number = int(table.row_numbers[at])
    text = ",".join(column[at].as_py() for column in table.columns)[:500]
    if is_of_the_group:
        return QuarantinedRow(number, "its area or year is not known", text)
    return QuarantinedRow(number, "another age group", text, "info", "Nothing to do.")


def _mask(array: pa.Array) -> np.ndarray:
    mask: np.ndarray = array.to_numpy(zero_copy_only=False)
    return mask


def _rows(table: CsvTable) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    count = len(table.row_numbers)
    whole = constant("All", count)
    nothing = pa.nulls(count, pa.string())

    def text(name: str) -> pa.DictionaryArray:
        return mapped(table.column(name), lambda word: word.strip() or None)

    names = pc.coalesce(
        text("la_name").dictionary_decode(), text("region_name").dictionary_decode(), "England"
    )
    return pa.table(
        {
            "row_number": table.row_numbers,
            "period_kind": constant("mid_year", count),
            "time_period": text("time_period"),
            "time_identifier": constant("Mid-year", count),
            "geographic_level": text("geographic_level"),
            "region_code": text("region_code"),
            "gss_code": text("new_la_code"),
            "la_code": text("old_la_code"),
            "area_name": names,
            "breakdown_topic": whole,
            "breakdown": whole,
            "breakdown_topic_label": nothing,
            "breakdown_label": nothing,
        }
    )


def _cells(table: CsvTable, source: PopulationSource, values: pa.Array) -> pa.Table:
    import pyarrow as pa

    indicator = constant(source.indicator, len(table.row_numbers))
    return pa.table({"row_number": table.row_numbers, "indicator": indicator, "value_text": values})
