"""One file of "Education, health and care plans", of any release -> rows and cells.

Which column or label means what, in which release, stands in data/reference/sources/ees.yml; this
module only follows it, with ees_periods, ees_rows and ees_shapes. They work on whole columns and
never on one row at a time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest import corrections as declared
from pipelines.ingest.cells import NOT_AVAILABLE
from pipelines.ingest.columns import mapped, where
from pipelines.ingest.ees_file import OpenFile
from pipelines.ingest.ees_periods import end_year, layout_of, release_of, stored_periods
from pipelines.ingest.ees_rows import in_period, placed
from pipelines.ingest.ees_shapes import SHAPES, Shaped
from pipelines.ingest.parcel import Finding, Parcel, Part
from pipelines.ingest.repeats import without_repeats
from pipelines.ingest.strict_csv import CsvTable
from pipelines.ingest.words import counted
from pipelines.registry.sources import Correction, Corrections, EesFile, EesSource

if TYPE_CHECKING:
    import pyarrow as pa


def read(table: CsvTable, kind: str, source: EesSource, corrections: Corrections) -> Parcel:
    """Rows, cells and findings of one file.

    table: the file as text. kind: its name under `files` of ees.yml.

    Raises:
        InputError: a key column is missing, or a column stands twice without being declared.
    """
    spec = source.files[kind]
    _require_keys(table, kind, spec, source)
    findings: list[Finding] = []
    table = _without_repeats(table, kind, corrections, findings)
    file = OpenFile(kind, spec, source, corrections, table, findings)
    file = placed(file)
    file, period = in_period(file, stored_periods(file))
    layout = layout_of(file, period)
    _compare_columns(file, layout)
    file = replace(file, negative=_declared_negative(file, release_of(file, period, layout)))
    file, period, (parts, frame_columns) = _shaped(file, period, layout)
    parts = _mend_defects(file, period, layout, parts, frame_columns)
    return Parcel(
        kind=kind,
        source=source.source,
        release=release_of(file, period, layout),
        parts=parts,
        findings=tuple(findings),
        quarantined=file.table.quarantined,
        row_count_in=table.row_count_in,
    )


def _declared_negative(file: OpenFile, release: str) -> frozenset[str]:
    """Indicators whose negative numbers are known and stay as published."""
    known = file.corrections.of(file.kind, release)
    return frozenset(item.arguments["column"] for item in known if item.check == "negative")


def _shaped(
    file: OpenFile, period: pa.DictionaryArray, layout: str
) -> tuple[OpenFile, pa.DictionaryArray, Shaped]:
    """Rows and cells; where two rows claim one place, once more without them."""
    import numpy as np
    import pyarrow as pa

    told_before = len(file.findings)
    shaped = SHAPES[file.spec.shape](file, period, layout)
    table = without_repeats(file.table, _place_of(file, shaped[0][0]))
    if table is file.table:
        return file, period, shaped
    kept = pa.array(np.isin(file.table.row_numbers, table.row_numbers))
    file, period = replace(file, table=table), period.filter(kept)
    del file.findings[told_before:]
    return file, period, SHAPES[file.spec.shape](file, period, layout)


def _place_of(file: OpenFile, part: Part) -> list[pa.Array]:
    """The key of each row: period, area, topic, breakdown, and the indicator of its first figure.

    In the long layout of 2022 several rows of one area differ by that indicator only.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = part.rows
    names = ("time_period", "geographic_level", "breakdown_topic", "breakdown")
    keys = [_one(rows[name]) for name in names]
    if file.spec.period_kind == "stock":
        keys[0] = mapped(keys[0], lambda text: str(end_year(text)))
    level = keys[1]
    area = pc.if_else(
        pa.array(where(level, lambda text: text == "Local authority")),
        file.text("old_la_code").dictionary_decode(),
        pc.if_else(
            pa.array(where(level, lambda text: text == "Regional")),
            file.text("region_code").dictionary_decode(),
            "",
        ),
    )
    first = part.cells["indicator"].slice(0, rows.num_rows)
    return [*keys, area, *([_one(first)] if len(first) == rows.num_rows else [])]


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()


def _require_keys(table: CsvTable, kind: str, spec: EesFile, source: EesSource) -> None:
    keys = (*source.key_columns, *spec.filter_columns)
    missing = [name for name in keys if name not in table.position]
    if missing:
        raise InputError(
            f"this is the file '{kind}', but it has no column {', '.join(missing)}; "
            "without it a row cannot be placed",
            remedy="Download the file again from its publisher, with all its columns.",
        )


def _without_repeats(
    table: CsvTable, kind: str, corrections: Corrections, findings: list[Finding]
) -> CsvTable:
    """Leave the first of two columns of one name, where that is declared and they are equal."""
    names = [name.lower() for name in table.header]
    repeated = sorted({name for name in names if names.count(name) > 1})
    known = {
        item.arguments["column"]: item
        for item in corrections.of(kind, None)
        if item.action == "keep_first_column"
    }
    _refuse_repeats([name for name in repeated if name not in known])
    for name in repeated:
        table = _merged(table, name, known[name], findings)
    return table


