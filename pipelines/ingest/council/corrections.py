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
# A wrong cell may be anything; only with what cannot be a name is the rest of the row read.
HARMLESS = re.compile(r"[0-9/:. -]{1,30}")
# Short names are words of their own too often.
NAME_LETTERS_MIN = 3

# What says which item of a record is meant.
PLACE = ("module", "column_name")

NO_ITEM = "its column_name is no item of the module, or one that cannot be corrected here"
NO_VALUE = "its corrected_text is no value of the item"
NO_OLD_VALUE = "its printed_text is no value of the item"
NAMES_THE_CHILD = "its reason or decided_by_role holds a name of the child"


def unfit_corrections(texts: Mapping[str, pa.DictionaryArray]) -> dict[int, str]:
    """Place of the row -> why the correction cannot be taken."""
    names = (*PLACE, "printed_text", "corrected_text")
    rows = zip(*(texts[name].to_pylist() for name in names), strict=True)
    found = ((at, _reason(*row)) for at, row in enumerate(rows))
    reasons = {at: reason for at, reason in found if reason is not None}
    return dict.fromkeys(_naming(texts), NAMES_THE_CHILD) | reasons


def _naming(texts: Mapping[str, pa.DictionaryArray]) -> list[int]:
    """Places of the rows that say a name of their own child where others read it."""
    names = ("surname", "forename", "reason", "decided_by_role")
    rows = zip(*(texts[name].to_pylist() for name in names), strict=True)
    return [
        at
        for at, (surname, forename, *said) in enumerate(rows)
        if _words(surname, forename) & _words(*said)
    ]


def _words(*texts: str | None) -> set[str]:
    words = re.findall(r"\w+", " ".join(text or "" for text in texts).casefold())
    return {word for word in words if len(word) >= NAME_LETTERS_MIN}


def with_legible_texts(rows: pa.Table) -> pa.Table:
    """The corrections as their values land: extended codes rolled up, illegible old texts empty.

    What a return prints and nobody can read has landed as an empty cell: it is corrected as one,
    and a number that strayed in here stays at the door.
    """
    import pyarrow as pa

    items = [
        correctable()[place]
        for place in zip(*(rows.column(name).to_pylist() for name in PLACE), strict=True)
    ]
    for name in ("printed_text", "corrected_text"):
        texts = zip(items, rows.column(name).to_pylist(), strict=True)
        landed = [
            _meant(item, text) if text and _is_value(item, text) else None for item, text in texts
        ]
        at = rows.column_names.index(name)
        rows = rows.set_column(at, name, pa.array(landed, pa.string()))
    return rows


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
        return _meant(item, text) in known.codes[item.codes]
    return re.fullmatch(known.patterns[item.type], text, re.ASCII) is not None


def _meant(item: Element, text: str) -> str:
    """The code of the list that an extended one stands for; any other text as it is."""
    return sen2(PROJECT_ROOT).rolls_up.get(item.codes or "", {}).get(text, text)
