"""The rows of a DfE file: where each one is placed, and what its labels are stored as."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.ingest.columns import Pair, constant, mapped, pairs_of, where
from pipelines.ingest.ees_file import OpenFile
from pipelines.ingest.ees_periods import is_school_year
from pipelines.ingest.parcel import Finding, QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable
from pipelines.ingest.words import counted
from pipelines.registry.sources import EesSource, FilePart

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

WHOLE = "All"
LA_CODE = re.compile(r"[0-9]{3}")
TIME = re.compile(r"[0-9]{4}([0-9]{2})?")
NAME_COLUMNS = {
    "National": "country_name",
    "Regional": "region_name",
    "Local authority": "la_name",
}
TEXT_KEPT = 500
YEAR_DIGITS = 4


def placed(file: OpenFile) -> OpenFile:
    """The file without the rows that cannot be placed; these are put aside with a reason."""
    import numpy as np

    reasons = np.full(len(file.table.row_numbers), "", dtype=object)
    level = file.text("geographic_level")
    for fault, mask in _place_faults(file, level):
        reasons[mask & (reasons == "")] = fault
    return _without(file, reasons)


def in_period(file: OpenFile, period: pa.DictionaryArray) -> tuple[OpenFile, pa.DictionaryArray]:
    """The file and its stored periods without the rows whose period cannot be read."""
    import numpy as np
    import pyarrow as pa

    is_stock = file.spec.period_kind == "stock"
    good = where(
        period, lambda text: len(text) == YEAR_DIGITS or (is_stock and is_school_year(text))
    )
    if good.all():
        return file, period
    reason = "its time_period is not a year"
    reason += ", nor a school year of two years that follow each other" if is_stock else ""
    file = _without(file, np.where(good, "", reason))
    return file, period.filter(pa.array(good))


def _without(file: OpenFile, reasons: np.ndarray) -> OpenFile:
    """The file without the rows that have a reason to be put aside."""
    import numpy as np

    bad = reasons != ""
    if not bad.any():
        return file
    places = np.flatnonzero(bad)
    aside = [
        QuarantinedRow(int(file.table.row_numbers[at]), str(reasons[at]), _row_text(file.table, at))
        for at in places.tolist()
    ]
    return replace(file, table=file.table.keep(~bad, aside))


def _place_faults(file: OpenFile, level: pa.DictionaryArray) -> Iterable[tuple[str, np.ndarray]]:
    known = where(level, lambda text: text in file.source.geographic_levels)
    yield "its geographic_level is not one that is used here", ~known
    time = where(file.text("time_period"), lambda text: bool(TIME.fullmatch(text)))
    yield "its time_period is neither four nor six digits", ~time
    authority = where(level, lambda text: text == "Local authority")
    code = where(file.text("old_la_code"), lambda text: bool(LA_CODE.fullmatch(text)))
    yield "its old_la_code is not three digits", authority & ~code
    regional = where(level, lambda text: text == "Regional")
    yield (
        "it is a region's row without region_code",
        regional & ~where(file.text("region_code"), bool),
    )


def _row_text(table: CsvTable, place: int) -> str:
    return ",".join(column[place].as_py() for column in table.columns)[:TEXT_KEPT]


def row_table(
    file: OpenFile,
    period: pa.DictionaryArray,
    topic: pa.Array,
    breakdown: pa.Array,
    labels: tuple[pa.Array | None, pa.Array | None] = (None, None),
    part: FilePart | None = None,
) -> pa.Table:
    """The columns of published_row that one file knows."""
    import pyarrow as pa

    count = len(file.table.row_numbers)
    shift = part.period_shift if part else 0
    kind = (part.period_kind if part else None) or file.spec.period_kind
    nothing = pa.nulls(count, pa.string())
    return pa.table(
        {
            "row_number": file.table.row_numbers,
            "period_kind": constant(kind, count),
            "time_period": mapped(period, lambda text: str(int(text) + shift)) if shift else period,
            "time_identifier": file.text("time_identifier"),
            "geographic_level": file.text("geographic_level"),
            "region_code": file.text("region_code"),
            "gss_code": file.text("new_la_code"),
            "la_code": file.text("old_la_code"),
            "area_name": _area_names(file),
            "breakdown_topic": topic,
            "breakdown": breakdown,
            "breakdown_topic_label": nothing if labels[0] is None else labels[0],
            "breakdown_label": nothing if labels[1] is None else labels[1],
        }
    )


def _area_names(file: OpenFile) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pa.nulls(len(file.table.row_numbers), pa.string())
    level = file.text("geographic_level")
    for wanted, column in NAME_COLUMNS.items():
        here = pa.array(where(level, wanted.__eq__))
        names = pc.if_else(here, file.text(column).dictionary_decode(), names)
    return names


def topics_of(file: OpenFile) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Stored topic and stored breakdown of each row; an unseen label is kept and named."""
    import pyarrow as pa

    found, places = pairs_of(file.text("breakdown_topic"), file.text("breakdown"))
    topics, breakdowns = [], []
    for pair in found:
        topic, breakdown, unseen = _stored(file.source, pair.left, pair.right)
        topics.append(topic)
        breakdowns.append(breakdown)
        if unseen:
            file.findings.append(unseen_label(unseen, pair, file.table.row_numbers))
    by_row = pa.array(places)
    topic, breakdown = (
        mapped(pa.DictionaryArray.from_arrays(by_row, pa.array(names, pa.string())), str)
        for names in (topics, breakdowns)
    )
    return topic, breakdown


def _stored(source: EesSource, topic_label: str, label: str) -> tuple[str, str, str | None]:
    """(stored topic, stored breakdown, the column whose label was never seen or None).

    The whole is the whole in both columns: where only one of them says so, both keep what is
    printed.
    """
    topic = source.topic_of(topic_label)
    if topic is None:
        return topic_label, _part_of(topic_label, label), "breakdown_topic"
    if topic == WHOLE:
        is_whole = source.topic_of(label) == WHOLE
        return (WHOLE, WHOLE, None) if is_whole else (topic_label, label, "breakdown")
    stored = source.breakdown_of(topic, label)
    return (topic, _part_of(topic, label), "breakdown") if stored is None else (topic, stored, None)


def _part_of(topic: str, label: str) -> str:
    return f"{topic}: {label}" if label == WHOLE else label


def unseen_label(column: str, pair: Pair, row_numbers: np.ndarray) -> Finding:
    """The finding for a label that no release had."""
    shown = pair.left if column == "breakdown_topic" else f"{pair.left}: {pair.right}"
    return Finding(
        rule="unseen_label",
        severity="warning",
        message=f"The label '{shown}' was never seen before; it is kept as it stands "
        f"({counted(pair.count, 'row')}).",
        remedy="If it means a label that is known, add it to data/reference/sources/ees.yml.",
        column_name=column,
        row_count=pair.count,
        first_row_number=int(row_numbers[pair.first]),
    )
