"""Where periods and events stand along a line of time, in years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def place(period: Any) -> float:
    """A period or day in years: a month in its middle, a year and twelve months in theirs."""
    year, _, rest = str(period).partition("-")
    if not rest:
        return int(year) + 0.5
    month = int(rest.removeprefix("R12-")[:2])
    return int(year) + (month / 12 - 0.5 if rest.startswith("R12-") else (month - 0.5) / 12)


def span(periods: Sequence[Any]) -> tuple[float, float]:
    """From the first moment of the earliest period to the last of the latest; nothing for none."""
    ends = [(place(period), _half(period)) for period in periods]
    if not ends:
        return 0.0, 0.0
    return min(at - half for at, half in ends), max(at + half for at, half in ends)


def _half(period: Any) -> float:
    """Half of a period's length: of a month, or of a year and of twelve months."""
    rest = str(period).partition("-")[2]
    return 0.5 / 12 if rest and not rest.startswith("R12-") else 0.5
