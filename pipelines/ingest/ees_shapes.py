"""The shapes of the DfE's files: how columns and rows become indicators, one function a shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from pipelines.ingest.cells import Wording, clean, long_cells
from pipelines.ingest.columns import constant, mapped, pairs_of, where
from pipelines.ingest.ees_file import OpenFile
from pipelines.ingest.ees_rows import WHOLE, row_table, topics_of, unseen_label
from pipelines.ingest.parcel import Part
from pipelines.registry.sources import EesSource

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

AGE = "Age"

# The parts of a file, and its figure columns by indicator for the checks of declared defects.
Shaped: TypeAlias = "tuple[tuple[Part, ...], dict[str, pa.Array]]"
Shaper: TypeAlias = "Callable[[OpenFile, pa.DictionaryArray, str], Shaped]"


def _figures(file: OpenFile, layout: str) -> list[tuple[str, pa.Array]]:
    """(column as printed, cells) of the layout's figure columns that the file has."""
    wanted = set(file.spec.columns_of(layout))
    return [
        (name, file.table.columns[place])
        for place, name in enumerate(file.table.header)
        if name.lower() in wanted
    ]


def _cleaned(
    file: OpenFile, columns: list[tuple[str, pa.Array]], answers: dict[str, str]
) -> pa.Array:
    import pyarrow as pa

    if not columns:
        return pa.array([], pa.string())
    wording = Wording(
        symbols=frozenset(file.source.symbols),
        mapped=answers,
        counts={name for name, _ in columns if file.source.is_count(name.lower())},
        negative={name for name, _ in columns if _indicator(file, name) in file.negative},
    )
    values, findings = clean(columns, file.table.row_numbers, wording)
    file.findings.extend(findings)
    return values


def _indicator(file: OpenFile, name: str) -> str:
    return file.spec.renames.get(name.lower(), name.lower())


def _split(values: pa.Array, names: list[str]) -> dict[str, pa.Array]:
    """Columns laid end to end, by name again."""
    count = len(values) // len(names) if names else 0
    return {name: values.slice(place * count, count) for place, name in enumerate(names)}


def _by_breakdown(file: OpenFile, period: pa.DictionaryArray, layout: str) -> Shaped:
    """Releases 2025 on: topic and breakdown in the row, one column an indicator."""
    topic, breakdown = topics_of(file)
    labels = (file.text("breakdown_topic"), file.text("breakdown"))
    return _wide(file, period, layout, row_table(file, period, topic, breakdown, labels))


def _by_area(file: OpenFile, period: pa.DictionaryArray, layout: str) -> Shaped:
    """No breakdown at all: the whole."""
    whole = constant(WHOLE, len(file.table.row_numbers))
    return _wide(file, period, layout, row_table(file, period, whole, whole))


def _wide(file: OpenFile, period: pa.DictionaryArray, layout: str, rows: pa.Table) -> Shaped:
    columns = _figures(file, layout)
    names = [_indicator(file, name) for name, _ in columns]
    values = _cleaned(file, columns, file.spec.answers)
    cells = long_cells(names, values, file.table.row_numbers)
    return (Part(file.spec.dataset or "", rows, cells),), _split(values, names)


def _by_age_group(file: OpenFile, period: pa.DictionaryArray, layout: str) -> Shaped:
    """Release 2022, by age: the row is an age group, or the whole."""
    import pyarrow.compute as pc

    label = file.text("characteristic_age")
    is_whole = where(label, lambda text: text.lower() == "total")
    topic = mapped(label, lambda text: WHOLE if text.lower() == "total" else AGE)
    breakdown = mapped(label, lambda text: _age_group(file.source, text) or text)
    _name_unseen_ages(file, label)
    rows = row_table(file, period, topic, breakdown, (None, label))
    columns = _figures(file, layout)
    values = _cleaned(file, columns, {})
    suffixes = [file.spec.suffixes[name.lower()] for name, _ in columns]
    stems = [file.spec.whole_stem or "", file.spec.stem or ""]
    row_stem = pc.if_else(is_whole, 0, 1).to_numpy(zero_copy_only=False)
    cells = _stemmed_cells(file, stems, row_stem, suffixes, values)
    return (Part(file.spec.dataset or "", rows, cells),), {}


def _age_group(source: EesSource, label: str) -> str | None:
    return WHOLE if label.lower() == "total" else source.breakdown_of(AGE, label)


def _by_setting(file: OpenFile, period: pa.DictionaryArray, layout: str) -> Shaped:
    """Release 2022, by setting: the row is a setting, whose indicator the columns belong to."""
    stems, row_stem = _setting_stems(file)
    whole = constant(WHOLE, len(file.table.row_numbers))
    labels = (file.text("establishment_group"), file.text("establishment_type"))
    rows = row_table(file, period, whole, whole, labels)
    columns = _figures(file, layout)
    values = _cleaned(file, columns, {})
    suffixes = [file.spec.suffixes[name.lower()] for name, _ in columns]
    cells = _stemmed_cells(file, stems, row_stem, suffixes, values)
    return (Part(file.spec.dataset or "", rows, cells),), {}


def _setting_stems(file: OpenFile) -> tuple[list[str], np.ndarray]:
    """(indicator of each distinct setting, which of them each row is)."""
    found, places = pairs_of(file.text("establishment_group"), file.text("establishment_type"))
    stems = []
    for pair in found:
        stem = file.spec.settings.get(pair.left, {}).get(pair.right)
        if stem is None:
            told = unseen_label("establishment_type", pair, file.table.row_numbers)
            file.findings.append(told)
            stem = _slug(f"{pair.left} {pair.right}")
        stems.append(file.spec.setting_renames.get(stem, stem))
    return stems, places


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _stemmed_cells(
    file: OpenFile, stems: list[str], row_stem: np.ndarray, suffixes: list[str], values: pa.Array
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


def _in_parts(file: OpenFile, period: pa.DictionaryArray, layout: str) -> Shaped:
    """Release 2022, many subjects in one file: each column goes to its own data set."""
    whole = constant(WHOLE, len(file.table.row_numbers))
    parts: list[Part] = []
    frame: dict[str, pa.Array] = {}
    for dataset, part in file.spec.parts.items():
        columns = [pair for pair in _figures(file, layout) if pair[0].lower() in part.columns]
        names = [part.columns[name.lower()] for name, _ in columns]
        values = _cleaned(file, columns, part.answers)
        rows = row_table(file, period, whole, whole, part=part)
        cells = long_cells(names, values, file.table.row_numbers)
        parts.append(Part(dataset, rows, cells, suffix=dataset))
        frame |= _split(values, names)
    return tuple(parts), frame


def _name_unseen_ages(file: OpenFile, label: pa.DictionaryArray) -> None:
    """A finding for each age group that is not known."""
    found, _ = pairs_of(constant(AGE, len(label)), label)
    for pair in found:
        if _age_group(file.source, pair.right) is None:
            file.findings.append(unseen_label("characteristic_age", pair, file.table.row_numbers))


SHAPES: dict[str, Shaper] = {
    "breakdown": _by_breakdown,
    "whole": _by_area,
    "age_group": _by_age_group,
    "setting": _by_setting,
    "parts": _in_parts,
}
