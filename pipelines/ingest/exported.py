"""Dates and flags as COLLECT exports them, and as spreadsheets then show them -> as `Modules` does.

For every return that comes out of COLLECT; what a council writes itself has rules of its own
(council/cells.py). What cannot be read stays as printed, so that a rule can say so.
"""

from __future__ import annotations

import re

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NUMBERS = {name: f"{number:02}" for number, name in enumerate(MONTHS, start=1)}
# 2025-Sep-28 00:00:00, as COLLECT exports, and 2025-09-28 00:00:00, as spreadsheets do.
MOMENT = re.compile(
    rf"(\d{{4}})-({'|'.join(MONTHS)}|\d{{2}})-(\d{{2}})(?:[ T](\d{{2}}:\d{{2}}:\d{{2}})(?:\.0+)?)?",
    re.ASCII | re.IGNORECASE,
)
MIDNIGHT = "00:00:00"
FLAGS = {"true": "1", "false": "0"}


def day(text: str) -> str:
    """2025-09-28 for a day in either way, with or without the midnight that begins it."""
    found = MOMENT.fullmatch(text)
    return _day(found) if found and found[4] in (None, MIDNIGHT) else text


def moment(text: str) -> str:
    """2025-09-28T09:30:00 for a day with a time."""
    found = MOMENT.fullmatch(text)
    return f"{_day(found)}T{found[4]}" if found and found[4] else text


def flag(text: str) -> str:
    """1 for true and 0 for false, in whatever case."""
    return FLAGS.get(text.lower(), text)


def _day(found: re.Match[str]) -> str:
    return f"{found[1]}-{MONTH_NUMBERS.get(found[2].title(), found[2])}-{found[3]}"
