"""Cells of a council's return -> text as modules hold it, and whether a text is of its type.

Nothing is guessed: a date is 2025-09-28 or 28/09/2025, a number may have commas between thousands
and a pound sign, a code may be written with capitals and spaces of its own. What cannot be read
stays as printed, so that it can be named as unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from pipelines.registry.council_returns import (
    NUMBERS,
    CouncilReturns,
    ReturnColumn,
    plain_name,
)

ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?)?")
UK_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?")
THOUSANDS = re.compile(r"£?\s*(-?)£?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
FLAGS = {"1": "1", "0": "0", "yes": "1", "no": "0", "y": "1", "n": "0", "true": "1", "false": "0"}
FIRST_YEAR, LAST_YEAR = 1900, 2199

# What may not stand in a text that leaves the door: numbers and codes by which a child is known.
NAMING = re.compile(
    r"\b[A-Za-z]\d{11}[A-Za-z0-9]\b"  # UPN
    r"|\b\d{10}\b"  # ULN, or a telephone number
    r"|\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}\b"  # postcode
    r"|\S@\S"  # address of a mailbox
)
# Nor a day: with what else a text says, a date of birth is a name.
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t|tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
DAYS = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)\b"  # 11/05/2012
    r"|\b\d{4}[/.-]\d{1,2}[/.-]\d{1,2}(?!\d)"  # 2012-05-11
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s-]*(?:{MONTHS})\b\.?,?[\s-]*(?:\d\d){{1,2}}\b"
    rf"|\b(?:{MONTHS})\.?\s*\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b",  # May 11, 2012
    re.IGNORECASE,
)
LONGEST_TEXT = 500


def changer(column: ReturnColumn, returns: CouncilReturns) -> Callable[[str], str | None]:
    """What turns a printed cell of the column into its text; None for an empty one."""
    if column.type == "date":
        return _date
    if column.type == "boolean":
        return lambda printed: FLAGS.get(printed.strip().lower(), printed.strip()) or None
    if column.type == "code":
        codes = returns.codes[column.codes or ""]
        meant = {plain_name(code): code for code in codes}
        return lambda printed: meant.get(plain_name(printed), printed.strip()) or None
    if column.type in NUMBERS:
        return _number
    if column.type in ("upn", "uln", "urn"):
        return lambda printed: re.sub(r"\s", "", printed).upper() or None
    return lambda printed: " ".join(printed.split()) or None


def tester(column: ReturnColumn, returns: CouncilReturns) -> Callable[[str], bool]:
    """Whether a text, as `changer` gives it, is of the column's type."""
    if column.type == "date":
        return is_date
    if column.type == "boolean":
        return lambda text: text in ("1", "0")
    if column.type == "code":
        return lambda text: text in returns.codes[column.codes or ""]
    if column.type == "year":
        return lambda text: text.isascii() and text.isdigit() and len(text) == len("2026")
    if column.type == "text":
        return bool
    pattern = re.compile(returns.patterns[column.type], re.ASCII)
    return lambda text: pattern.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether a text is a day of our calendar, written 2025-09-28."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2025-09-28") and FIRST_YEAR <= found.year <= LAST_YEAR


def is_too_long(text: str) -> bool:
    """Whether a text is longer than anything that belongs into one cell."""
    return len(text) > LONGEST_TEXT


def names_somebody(text: str) -> bool:
    """Whether a text holds a number, a postcode or a day by which a child could be known."""
    return bears_a_number(text) or DAYS.search(text) is not None


def bears_a_number(text: str) -> bool:
    """As `names_somebody`, for a text that may be a day: a value of an item that is one."""
    return NAMING.search(text) is not None


def _date(printed: str) -> str | None:
    text = printed.strip()
    found = ISO_DATE.fullmatch(text)
    if found:
        return f"{found[1]}-{found[2]}-{found[3]}"
    found = UK_DATE.fullmatch(text)
    if found:
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return text or None


def _number(printed: str) -> str | None:
    text = printed.strip()
    found = THOUSANDS.fullmatch(text)
    if not found:
        return text or None
    return f"{found[1]}{found[2].replace(',', '')}{found[3] or ''}"
