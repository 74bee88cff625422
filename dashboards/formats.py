"""How a number, a change, a date and a symbol are written: the only place that decides it."""

from __future__ import annotations

import calendar
import math
import re
from datetime import date
from typing import Any

# What stands in place of a number, and why. The letters are those of the publishers and of the
# Government Statistical Service.
SYMBOLS: dict[str, str] = {
    "c": "confidential: the number is hidden so that no child can be recognised",
    "x": "not available: not collected, or not returned by the authority",
    "z": "not applicable: the measure makes no sense for this row",
    "low": "above zero, but rounds to zero",
    "p": "provisional: the publisher may still change it",
    "r": "revised: a later release changed the figure; the newest is shown",
    "e": "estimated: worked out from other figures where none was given",
    "f": "forecast: what may come, never what was counted",
    "b": "break: figures before and after are not on the same basis",
    "~": "suppressed by the publisher in older releases",
    ":": "not available in older releases",
}

_AFTER: dict[str, str] = {
    "percent": "%",
    "points": " percentage points",
    "weeks": " weeks",
    "per_1000": " per 1,000",
    "times": " times",
    "fte": " full-time posts",
}
_BEFORE: dict[str, str] = {"pounds": "£"}
_STEP: dict[str, tuple[str, str]] = {
    "percent": (" percentage point", " percentage points"),
    "points": (" percentage point", " percentage points"),
    "weeks": (" week", " weeks"),
    "per_1000": (" per 1,000", " per 1,000"),
    "fte": (" full-time post", " full-time posts"),
}


# A percentage of fewer than this many is not held up as a finding.
SMALL_BASE = 20

# First words of titles and breakdowns that are names, and keep their capital in a sentence.
_NAMES = frozenset({"Asian", "Attainment", "Black", "England", "Welsh", "White"})


def is_number(value: Any) -> bool:
    """Whether a cell holds a number: neither null nor NaN."""
    if value is None or isinstance(value, str):
        return False
    try:
        return not math.isnan(float(value))
    except (TypeError, ValueError):
        return False


def known(value: Any) -> float | None:
    """The number that a cell holds; None where it holds none."""
    return float(value) if is_number(value) else None


def number(value: Any, unit: str, decimals: int, symbol: Any = None) -> str:
    """A value as it is printed: 32.8%, 9,979, 35.7 weeks; or its symbol, [x].

    value, symbol: as a frame gives them, NaN for none.
    unit: of the measure, as its .yml names it.
    """
    if not is_number(value):
        return f"[{symbol}]" if isinstance(symbol, str) and symbol else "no figure"
    return f"{_digits(value, unit, decimals)}{_AFTER.get(unit, '')}"


def places(row: Any, decimals: int) -> int:
    """The decimals that a row of a frame brings with it, otherwise those given."""
    own: Any = getattr(row, "decimals", None)
    return int(own) if is_number(own) else decimals


def _digits(value: Any, unit: str, decimals: int) -> str:
    """'1,234.5', and of money '£1,234' or '-£1,234'."""
    sign = "-" if value < 0 and unit in _BEFORE else ""
    size = abs(value) if sign else value
    return f"{sign}{_BEFORE.get(unit, '')}{size:,.{decimals}f}"


def parts(numerator: float | None, denominator: float | None) -> str:
    """'2,778 of 8,461', or nothing where the two are not both known."""
    if not is_number(numerator) or not is_number(denominator):
        return ""
    return f"{numerator:,.0f} of {denominator:,.0f}"


def is_small(denominator: Any) -> bool:
    """Whether a percentage rests on too few to be a finding; a missing base is not known to."""
    return is_number(denominator) and float(denominator) < SMALL_BASE


def amount(change: float, unit: str, decimals: int) -> str:
    """The size of a change in the measure's own unit: 0.7 percentage points, 971."""
    size = abs(round(change, decimals))
    one, many = _STEP.get(unit, ("", ""))
    return f"{_digits(size, unit, decimals)}{one if size == 1 else many}"


def change_words(change: float | None, unit: str, decimals: int, since: str) -> str:
    """'Up 0.7 percentage points since January 2024'.

    since: label of the period before; without a change the answer says that there is none to state.
    """
    if change is None or not is_number(change):
        return f"No figure for {since} to compare with"
    if round(change, decimals) == 0:
        return f"No change since {since}"
    return f"{'Up' if change > 0 else 'Down'} {amount(change, unit, decimals)} since {since}"


def period_before(period: str) -> str:
    """The same period one year earlier: 2025-01 gives 2024-01."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def period_label(period: str, kind: str) -> str:
    """January 2025 for a stock, 2024 for a flow."""
    return f"January {period[:4]}" if kind == "stock" and period.endswith("-01") else period


def month(period: str) -> str:
    """January 2025 from the period 2025-01."""
    return f"{calendar.month_name[int(period[5:7])]} {period[:4]}"


def day(moment: Any) -> str:
    """22 November 2026 from a date or an ISO text; empty for none; another text as it stands."""
    text = "" if moment is None or moment != moment else str(moment)
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}"


def natural_order(text: str) -> tuple[int, float, str]:
    """A key that puts breakdowns in a reader's order: ages and years by number, unknown last.

    'Age under 3' and 'Less than a year' come before their numbers.
    """
    lower = text.lower()
    if "unknown" in lower or "not recorded" in lower:
        return (1, 0.0, lower)
    found = re.search(r"\d+", lower)
    if "less than" in lower or "under" in lower:
        return (0, -1.0, lower)
    return (0, float(found.group()) if found else 0.0, lower)


def lower_first(text: str) -> str:
    """The text inside a sentence: 'no identified SEN'; names and capitals stay as they are."""
    word = re.split(r"[\s/-]", text, maxsplit=1)[0]
    is_kept = word in _NAMES or word[1:] != word[1:].lower()
    return text if is_kept else text[:1].lower() + text[1:]


def listed(names: list[str]) -> str:
    """'a, b and c'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 row', '2 rows'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
