"""Printed cells -> text that is a number or a known symbol, and findings on the rest.

Shared by the readers of all sources. What a symbol means, and which are known, is data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.ingest.counts import tidied
from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# Spreadsheets write 0.07 as 7.0000000000000007E-2.
SCIENTIFIC = re.compile(r"-?[0-9]+(\.[0-9]+)?[Ee][+-]?[0-9]{1,2}")
NOT_AVAILABLE = "x"
MINUS, ZERO, NINE = 45, 48, 57
SHOWN = 3


@dataclass(frozen=True)
class Wording:
    """Which texts may stand in place of a number.

    Attributes:
        symbols: kept as they are.
        mapped: stored as another text, e.g. '-' as 'x'.
        counts: columns, as printed, that hold counts.
        negative: of these, the ones that are declared to hold negative numbers.
    """

    symbols: Collection[str]
    mapped: Mapping[str, str]
    counts: Collection[str] = ()
    negative: Collection[str] = ()


def clean(
    columns: Sequence[tuple[str, pa.Array]], row_numbers: np.ndarray, wording: Wording
) -> tuple[pa.Array, list[Finding]]:
    """All columns end to end as trimmed text, with a finding for each column that has odd cells.

    columns: (name as printed, string array of len(row_numbers)).
    A blank cell, and one that is neither number nor symbol, becomes x.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns, findings = _with_counts_tidied(columns, row_numbers, wording)
    values = pa.concat_arrays([array for _, array in columns])
    odd = _odd_places(values)
    found = values.filter(odd).dictionary_encode()
    texts = found.dictionary.to_pylist()
    stored = [_stored(text, wording) for text in texts]
    if stored != texts:
        replaced = pa.array(stored, pa.string()).take(found.indices)
        values = pc.replace_with_mask(values, odd, replaced)
    told = [place for place, text in enumerate(texts) if not _is_plain(text, wording)]
    if told:
        findings.extend(_findings(columns, row_numbers, odd, found, told, wording))
    return values, findings


def _with_counts_tidied(
    columns: Sequence[tuple[str, pa.Array]], row_numbers: np.ndarray, wording: Wording
) -> tuple[list[tuple[str, pa.Array]], list[Finding]]:
    tidy: list[tuple[str, pa.Array]] = []
    findings: list[Finding] = []
    for name, column in columns:
        told: list[Finding] = []
        if name in wording.counts:
            is_declared = name in wording.negative
            column, told = tidied(name, column, row_numbers, may_be_negative=is_declared)
        tidy.append((name, column))
        findings.extend(told)
    return tidy, findings


def long_cells(names: Sequence[str], values: pa.Array, row_numbers: np.ndarray) -> pa.Table:
    """row_number, indicator, value_text, from columns laid end to end."""
    import numpy as np
    import pyarrow as pa

    places = np.repeat(np.arange(len(names), dtype=np.int16), len(row_numbers))
    return pa.table(
        {
            "row_number": np.tile(row_numbers, len(names)),
            "indicator": pa.DictionaryArray.from_arrays(pa.array(places), pa.array(names)),
            "value_text": values,
        }
    )


def _odd_places(values: pa.Array) -> pa.Array:
    """Where a text is not plainly a number; everywhere, if one that begins like one is none."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    _, offset_buffer, data_buffer = values.buffers()
    offsets = np.frombuffer(offset_buffer, np.int32)[values.offset :][: len(values) + 1]
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer else np.zeros(1, np.uint8)
    first = data[np.minimum(offsets[:-1], max(data.size - 1, 0))] if len(values) else data[:0]
    numeric = ((first >= ZERO) & (first <= NINE)) | (first == MINUS)
    length = np.diff(offsets)
    # A lone minus is a symbol.
    numeric &= length > (first == MINUS)
    only = pc.if_else(pa.array(numeric), values, pa.scalar(None, pa.string()))
    try:
        numbers = pc.cast(only, pa.float64())
    except pa.ArrowInvalid:
        return pa.array(np.ones(len(values), bool))
    if pc.all(pc.is_finite(numbers), min_count=0).as_py() is False:
        return pa.array(np.ones(len(values), bool))
    return pa.array(~numeric)


def _stored(text: str, wording: Wording) -> str:
    word = text.strip()
    if word in wording.mapped:
        return wording.mapped[word]
    if word in wording.symbols or NUMBER.fullmatch(word):
        return word
    return format(Decimal(word), "f") if SCIENTIFIC.fullmatch(word) else NOT_AVAILABLE


def _is_number(word: str) -> bool:
    return bool(NUMBER.fullmatch(word) or SCIENTIFIC.fullmatch(word))


def _is_plain(text: str, wording: Wording) -> bool:
    """Whether nothing need be said: a number, a symbol, or a word that is stored as it is."""
    word = text.strip()
    if word in wording.mapped:
        return wording.mapped[word] == word or len(wording.mapped[word]) > 1
    return word in wording.symbols or _is_number(word)


def _findings(
    columns: Sequence[tuple[str, pa.Array]],
    row_numbers: np.ndarray,
    odd: pa.Array,
    found: pa.DictionaryArray,
    told: list[int],
    wording: Wording,
) -> list[Finding]:
    """One finding for each column and each sort of odd cell."""
    import numpy as np

    where = np.flatnonzero(odd.to_numpy(zero_copy_only=False))
    indices = found.indices.to_numpy(zero_copy_only=False)
    texts = found.dictionary.to_pylist()
    findings = []
    for rule in ("blank_cell", "symbol_replaced", "unreadable_cell"):
        chosen = [place for place in told if _rule(texts[place], wording) == rule]
        hit = where[np.isin(indices, chosen)]
        column_of, row_of = hit // max(len(row_numbers), 1), hit % max(len(row_numbers), 1)
        for place in np.unique(column_of):
            rows = row_numbers[row_of[column_of == place]]
            words = sorted({texts[item].strip() for item in chosen})[:SHOWN]
            findings.append(_cell_finding(rule, columns[place][0], rows, words))
    return findings


def _rule(text: str, wording: Wording) -> str:
    word = text.strip()
    if word in wording.mapped:
        return "symbol_replaced"
    return "unreadable_cell" if word else "blank_cell"


def _cell_finding(rule: str, name: str, rows: np.ndarray, words: list[str]) -> Finding:
    shown = ", ".join(f"'{word[:20]}'" for word in words)
    cells = counted(int(rows.size), "cell")
    message = {
        "blank_cell": f"{name}: {cells} empty, stored as x (not available).",
        "symbol_replaced": f"{name}: {cells} with {shown}, stored as a symbol.",
        "unreadable_cell": f"{name}: {cells} with neither a number nor a known symbol "
        f"({shown}), stored as x (not available).",
    }[rule]
    return Finding(
        rule=rule,
        severity={"blank_cell": "warning", "symbol_replaced": "info"}.get(rule, "error"),  # type: ignore[arg-type]
        message=message,
        remedy="Nothing to do." if rule == "symbol_replaced" else "Ask the publisher.",
        column_name=name,
        row_count=int(rows.size),
        first_row_number=int(rows.min()),
    )
