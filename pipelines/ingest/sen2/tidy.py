"""Printed cells of a return -> the one way in which each type is written in `Modules`.

Only what a form documents is changed. A date that cannot be read stays as printed, so that a rule
can say so; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from pipelines.ingest.columns import mapped
from pipelines.ingest.exported import day, flag, moment

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.registry.sen2 import Element

Change = Callable[[str], str]

FLOAT_OF_WHOLE = re.compile(r"(\d+)\.0+")


class Form(Enum):
    """How freely a form writes: as the XML does, as COLLECT's text does, as Excel's cells do."""

    XML = "xml"
    TEXT = "text"
    CELLS = "cells"


def tidied(column: pa.Array, item: Element, form: Form) -> pa.Array:
    """A column of strings, trimmed, empty ones null, each value as `Modules` writes its type."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(column)
    filled = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    change = _change(item, form)
    if change is None or filled.null_count == len(filled) or _is_in_order(filled, item):
        return filled
    return mapped(filled, change).cast(pa.string())


def _is_in_order(column: pa.Array, item: Element) -> bool:
    """Whether booleans are plainly 1 and 0, which can be seen without looking at each."""
    import pyarrow.compute as pc

    return item.type == "boolean" and pc.max(pc.binary_length(column)).as_py() <= 1


def _change(item: Element, form: Form) -> Change | None:
    """What may have to be changed in a column of that type, written in that form."""
    changes = CHANGES[form]
    return changes.get(item.type, changes.get("number") if _is_number(item) else None)


def whole(text: str) -> str:
    """12 for 12.0: a spreadsheet writes every number as a fraction."""
    found = FLOAT_OF_WHOLE.fullmatch(text)
    return found[1] if found else text


def _is_number(item: Element) -> bool:
    """Whether a whole number is meant where a spreadsheet may show a fraction."""
    return item.type not in ("text", "date", "datetime", "postcode", "upn")


def _flag_cell(text: str) -> str:
    return flag(whole(text))


_TEXT: Mapping[str, Change] = {"boolean": flag, "date": day, "datetime": moment}
CHANGES: Mapping[Form, Mapping[str, Change]] = {
    Form.XML: {"boolean": flag},
    Form.TEXT: _TEXT,
    Form.CELLS: {**_TEXT, "boolean": _flag_cell, "number": whole},
}
