"""One file of "Education, health and care plans", of any release -> rows and cells.

Which column or label means what, in which release, stands in data/reference/sources/ees.yml; this
module only follows it. It works on whole columns and never on one row at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pipelines.errors import InputError
from pipelines.ingest import corrections as declared
from pipelines.ingest.cells import Wording, clean, long_cells
from pipelines.ingest.columns import constant, mapped, where
from pipelines.ingest.parcel import Finding, Parcel, Part, QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.sources import Correction, Corrections, EesFile, EesSource, FilePart

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

WHOLE = "All"
AGE = "Age"
LA_CODE = re.compile(r"[0-9]{3}")
TIME = re.compile(r"[0-9]{4}([0-9]{2})?")
SCHOOL_YEAR_STAMP = 6
NAME_COLUMNS = {
    "National": "country_name",
    "Regional": "region_name",
    "Local authority": "la_name",
}


@dataclass(frozen=True)
class _File:
    """One file on its way: the table, what is known of it, and what has been found so far."""

    kind: str
    spec: EesFile
    source: EesSource
    corrections: Corrections
    table: CsvTable
    findings: list[Finding]

    def text(self, name: str) -> pa.DictionaryArray:
        """A key or side column, trimmed, empty cells null; all null where it is not there."""
        import pyarrow as pa

        if name not in self.table.position:
            nothing = pa.nulls(len(self.table.row_numbers), pa.string())
            return nothing.dictionary_encode()
        return mapped(self.table.column(name), lambda text: text.strip() or None)


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
    file = _File(kind, spec, source, corrections, table, findings)
    file = _placed(file)
    period = _periods(file)
    layout = _layout(file, period)
    _compare_columns(file, layout)
    parts, frame_columns = _SHAPES[spec.shape](file, period, layout)
    _look_for_defects(file, period, layout, parts, frame_columns)
    return Parcel(
        kind=kind,
        source=source.source,
        release=_release(file, period, layout),
        parts=parts,
        findings=tuple(findings),
        quarantined=file.table.quarantined,
        row_count_in=table.row_count_in,
    )


# ---- columns ---------------------------------------------------------------------------------


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


def _compare_columns(file: _File, layout: str) -> None:
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


# ---- rows ------------------------------------------------------------------------------------


def _placed(file: _File) -> _File:
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
    return _File(
        file.kind,
        file.spec,
        file.source,
        file.corrections,
        file.table.keep(~bad, aside),
        file.findings,
    )


def _place_faults(file: _File, level: pa.DictionaryArray) -> Iterable[tuple[str, np.ndarray]]:
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
    return ",".join(column[place].as_py() for column in table.columns)[:500]


def _periods(file: _File) -> pa.DictionaryArray:
    """time_period as stored: a school year's stamp on a calendar year is corrected as declared."""
    period = file.text("time_period")
    for item in file.corrections.of(file.kind, None):
        if item.action == "first_year_of_stamp":
            period = _first_years(file, period, item)
    return period


def _first_years(
    file: _File, period: pa.DictionaryArray, correction: Correction
) -> pa.DictionaryArray:
    wrong = where(period, lambda text: len(text) == SCHOOL_YEAR_STAMP) & where(
        file.text("time_identifier"), lambda text: text == correction.arguments["identifier"]
    )
    if not wrong.any():
        return period
    strange = where(period, lambda text: not _is_school_year(text)) & wrong
    rows = file.table.row_numbers[wrong]
    found = declared.Found(
        int(wrong.sum()), int(rows[0]), {"years_not_following": int(strange.sum())}
    )
    told = declared.finding(correction, found)
    file.findings.extend([told] if told else [])
    if not declared.is_as_expected(correction, found):
        return period
    return mapped(period, lambda text: text[:4])


def _is_school_year(text: str) -> bool:
    """Whether six digits name two years that follow each other, e.g. 202425."""
    return len(text) == SCHOOL_YEAR_STAMP and (int(text[2:4]) + 1) % 100 == int(text[4:6])


def _end_year(text: str) -> int:
    """The year of a period: 2025 for 202425, 2024 for 2024."""
    return int(text[:2] + text[4:6]) if len(text) == SCHOOL_YEAR_STAMP else int(text)


def _newest_year(period: pa.DictionaryArray) -> int:
    return max((_end_year(text) for text in period.unique().to_pylist() if text), default=0)


