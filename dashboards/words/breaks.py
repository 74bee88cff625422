"""Breaks of a series in words: where figures before and after are not on the same basis."""

from __future__ import annotations

from collections.abc import Iterable

# First period after the break, and its reason, as a measure gives them.
Break = tuple[str, str]


def break_marks(breaks: Iterable[Break]) -> list[tuple[str, str]]:
    """What charts.lines marks: the first period after each break, and its year in words."""
    return [(at, at[:4]) for at, _ in breaks]


def break_notes(breaks: Iterable[Break], first: str = "") -> list[str]:
    """A sentence a break for under the chart. first: the first period drawn."""
    return [f"[b] Break at {at[:4]}: {why}" for at, why in breaks if at > first]