def _refuse_repeats(names: list[str]) -> None:
    if names:
        raise InputError(
            f"the column {', '.join(names)} stands twice, and nothing says which one holds",
            remedy="Ask the publisher; a known repetition is declared in "
            "data/reference/corrections.yml.",
        )


def _merged(
    table: CsvTable, name: str, correction: Correction, findings: list[Finding]
) -> CsvTable:
    """The table with the second column of that name dropped, or named apart if it differs."""
    import pyarrow.compute as pc

    places = [place for place, text in enumerate(table.header) if text.lower() == name]
    first, *others = places
    unequal = sum(
        int(pc.sum(pc.not_equal(table.columns[first], table.columns[other])).as_py() or 0)
        for other in others
    )
    found = declared.Found(len(table.row_numbers), None, {"different_rows": unequal})
    told = declared.finding(correction, found)
    findings.extend([told] if told else [])
    header, columns = list(table.header), list(table.columns)
    for number, place in enumerate(others, start=2):
        header[place] = f"{name}_{number}"
    if declared.is_as_expected(correction, found):
        header = [text for place, text in enumerate(header) if place not in others]
        columns = [array for place, array in enumerate(columns) if place not in others]
    return CsvTable(
        tuple(header), tuple(columns), table.row_numbers, table.quarantined, table.row_count_in
    )


def _compare_columns(file: OpenFile, layout: str) -> None:
    """One finding for each column that the layout does not know, and each that it misses."""
    wanted = set(file.spec.columns_of(layout))
    known = wanted | set(file.source.key_columns) | set(file.spec.filter_columns)
    for name in file.table.header:
        if name.lower() not in known | set(file.source.side_columns):
            file.findings.append(_unknown_column(name, layout))
    for name in (*file.spec.columns_of(layout), *file.source.side_columns):
        if name not in file.table.position:
            file.findings.append(_missing_column(name, layout))


def _unknown_column(name: str, layout: str) -> Finding:
    return Finding(
        rule="unknown_column",
        severity="warning",
        message=f"The column {name} is not known in the layout of {layout}; it was not loaded.",
        remedy="If it matters, describe it in data/reference/sources/ees.yml and ingest again.",
        column_name=name,
    )


def _missing_column(name: str, layout: str) -> Finding:
    return Finding(
        rule="missing_column",
        severity="warning",
        message=f"The column {name} of the layout of {layout} is missing, and so are its figures.",
        remedy="Look whether the publisher left it out; if so, amend data/reference/sources.",
        column_name=name,
    )


def _mend_defects(
    file: OpenFile,
    period: pa.DictionaryArray,
    layout: str,
    parts: tuple[Part, ...],
    columns: dict[str, pa.Array],
) -> tuple[Part, ...]:
    """Findings of the declared defects, and the parts without figures declared to be wrong."""
    _check_identifiers(file)
    rows = parts[0].rows
    frame = declared.Frame(
        row_numbers=file.table.row_numbers,
        columns=columns,
        la_code=rows["la_code"].combine_chunks().dictionary_decode(),
        period=period.dictionary_decode(),
        topic=rows["breakdown_topic"].combine_chunks().dictionary_decode(),
    )
    for correction in file.corrections.of(file.kind, release_of(file, period, layout)):
        found = declared.look_for(correction, frame)
        if found is None:
            continue
        told = declared.finding(correction, found)
        file.findings.extend([told] if told else [])
        if correction.action == "withdraw" and declared.is_as_expected(correction, found):
            parts = tuple(_without(part, correction, found) for part in parts)
    return parts


def _without(part: Part, correction: Correction, found: declared.Found) -> Part:
    """A part whose figures named by a correction are not available; the rest as it was."""
    import pyarrow as pa
    import pyarrow.compute as pc

    indicator = correction.arguments["indicator"]
    rows = pa.array(found.row_numbers, pa.int64())
    wrong = pc.and_(
        pc.equal(part.cells["indicator"].cast(pa.string()), indicator),
        pc.is_in(part.cells["row_number"], value_set=rows),
    )
    place = part.cells.column_names.index("value_text")
    texts = part.cells["value_text"]
    mended = pc.if_else(wrong, pa.scalar(NOT_AVAILABLE, texts.type), texts)
    return replace(part, cells=part.cells.set_column(place, "value_text", mended))


def _check_identifiers(file: OpenFile) -> None:
    identifier = file.text("time_identifier")
    usual = file.spec.expected_identifiers
    other = ~where(identifier, lambda text: text in usual)
    if not other.any():
        return
    rows = file.table.row_numbers[other]
    file.findings.append(
        Finding(
            rule="unusual_period",
            severity="warning",
            message=f"{counted(int(rows.size), 'row')} not marked '{usual[0]}', read as "
            f"{'January counts' if file.spec.period_kind == 'stock' else 'figures of a year'}.",
            remedy="Look whether the publisher changed what the file counts.",
            column_name="time_identifier",
            row_count=int(rows.size),
            first_row_number=int(rows[0]),
        )
    )