def _release_by_period(file: _File, period: pa.DictionaryArray) -> int:
    return _newest_year(period) + file.source.years_to_release[file.spec.period_kind]


def _release(file: _File, period: pa.DictionaryArray, layout: str) -> str:
    return str(max(int(layout), _release_by_period(file, period)))


def _layout(file: _File, period: pa.DictionaryArray) -> str:
    """The layout that the columns fit best; where two fit alike, by labels, then by period."""
    if len(file.spec.layouts) == 1:
        return file.spec.layouts[0]
    printed = set(file.table.position) - set(file.source.key_columns)
    printed -= set(file.source.side_columns) | set(file.spec.filter_columns)
    misfit = {
        layout: len(printed ^ set(file.spec.columns_of(layout))) for layout in file.spec.layouts
    }
    best = [layout for layout in file.spec.layouts if misfit[layout] == min(misfit.values())]
    signed = [layout for layout in best if _has_sign(file, file.spec.signs.get(layout, ()))]
    reached = [layout for layout in best if int(layout) <= _release_by_period(file, period)]
    return max(signed or reached or best[:1])


def _has_sign(file: _File, labels: Sequence[str]) -> bool:
    if "breakdown_topic" not in file.table.position or not labels:
        return False
    printed = {text for text in file.text("breakdown_topic").unique().to_pylist() if text}
    return bool(printed & set(labels))


