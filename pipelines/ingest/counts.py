"""Cells of columns that count: a whole number that is not negative, or a symbol.

Only the few cells that hold something else than digits are looked at. Which columns count is said
by the source; what is neither number nor symbol is the work of cells.py.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+")
NOT_WHOLE = re.compile(r"-?[0-9]+(\.[0-9]+([Ee][+-]?[0-9]{1,2})?|[Ee][+-]?[0-9]{1,2})")
WHOLE = re.compile(r"-?[0-9]+")
MARKS = b",.-eE"
NOT_AVAILABLE = "x"
ASK = "Ask the publisher."


def tidied(
    name: str, column: pa.Array, row_numbers: np.ndarray, *, may_be_negative: bool
) -> tuple[pa.Array, list[Finding]]:
    """The column with thousands commas taken out and negative counts made x, and what was found.

    may_be_negative: negative counts of this column are declared, and stay as they are printed.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    places = _marked(column)
    if not places.size:
        return column, []
    marked = column.take(pa.array(places)).dictionary_encode()
    indices = marked.indices.to_numpy(zero_copy_only=False)
    texts = marked.dictionary.to_pylist()
    plain = [_without_commas(text) for text in texts]
    hidden = [not may_be_negative and _is_negative(text) for text in plain]
    findings = []
    for tell, chosen in (
        (_told_thousands, [a != b for a, b in zip(texts, plain, strict=True)]),
        (_told_negative, hidden),
        (_told_not_whole, [bool(NOT_WHOLE.fullmatch(text.strip())) for text in plain]),
    ):
        rows = row_numbers[places[np.array(chosen, bool)[indices]]]
        findings.extend([tell(name, rows)] if rows.size else [])
    stored = [NOT_AVAILABLE if hide else text for hide, text in zip(hidden, plain, strict=True)]
    if stored == texts:
        return column, findings
    mask = np.zeros(len(column), bool)
    mask[places] = True
    replaced = pa.array(stored, pa.string()).take(marked.indices)
    return pc.replace_with_mask(column, pa.array(mask), replaced), findings


def _marked(column: pa.Array) -> np.ndarray:
    """Places of the cells that hold a comma, a point, a minus or an exponent's letter."""
    import numpy as np

    _, offset_buffer, data_buffer = column.buffers()
    if not len(column) or data_buffer is None:
        return np.zeros(0, np.int64)
    offsets = np.frombuffer(offset_buffer, np.int32)[column.offset :][: len(column) + 1]
    is_mark = np.zeros(256, bool)
    is_mark[list(MARKS)] = True
    data = np.frombuffer(data_buffer, np.uint8)[offsets[0] : offsets[-1]]
    hits = np.flatnonzero(is_mark[data]) + offsets[0]
    places: np.ndarray = np.unique(np.searchsorted(offsets, hits, side="right") - 1)
    return places


def _without_commas(text: str) -> str:
    word = text.strip()
    return word.replace(",", "") if THOUSANDS.fullmatch(word) else text


def _is_negative(text: str) -> bool:
    word = text.strip()
    is_number = WHOLE.fullmatch(word) or NOT_WHOLE.fullmatch(word)
    return bool(is_number) and Decimal(word) < 0


def _told_thousands(name: str, rows: np.ndarray) -> Finding:
    message = f"{name}: {counted(rows.size, 'number')} with thousands commas, read without them."
    return _finding("thousands_separator", "info", name, message, "Nothing to do.", rows)


def _told_negative(name: str, rows: np.ndarray) -> Finding:
    message = (
        f"{name}: {counted(rows.size, 'negative count')}, not declared, stored as x "
        "(not available)."
    )
    remedy = f"{ASK} A known defect is declared in data/reference/corrections.yml."
    return _finding("negative_count", "error", name, message, remedy, rows)


def _told_not_whole(name: str, rows: np.ndarray) -> Finding:
    message = (
        f"{name}: {counted(rows.size, 'count')} printed as a fraction or with an exponent, "
        "kept as printed."
    )
    return _finding("count_not_whole", "warning", name, message, ASK, rows)


def _finding(
    rule: str, severity: str, name: str, message: str, remedy: str, rows: np.ndarray
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,  # type: ignore[arg-type]
        message=message,
        remedy=remedy,
        column_name=name,
        row_count=int(rows.size),
        first_row_number=int(rows.min()),
    )
