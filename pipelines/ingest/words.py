"""Words in messages: numbers of things, and which names may be said at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

SHOWN = 8
NAME_LENGTH = 40


def counted(number: int, noun: str) -> str:
    """'1 row', '2 rows', '13,290 rows'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def is_header(known: int, count: int) -> bool:
    """Whether a line is plainly a header: most of its names are known to what reads it.

    Otherwise the line may be somebody's record, and none of its cells may stand in a message.
    """
    return 2 * known > count


def shown_unless_cells(names: Sequence[str], header: Collection[str]) -> str:
    """Names that a header has besides those known; their number alone where they may be cells."""
    if not is_header(len(header) - len(names), len(header)):
        return counted(len(names), "heading")
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(name[:NAME_LENGTH] for name in names[:SHOWN]) + more
