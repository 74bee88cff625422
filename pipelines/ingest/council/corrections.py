"""Which corrections of case records may be taken: of items that name nobody, with values of theirs.

A correction travels with a pseudonym and is read by officers, so neither its old nor its new text
may be anything that stays at the door.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from pipelines.ingest.council.cells import is_date
from pipelines.registry.sen2 import Element, sen2
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import pyarrow as pa

# Stays at the door in whichever module; texts are left out by their type.
AT_THE_DOOR = frozenset({"birth_date", "upn", "uln", "postcode", "return_year", "reference_date"})
OPEN_TYPES = frozenset({"date", "boolean", "code", "urn", "ukprn", "la3"})
NOT_A_MODULE = frozenset({"header"})
# A wrong cell may be anything; only what cannot be a name is repeated.
HARMLESS = re.compile(r"[0-9/:. -]{1,30}")

NO_ITEM = "its column_name is no item of the module, or one that cannot be corrected here"
NO_VALUE = "its corrected_text is no value of the item"
NO_OLD_VALUE = "its printed_text is no value of the item"


def unfit_corrections(texts: Mapping[str, pa.DictionaryArray]) -> dict[int, str]:
    """Place of the row -> why the correction cannot be taken."""
    names = ("module", "column_name", "printed_text", "corrected_text")
    rows = zip(*(texts[name].to_pylist() for name in names), strict=True)
    found = ((at, _reason(*row)) for at, row in enumerate(rows))
    return {at: reason for at, reason in found if reason is not None}


@cache
def correctable() -> dict[tuple[str, str], Element]:
    """(module, column) -> the item, for every item that may be corrected."""
    return {
        (name, item.column): item
        for name, module in sen2(PROJECT_ROOT).modules.items()
        if name not in NOT_A_MODULE
        for item in module.elements
        if item.type in OPEN_TYPES and item.column not in AT_THE_DOOR
    }


def _reason(
    module: str | None, column: str | None, printed: str | None, corrected: str | None
) -> str | None:
    item = correctable().get((module or "", column or ""))
    if item is None:
        return NO_ITEM
    if not _is_value(item, corrected or ""):
        return NO_VALUE
    if printed and not _is_value(item, printed) and not HARMLESS.fullmatch(printed):
        return NO_OLD_VALUE
    return None


def _is_value(item: Element, text: str) -> bool:
    known = sen2(PROJECT_ROOT)
    if item.type == "date":
        return is_date(text)
    if item.type == "boolean":
        return text in ("1", "0")
    if item.codes is not None:
        return text in known.codes[item.codes]
    return re.fullmatch(known.patterns[item.type], text, re.ASCII) is not None
