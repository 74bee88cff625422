"""How much memory a file may take on its way in, and what is said where that is not enough.

A file that a hand made, or that was made to harm, must cost its own refusal and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.errors import InputError

# What the desk needs for a small file and beyond that for each byte of text, and what it needs for
# each byte of a very large one: its typed tables, the matching of people, the findings of the
# rules. Measured on censuses of 0.1 to 2 million pupils (98 bytes of text each).
DESK_BYTES = 600_000_000
ENGINE_WANTS_MEMORY = "Out of Memory Error"
DESK_BYTES_PER_BYTE = 5
DESK_BYTES_PER_BYTE_ALONE = 9


def desk_bytes(text_bytes: int) -> int:
    """The memory that the desk's engine may take for a file with so many bytes of text."""
    return max(
        DESK_BYTES + DESK_BYTES_PER_BYTE * text_bytes, DESK_BYTES_PER_BYTE_ALONE * text_bytes
    )


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
        raise _refusal() from None
    except OSError as error:
        # The engine's want of memory, told through the Arrow stream that it was reading into.
        if ENGINE_WANTS_MEMORY in str(error):
            raise _refusal() from None
        raise


def _refusal() -> InputError:
    return InputError(
        "to read it takes more memory than there is, or than a file of its size may take",
        remedy="Look whether it is the right file. If it is, close other programs, or take it in "
        "on a machine with more memory.",
    )
