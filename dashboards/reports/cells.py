"""Cells of the workbook: numbers stay numbers, what is missing has its symbol, nothing runs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards import downloads, formats

# Units in words: of a cell that holds a sign alone a screen reader says nothing.
UNITS = {
    "count": "number",
    "percent": "per cent",
    "points": "percentage points",
    "weeks": "weeks",
    "per_1000": "per 1,000",
    "times": "times",
    "fte": "full-time posts",
    "pounds": "pounds",
    "score": "score",
}
NOTHING = "none"

# The publishers' older signs.
_LETTERS = {"~": "c", ":": "x"}


def number(value: Any, decimals: Any, symbol: Any = None) -> float | int | str:
    """A figure at its decimals, or in square brackets why there is none: [x] if nobody says."""
    if not formats.is_number(value):
        letter = symbol if isinstance(symbol, str) and symbol else "x"
        return f"[{_LETTERS.get(letter, letter)}]"
    places = int(decimals) if formats.is_number(decimals) else 0
    return round(float(value), places) if places else round(float(value))


def text(value: Any, missing: str = NOTHING) -> str:
    """A text that no spreadsheet runs and that is no link and no note.

    missing: in place of one without a letter or a digit.
    """
    plain = downloads.neutral(value).replace("](", "] (").replace("$$", "$ $")
    return plain if any(character.isalnum() for character in plain) else missing


def day(value: Any, missing: str = NOTHING) -> str:
    """'31 December 2026' from a date."""
    return missing if pd.isna(value) else formats.day(value) or missing


def number_format(decimals: Any) -> str:
    """How a spreadsheet prints the figures of a measure: '#,##0.0'."""
    places = int(decimals) if formats.is_number(decimals) else 0
    return f"#,##0.{'0' * places}" if places else "#,##0"


def heading(name: str, unit: str) -> str:
    """'England (per cent)': a column's heading with the unit of its figures."""
    return f"{name} ({UNITS.get(unit, unit)})"


def symbols(frame: pd.DataFrame) -> set[str]:
    """The symbols that stand in the cells of a table, those within a remark too."""
    shown = "\n".join(str(cell) for cell in frame.to_numpy().ravel())
    return {symbol for symbol in formats.SYMBOLS if f"[{symbol}]" in shown}
