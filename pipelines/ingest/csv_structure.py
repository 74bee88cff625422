"""Whether the bytes of a CSV file are as regular as a quick reader needs them; nothing is read.

What is not is read record by record, by strict_csv.py.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

QUOTE, COMMA, NEWLINE, RETURN = 34, 44, 10, 13
# The structural scan looks at so many bytes at a time: it needs several times as much memory.
SCAN_BYTES = 1 << 18


def is_utf8(body: bytes) -> bool:
    """Whether it decodes; piece by piece, so that no second copy of a large file is made."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(body), SCAN_BYTES):
            decoder.decode(body[start : start + SCAN_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def is_regular(body: bytes, start: int, width: int) -> bool:
    """Whether every line after the header is one record, and quotes enclose whole fields.

    How many fields a record has, and whether a line is blank, is seen when it is read.
    """
    # In a file of one column a blank line does not show by its width.
    has_return = b"\r" in body
    if width == 1 or b"\0" in body or (has_return and body.count(b"\r") != body.count(b"\r\n")):
        return False
    while start < len(body):
        # A block ends with a line: a quoted field that goes on in the next makes it irregular.
        end = body.find(b"\n", start + SCAN_BYTES) + 1 or len(body)
        if body.find(b'"', start, end) >= 0 and not _are_quotes_regular(body, start, end):
            return False
        start = end
    return True


def _are_quotes_regular(body: bytes, start: int, end: int) -> bool:
    """Whether the quotes of a block enclose whole fields, each within its line."""
    import numpy as np

    text = np.frombuffer(body, np.uint8, end - start, start)
    quotes = np.flatnonzero(text == QUOTE)
    if quotes.size % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    before = text[opening - 1]
    after = text[np.minimum(closing + 1, text.size - 1)]
    # What stands around the block is as good as a line's end.
    before[opening == 0] = NEWLINE
    after[closing + 1 == text.size] = NEWLINE
    if not _all_of(before, (COMMA, NEWLINE, QUOTE)) or not _all_of(
        after, (COMMA, NEWLINE, RETURN, QUOTE)
    ):
        return False
    # A line that ends within quotes has an odd number of them before it.
    ends = np.flatnonzero(text == NEWLINE)
    return not bool((np.searchsorted(quotes, ends) & 1).any())


def _all_of(letters: np.ndarray, allowed: Sequence[int]) -> bool:
    """Whether there is no other letter than those."""
    import numpy as np

    table = np.zeros(256, np.bool_)
    table[list(allowed)] = True
    return bool(table[letters].all())