def _row_table(
    file: _File,
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


def _area_names(file: _File) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pa.nulls(len(file.table.row_numbers), pa.string())
    level = file.text("geographic_level")
    for wanted, column in NAME_COLUMNS.items():
        here = pa.array(where(level, wanted.__eq__))
        names = pc.if_else(here, file.text(column).dictionary_decode(), names)
    return names


# ---- labels ----------------------------------------------------------------------------------


def _topics(file: _File) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Stored topic and stored breakdown of each row; an unseen label is kept and named."""
    import numpy as np
    import pyarrow as pa

    topic_label = file.text("breakdown_topic")
    label = file.text("breakdown")
    topics, labels = topic_label.dictionary.to_pylist(), label.dictionary.to_pylist()
    topic = mapped(topic_label, lambda text: file.source.topic_of(text) or text)
    width = len(labels) + 1
    topic_index = topic_label.indices.fill_null(len(topics)).to_numpy(zero_copy_only=False)
    label_index = label.indices.fill_null(len(labels)).to_numpy(zero_copy_only=False)
    pairs, first, inverse, counts = np.unique(
        topic_index.astype(np.int64) * width + label_index,
        return_index=True,
        return_inverse=True,
        return_counts=True,
    )
    stored: list[str] = []
    for pair, at, count in zip(pairs, first, counts, strict=True):
        printed = ([*topics, ""][pair // width], [*labels, ""][pair % width])
        name, unseen = _breakdown(file.source, *printed)
        stored.append(name)
        if unseen:
            row = int(file.table.row_numbers[at])
            file.findings.append(_unseen_label(unseen, *printed, int(count), row))
    breakdown = pa.DictionaryArray.from_arrays(
        pa.array(inverse.astype(np.int32).ravel()), pa.array(stored, pa.string())
    )
    return topic, _distinct(breakdown)


def _distinct(column: pa.DictionaryArray) -> pa.DictionaryArray:
    return mapped(column, lambda text: text)


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


def _unseen_label(
    column: str, topic: str, label: str, row_count: int, first_row_number: int
) -> Finding:
    shown = topic if column == "breakdown_topic" else f"{topic}: {label}"
    return Finding(
        rule="unseen_label",
        severity="warning",
        message=f"The label '{shown}' was never seen before; {row_count:,} rows keep it.",
        remedy="If it means a label that is known, add it to data/reference/sources/ees.yml.",
        column_name=column,
        row_count=row_count,
        first_row_number=first_row_number,
    )


# ---- shapes ----------------------------------------------------------------------------------

_Shaped: TypeAlias = "tuple[tuple[Part, ...], dict[str, pa.Array]]"
_Shaper: TypeAlias = "Callable[[_File, pa.DictionaryArray, str], _Shaped]"


def _figures(file: _File, layout: str) -> list[tuple[str, pa.Array]]:
    """(column as printed, cells) of the layout's figure columns that the file has."""
    wanted = set(file.spec.columns_of(layout))
    return [
        (name, file.table.columns[place])
        for place, name in enumerate(file.table.header)
        if name.lower() in wanted
    ]


def _cleaned(file: _File, columns: list[tuple[str, pa.Array]], answers: dict[str, str]) -> pa.Array:
    import pyarrow as pa

    if not columns:
        return pa.array([], pa.string())
    wording = Wording(frozenset(file.source.symbols), answers)
    values, findings = clean(columns, file.table.row_numbers, wording)
    file.findings.extend(findings)
    return values


def _split(values: pa.Array, names: list[str]) -> dict[str, pa.Array]:
    """Columns laid end to end, by name again."""
    count = len(values) // len(names) if names else 0
    return {name: values.slice(place * count, count) for place, name in enumerate(names)}


def _by_breakdown(file: _File, period: pa.DictionaryArray, layout: str) -> _Shaped:
    """Releases 2025 on: topic and breakdown in the row, one column an indicator."""
    topic, breakdown = _topics(file)
    labels = (file.text("breakdown_topic"), file.text("breakdown"))
    return _wide(file, period, layout, _row_table(file, period, topic, breakdown, labels))


def _by_area(file: _File, period: pa.DictionaryArray, layout: str) -> _Shaped:
    """No breakdown at all: the whole."""
    whole = constant(WHOLE, len(file.table.row_numbers))
    return _wide(file, period, layout, _row_table(file, period, whole, whole))


def _wide(file: _File, period: pa.DictionaryArray, layout: str, rows: pa.Table) -> _Shaped:
    columns = _figures(file, layout)
    renames = file.spec.renames
    names = [renames.get(name.lower(), name.lower()) for name, _ in columns]
    values = _cleaned(file, columns, file.spec.answers)
    cells = long_cells(names, values, file.table.row_numbers)
    return (Part(file.spec.dataset or "", rows, cells),), _split(values, names)


def _by_age_group(file: _File, period: pa.DictionaryArray, layout: str) -> _Shaped:
    """Release 2022, by age: the row is an age group, or the whole."""
    import pyarrow.compute as pc

    label = file.text("characteristic_age")
    is_whole = where(label, lambda text: text.lower() == "total")
    topic = mapped(label, lambda text: WHOLE if text.lower() == "total" else AGE)
    breakdown = mapped(label, lambda text: _age_group(file.source, text) or text)
    _name_unseen(file, label, lambda text: _age_group(file.source, text) is None, AGE)
    rows = _row_table(file, period, topic, breakdown, (None, label))
    columns = _figures(file, layout)
    values = _cleaned(file, columns, {})
    suffixes = [file.spec.suffixes[name.lower()] for name, _ in columns]
    stems = [file.spec.whole_stem or "", file.spec.stem or ""]
    row_stem = pc.if_else(is_whole, 0, 1).to_numpy(zero_copy_only=False)
    cells = _stemmed_cells(file, stems, row_stem, suffixes, values)
    return (Part(file.spec.dataset or "", rows, cells),), {}


def _age_group(source: EesSource, label: str) -> str | None:
    return WHOLE if label.lower() == "total" else source.breakdown_of(AGE, label)


def _by_setting(file: _File, period: pa.DictionaryArray, layout: str) -> _Shaped:
    """Release 2022, by setting: the row is a setting, whose indicator the columns belong to."""
    stems, row_stem = _setting_stems(file)
    whole = constant(WHOLE, len(file.table.row_numbers))
    labels = (file.text("establishment_group"), file.text("establishment_type"))
    rows = _row_table(file, period, whole, whole, labels)
    columns = _figures(file, layout)
    values = _cleaned(file, columns, {})
    suffixes = [file.spec.suffixes[name.lower()] for name, _ in columns]
    cells = _stemmed_cells(file, stems, row_stem, suffixes, values)
    return (Part(file.spec.dataset or "", rows, cells),), {}


def _setting_stems(file: _File) -> tuple[list[str], np.ndarray]:
    """(indicator of each distinct setting, which of them each row is)."""
    import numpy as np

    group, kind = file.text("establishment_group"), file.text("establishment_type")
    groups = [*group.dictionary.to_pylist(), ""]
    kinds = [*kind.dictionary.to_pylist(), ""]
    index = group.indices.fill_null(len(groups) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    index = index * len(kinds) + kind.indices.fill_null(len(kinds) - 1).to_numpy(
        zero_copy_only=False
    )
    pairs, first, inverse, counts = np.unique(
        index, return_index=True, return_inverse=True, return_counts=True
    )
    stems = []
    for pair, at, count in zip(pairs, first, counts, strict=True):
        names = (groups[pair // len(kinds)], kinds[pair % len(kinds)])
        stem = file.spec.settings.get(names[0], {}).get(names[1])
        if stem is None:
            row = int(file.table.row_numbers[at])
            file.findings.append(_unseen_label("establishment_type", *names, int(count), row))
            stem = _slug(" ".join(names))
        stems.append(file.spec.setting_renames.get(stem, stem))
    return stems, inverse.ravel()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _stemmed_cells(
    file: _File, stems: list[str], row_stem: np.ndarray, suffixes: list[str], values: pa.Array
) -> pa.Table:
    """Cells whose indicator is the row's stem and the column's suffix."""
    import numpy as np
    import pyarrow as pa

    names = [stem + suffix for suffix in suffixes for stem in stems]
    places = np.concatenate(
        [row_stem + number * len(stems) for number in range(len(suffixes))] or [row_stem[:0]]
    )
    indicator = pa.DictionaryArray.from_arrays(
        pa.array(places.astype(np.int32)), pa.array(names, pa.string())
    )
    return pa.table(
        {
            "row_number": np.tile(file.table.row_numbers, len(suffixes)),
            "indicator": indicator,
            "value_text": values,
        }
    )


def _in_parts(file: _File, period: pa.DictionaryArray, layout: str) -> _Shaped:
    """Release 2022, many subjects in one file: each column goes to its own data set."""
    whole = constant(WHOLE, len(file.table.row_numbers))
    parts: list[Part] = []
    frame: dict[str, pa.Array] = {}
    for dataset, part in file.spec.parts.items():
        columns = [pair for pair in _figures(file, layout) if pair[0].lower() in part.columns]
        names = [part.columns[name.lower()] for name, _ in columns]
        values = _cleaned(file, columns, part.answers)
        rows = _row_table(file, period, whole, whole, part=part)
        cells = long_cells(names, values, file.table.row_numbers)
        parts.append(Part(dataset, rows, cells, suffix=dataset))
        frame |= _split(values, names)
    return tuple(parts), frame


def _name_unseen(
    file: _File, label: pa.DictionaryArray, is_unseen: Callable[[str], bool], topic: str
) -> None:
    """A finding for each label of a column that is not known."""
    import numpy as np

    for text in (text for text in label.unique().to_pylist() if text and is_unseen(text)):
        rows = file.table.row_numbers[np.flatnonzero(where(label, text.__eq__))]
        file.findings.append(
            _unseen_label("characteristic_age", topic, text, int(rows.size), int(rows[0]))
        )


_SHAPES: dict[str, _Shaper] = {
    "breakdown": _by_breakdown,
    "whole": _by_area,
    "age_group": _by_age_group,
    "setting": _by_setting,
    "parts": _in_parts,
}


# ---- defects ---------------------------------------------------------------------------------


def _look_for_defects(
    file: _File,
    period: pa.DictionaryArray,
    layout: str,
    parts: tuple[Part, ...],
    columns: dict[str, pa.Array],
) -> None:
    """Findings of the declared defects, and of a period's kind that is not the usual one."""
    _check_identifiers(file)
    rows = parts[0].rows
    frame = declared.Frame(
        row_numbers=file.table.row_numbers,
        columns=columns,
        la_code=rows["la_code"].combine_chunks().dictionary_decode(),
        period=period.dictionary_decode(),
        topic=rows["breakdown_topic"].combine_chunks().dictionary_decode(),
    )
    for correction in file.corrections.of(file.kind, _release(file, period, layout)):
        told = declared.check(correction, frame)
        file.findings.extend([told] if told else [])


def _check_identifiers(file: _File) -> None:
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
            message=f"{rows.size:,} rows are not marked '{usual[0]}'; they are read as "
            f"{'January counts' if file.spec.period_kind == 'stock' else 'figures of a year'}.",
            remedy="Look whether the publisher changed what the file counts.",
            column_name="time_identifier",
            row_count=int(rows.size),
            first_row_number=int(rows[0]),
        )
    )
