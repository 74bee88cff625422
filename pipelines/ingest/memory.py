"""How much memory a file may take on its way in, and what is said where that is not enough.

A file that a hand made, or that was made to harm, must cost its own refusal and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.errors import InputError

# What the desk needs for a small file, and for each byte of a large one as text: its typed tables,
# the matching of people, and the findings of the rules.
DESK_BYTES = 600_000_000
DESK_BYTES_PER_BYTE = 5


def desk_bytes(text_bytes: int) -> int:
    """The memory that the desk's engine may take for a file with so many bytes of text."""
    return DESK_BYTES + DESK_BYTES_PER_BYTE * text_bytes


@contextmanager
def enough_memory() -> Iterator[None]:
    """Turn want of memory into a refusal of the file.

    Raises:
        InputError: the work in the block needed more memory than there is, or than it may take.
    """
    import duckdb

    try:
        yield
    except (MemoryError, duckdb.OutOfMemoryException):
        # Not from the error: the engine quotes its statement, and a traceback would be long.
        raise InputError(
            "to read it takes more memory than there is, or than a file of its size may take",
            remedy="Look whether it is the right file. If it is, close other programs, or take it "
            "in on a machine with more memory.",
        ) from None
