"""The rows of a DfE file: where each one is placed, and what its labels are stored as."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.ingest.columns import Pair, constant, mapped, pairs_of, where
from pipelines.ingest.ees_file import OpenFile
from pipelines.ingest.parcel import Finding, QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable
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


def placed(file: OpenFile) -> OpenFile:
    """The file without the rows that cannot be placed; these are put aside with a reason."""
    import numpy as np

    reasons = np.full(len(file.table.row_numbers), "", dtype=object)
    level = file.text("geographic_level")
    for fault, mask in _place_faults(file, level):
        reasons[mask & (reasons == "")] = fault
    bad = reasons != ""
    if not bad.any():
        return file
    places = np.flatnonzero(bad)
    aside = [
        QuarantinedRow(int(file.table.row_numbers[at]), str(reasons[at]), _row_text(file.table, at))
        for at in places.tolist()
    ]
    return OpenFile(
        file.kind,
        file.spec,
        file.source,
        file.corrections,
        file.table.keep(~bad, aside),
        file.findings,
    )


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

    topic_label = file.text("breakdown_topic")
    topic = mapped(topic_label, lambda text: file.source.topic_of(text) or text)
    found, places = pairs_of(topic_label, file.text("breakdown"))
    stored = []
    for pair in found:
        name, unseen = _breakdown(file.source, pair.left, pair.right)
        stored.append(name)
        if unseen:
            file.findings.append(unseen_label(unseen, pair, file.table.row_numbers))
    breakdown = pa.DictionaryArray.from_arrays(pa.array(places), pa.array(stored, pa.string()))
    return topic, mapped(breakdown, lambda text: text)


def _breakdown(source: EesSource, topic_label: str, label: str) -> tuple[str, str | None]:
    """(stored breakdown, the column whose label was never seen or None)."""
    topic = source.topic_of(topic_label)
    if topic is None:
        return label, "breakdown_topic"
    if topic == WHOLE:
        is_whole = source.topic_of(label) == WHOLE
        return (WHOLE, None) if is_whole else (label, "breakdown")
    stored = source.breakdown_of(topic, label)
    return (label, "breakdown") if stored is None else (stored, None)


def unseen_label(column: str, pair: Pair, row_numbers: np.ndarray) -> Finding:
    """The finding for a label that no release had."""
    shown = pair.left if column == "breakdown_topic" else f"{pair.left}: {pair.right}"
    return Finding(
        rule="unseen_label",
        severity="warning",
        message=f"The label '{shown}' was never seen before; {pair.count:,} rows keep it.",
        remedy="If it means a label that is known, add it to data/reference/sources/ees.yml.",
        column_name=column,
        row_count=pair.count,
        first_row_number=int(row_numbers[pair.first]),
    )
