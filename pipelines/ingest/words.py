"""Numbers of things as a reader says them: 1 row, 2 rows."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """'1 row', '2 rows', '13,290 rows'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
