"""Whole people of a return at once: a piece of its XML read by its columns, if it is quite plain.

Plain means: no tags but those that the description spells so, each record in its place, no value
twice, no text outside the values. Of such a piece all tags together are shown to be well-formed and
nested, in a tenth of the time that it takes tag by tag. What is not plain is not judged here:
xml.py reads it with expat, which says what is wrong, or reads what is merely unusual.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.ingest.columns import mapped
from pipelines.ingest.safe_xml import TEXT_LETTERS_MAX
from pipelines.ingest.sen2.places import KEYS
from pipelines.ingest.sen2.rows import PlainRecords
from pipelines.ingest.sen2.tidy import Form, tidied
from pipelines.ingest.sen2.xml_nesting import Nesting, NotPlainError, nesting_of, require
from pipelines.ingest.sen2.xml_tags import Tags

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from pipelines.registry.sen2 import Element, Sen2

# '<' and '>' differ in this bit alone.
OPENS, CLOSES, EITHER = 0x3C, 0x3E, 0x02
LINE_END, LEAST_LETTER = 0x0A, 0x20
SPACE = b" \t\r\n"
# Well-formed as UTF-8, and yet no letters of XML.
NO_LETTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
REFERENCE = re.compile(
    r"&(?:(?P<name>amp|lt|gt|quot|apos)|#(?P<decimal>\d{1,7})|#x(?P<hexadecimal>[\da-fA-F]{1,6}));|&",
    re.ASCII,
)
# What a number may stand for in XML 1.0.
LOW_LETTERS = (0x09, 0x0A, 0x0D)
LETTERS = (range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))


@dataclass(frozen=True)
class _Cut:
    """A piece between its marks.

    Attributes:
        strings: tag, text after it, tag, text and so on; the last text is ''.
        starts: where each tag starts.
        tags: number of each tag in Tags.spelled.
        is_written_oddly: whether it has references, or line ends of two letters.
    """

    strings: pa.Array
    starts: np.ndarray
    tags: np.ndarray
    is_written_oddly: bool


def read_plain(piece: bytes, tags: Tags, described: Sen2) -> dict[str, PlainRecords]:
    """The records of a piece that begins and ends between two people.

    Raises:
        NotPlainError: it is not plain.
    """
    import numpy as np

    lines = np.flatnonzero(np.frombuffer(piece, np.uint8) == LINE_END)
    _require_letters(piece, lines.size)
    cut = _cut(piece, tags)
    _require_spaces_between(cut, tags)
    nesting = nesting_of(cut.tags, tags)
    columns = _columns(cut, nesting, tags, described)
    return {
        module: PlainRecords(
            nesting.parents_of(number),
            np.searchsorted(lines, cut.starts[nesting.at[nesting.opened[number]]]),
            columns[module],
        )
        for number, module in enumerate(tags.modules)
    }


# ---- letters and marks --------------------------------------------------------------------------


def _require_letters(piece: bytes, line_ends: int) -> None:
    """UTF-8, no letter that XML forbids, and line ends that are counted as expat counts them."""
    import numpy as np

    if not piece.isascii():
        try:
            piece.decode()
        except UnicodeDecodeError:
            raise NotPlainError from None
        require(not any(letter in piece for letter in NO_LETTERS))
    low = np.count_nonzero(np.frombuffer(piece, np.uint8) < LEAST_LETTER)
    if low != line_ends:
        returns = piece.count(b"\r\n")
        require(low == line_ends + returns + piece.count(b"\t"))
        require(piece.count(b"\r") == returns)


def _cut(piece: bytes, tags: Tags) -> _Cut:
    """Tags and texts by turns, all tags known; nothing is copied."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    letters = np.frombuffer(piece, np.uint8)
    marks = np.flatnonzero((letters | EITHER) == CLOSES)
    require(marks.size and marks.size % 2 == 0)
    require((letters[marks[::2]] == OPENS).all() and (letters[marks[1::2]] == CLOSES).all())
    require(not piece[: marks[0]].strip(SPACE) and marks[-1] == len(piece) - 1)
    bounds = np.empty(marks.size + 1, np.int32)
    bounds[:-1] = marks
    bounds[1::2] += 1
    bounds[-1] = len(piece)
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(piece)]
    strings = pa.Array.from_buffers(pa.binary(), marks.size, buffers)
    found = pc.index_in(strings, value_set=tags.spelled)
    # No text is a tag, for it has no '<': so many nulls say that every tag is known.
    require(found.null_count == marks.size // 2)
    numbers = np.frombuffer(found.buffers()[1], np.int32)[::2]
    is_odd = b"&" in piece or b"\r" in piece
    return _Cut(strings.view(pa.string()), marks[::2], numbers, is_odd)


def _require_spaces_between(cut: _Cut, tags: Tags) -> None:
    """No text but in values, and none of those too long."""
    import numpy as np

    is_value = cut.tags < tags.value_count
    bounds = np.frombuffer(cut.strings.buffers()[1], np.int32)
    lengths = np.diff(bounds)[1::2]
    require(not _letters_of(cut, np.flatnonzero((lengths > 0) & ~is_value)))
    require((lengths[is_value] <= TEXT_LETTERS_MAX).all())


def _letters_of(cut: _Cut, places: np.ndarray) -> bytes:
    """The texts after some tags, one after the other, without spaces."""
    import pyarrow as pa

    if not places.size:
        return b""
    taken = cut.strings.take(pa.array(places * 2 + 1))
    letters: bytes = taken.buffers()[2].to_pybytes()
    return letters.translate(None, SPACE)


# ---- values -------------------------------------------------------------------------------------


def _columns(
    cut: _Cut, nesting: Nesting, tags: Tags, described: Sen2
) -> dict[str, tuple[pa.Array | None, ...]]:
    """The elements of each module."""
    import numpy as np

    values = _values(cut, tags)
    owners = nesting.inner[np.searchsorted(nesting.at, values) - 1]
    require(not values.size or (values[0] > nesting.at[0] and owners.min() >= 0))
    records = nesting.record[owners]
    cells = tags.cells[records, cut.tags[values] % tags.value_count]
    require(cells.all())
    slots = tags.slots[records] + cells
    order = np.argsort(slots, kind="stable")
    slots, rows = slots[order], nesting.rank[owners][order]
    require(((np.diff(slots) > 0) | (np.diff(rows) > 0)).all())
    is_written = cut.tags[values] < tags.value_count
    texts = np.where(is_written, values * 2 + 1, len(cut.strings) - 1)[order]
    bounds = np.searchsorted(slots, np.arange(tags.slots[-1] + 1))
    found = {}
    for number, module in enumerate(tags.modules):
        count = nesting.opened[number].size
        first = tags.slots[number] + KEYS
        columns = []
        for slot, item in enumerate(described.modules[module].elements, start=first):
            mine = slice(bounds[slot], bounds[slot + 1])
            columns.append(_column(cut, texts[mine], rows[mine], count, item))
        found[module] = tuple(columns)
    return found


def _values(cut: _Cut, tags: Tags) -> np.ndarray:
    """The tags that open a value or are an empty one; each that opens is closed by the next."""
    import numpy as np

    require(cut.tags[-1] >= tags.first_record_tag)
    way = cut.tags // tags.value_count
    opened = np.flatnonzero(way == 0)
    require(np.count_nonzero(way == 1) == opened.size)
    require((cut.tags[opened + 1] == cut.tags[opened] + tags.value_count).all())
    return np.flatnonzero((way != 1) & (cut.tags < tags.first_record_tag))


def _column(
    cut: _Cut, texts: np.ndarray, rows: np.ndarray, count: int, item: Element
) -> pa.Array | None:
    """One element of the records of a module; None where it has no value at all."""
    import numpy as np
    import pyarrow as pa

    if not texts.size:
        return None
    places = np.full(count, len(cut.strings) - 1)
    places[rows] = texts
    taken = cut.strings.take(pa.array(places))
    return tidied(_resolved(taken) if cut.is_written_oddly else taken, item, Form.XML)


def _resolved(texts: pa.Array) -> pa.Array:
    """With letters in place of the references to them; line ends of two letters are for expat."""
    import pyarrow as pa
    import pyarrow.compute as pc

    require(not pc.any(pc.match_substring(texts, "\r")).as_py())
    if not pc.any(pc.match_substring(texts, "&")).as_py():
        return texts
    return mapped(texts, lambda text: REFERENCE.sub(_letter, text)).cast(pa.string())


def _letter(found: re.Match[str]) -> str:
    """What a reference stands for; entities that a file could define are not plain."""
    if found["name"]:
        return NAMED[found["name"]]
    require(found["decimal"] or found["hexadecimal"])
    code = int(found["decimal"] or "0") or int(found["hexadecimal"] or "0", 16)
    require(code in LOW_LETTERS or any(code in letters for letters in LETTERS))
    return chr(code)
