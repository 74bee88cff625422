"""Bytes of an XML file -> its elements one after the other, or an error; hostile ones are refused.

Expat reads the file in pieces, so that memory does not grow with it. A DOCTYPE is refused, and with
it every entity that a file could define; so are files, texts and tags beyond reason, encodings that
are not declared truly, and whatever is not well formed. What the elements mean is not known here.

Expat and not lxml: lxml tells the line of an element only up to 65,535, and keeps a tree whose size
a hostile file decides.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from mmap import mmap
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple
from xml.parsers import expat

from pipelines.errors import InputError

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

Source = bytes | mmap | BinaryIO | IO[bytes] | Path

# England as a whole writes about 0.5 GB.
FILE_BYTES_MAX = 4 << 30
PIECE_BYTES = 1 << 18
# Longest tag, comment or instruction, counted in bytes: expat reads each anew with every piece.
TAG_BYTES_MAX = 1 << 20
TEXT_LETTERS_MAX = 20_000
DEPTH_MAX = 32
NAME_SHOWN = 40

# It allows other letters than 1.0, the only version that expat knows: it would be misread.
OTHER_VERSION = "1.1"
UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
UTF_16 = frozenset({"utf-16", "utf16", "utf-16le", "utf-16be"})
SINGLE_BYTE = frozenset(
    {"iso-8859-1", "latin-1", "latin1", "iso-8859-15", "windows-1252", "cp1252"}
)

WRITE_AGAIN = "Export the file again from the case-management system, and do not edit it by hand."
AS_UTF_8 = "Export the file again as UTF-8, with encoding='UTF-8' in its first line."
_CODE = expat.errors.codes
ENDS_EARLY = frozenset(
    _CODE[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
ODD_LETTERS = frozenset(
    _CODE[text]
    for text in (
        expat.errors.XML_ERROR_INVALID_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
    )
)


class Handlers(NamedTuple):
    """Who is told of a file, in its order.

    Attributes:
        start: an element begins: its name, its attributes.
        end: an element ends: its name.
        text: letters between two tags; they may come in several pieces.
    """

    start: Callable[[str, dict[str, str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]


def read(source: Source, handlers: Handlers, parser: XMLParserType) -> None:
    """Tell handlers of the whole file; parser is of `new_parser`, whose line they may ask.

    Raises:
        InputError: not well formed, not truly encoded, with a DOCTYPE, or beyond the limits.
    """
    feed = Feed(handlers, parser)
    for piece in pieces(source):
        feed.take(piece)
    feed.end()


class Feed:
    """A file on its way through expat; what another has read of it may be passed over."""

    def __init__(self, handlers: Handlers, parser: XMLParserType) -> None:
        parser.StartElementHandler = handlers.start
        parser.EndElementHandler = handlers.end
        parser.CharacterDataHandler = handlers.text
        self._declared = _Declared(parser)
        parser.XmlDeclHandler = self._declared.take
        parser.StartDoctypeDeclHandler = self._declared.refuse_doctype
        self._parser = parser
        self._size = self._fed = 0
        self._is_in_cdata = False

    def take(self, piece: bytes) -> None:
        """Tell of what comes next.

        Raises:
            InputError: as `read`.
        """
        self._count(piece)
        self._is_in_cdata = _is_in_cdata(piece, before=self._is_in_cdata)
        for part in pieces(piece):
            self._parse(part)
            self._declared.look_at(part)

    def pass_over(self, piece: bytes) -> None:
        """What comes next was read by another: only its lines and columns are counted.

        piece: well-formed by itself, and not begun unless `is_between`.
        """
        self._count(piece)
        last = piece[piece.rfind(b"\n") + 1 :]
        self._parse(b"\n" * piece.count(b"\n") + b" " * len(last.decode()))

    def is_between(self) -> bool:
        """Whether the file is UTF-8, and so far ends with a whole tag or text outside CDATA."""
        is_told = self._parser.CurrentByteIndex == self._fed
        return is_told and self._declared.is_utf_8 and not self._is_in_cdata

    def end(self) -> None:
        """There is no more.

        Raises:
            InputError: as `read`.
        """
        self._parse(b"", is_last=True)
        self._declared.require_truth()

    def _count(self, piece: bytes) -> None:
        if not self._size:
            self._declared.look_at_beginning(piece)
        self._size += len(piece)
        if self._size > FILE_BYTES_MAX:
            raise InputError(
                f"the file is larger than {FILE_BYTES_MAX:,} bytes",
                remedy="Look whether it is the right file.",
            )

    def _parse(self, part: bytes, *, is_last: bool = False) -> None:
        self._fed += len(part)
        try:
            self._parser.Parse(part, is_last)
        except expat.ExpatError as error:
            raise _not_well_formed(error) from error
        _require_short_tag(self._fed, self._parser)


def _is_in_cdata(piece: bytes, *, before: bool) -> bool:
    """Whether a section may still be open; words in a comment that look like one are taken so."""
    begun = piece.rfind(b"<![CDATA[")
    return (before or begun >= 0) and piece.find(b"]]>", max(begun, 0)) < 0


def new_parser() -> XMLParserType:
    """A parser that gives the text between two tags in one piece where it can."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    return parser


def at_line(number: int) -> str:
    """Where in the file, for an error."""
    return f"line {number:,}"


def too_deep(line: int) -> InputError:
    """The error for elements within elements beyond DEPTH_MAX."""
    return InputError(
        f"elements lie more than {DEPTH_MAX} deep in each other",
        where=at_line(line),
        remedy=WRITE_AGAIN,
    )


def with_doctype(line: int) -> InputError:
    """The error for a document type declaration."""
    return InputError(
        "the file has a DOCTYPE, which can make a reader fetch or expand anything",
        where=at_line(line),
        remedy="Remove it at its source: a return has none. " + WRITE_AGAIN,
    )


def too_long(line: int) -> InputError:
    """The error for a text beyond TEXT_LETTERS_MAX."""
    return InputError(
        f"an element holds a text of more than {TEXT_LETTERS_MAX:,} letters",
        where=at_line(line),
        remedy=WRITE_AGAIN,
    )


def pieces(source: Source) -> Iterator[bytes]:
    """The bytes of a file, some at a time."""
    if isinstance(source, Path):
        with source.open("rb") as handle:
            yield from pieces(handle)
    elif isinstance(source, bytes | mmap):
        for start in range(0, len(source), PIECE_BYTES):
            yield source[start : start + PIECE_BYTES]
    else:
        while piece := source.read(PIECE_BYTES):
            yield piece


class _Declared:
    """The first line of the file, and whether what it says of the encoding is true."""

    def __init__(self, parser: XMLParserType) -> None:
        self._parser = parser
        self._encoding = ""
        self._is_two_byte = False
        self._utf_8: codecs.IncrementalDecoder | None = None
        self._has_letters = False

    def take(self, version: str, encoding: str | None, _standalone: int) -> None:
        """The XML declaration; a version or an encoding that is not read here is refused."""
        if version == OTHER_VERSION:
            raise InputError(
                f"it is XML {OTHER_VERSION}; returns are XML 1.0",
                where=at_line(1),
                remedy=WRITE_AGAIN,
            )
        self._encoding = (encoding or "utf-8").lower()
        if self._encoding in SINGLE_BYTE:
            self._utf_8 = codecs.getincrementaldecoder("utf-8")()
        elif self._encoding not in UTF_8 | UTF_16:
            raise InputError(
                f"the encoding '{self._encoding[:NAME_SHOWN]}' is not read",
                where=at_line(1),
                remedy=AS_UTF_8,
            )

    @property
    def is_utf_8(self) -> bool:
        """Whether expat reads it as UTF-8; other names of it are left to expat."""
        return self._encoding in ("", "utf-8") and not self._is_two_byte

    def look_at_beginning(self, piece: bytes) -> None:
        """UTF-16 need not be declared."""
        self._is_two_byte = piece[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        self._is_two_byte |= b"\0" in piece[:4]

    def refuse_doctype(self, *_: object) -> None:
        """No return has a DOCTYPE; those that have one mean harm, or are another thing."""
        raise with_doctype(self._parser.CurrentLineNumber)

    def look_at(self, piece: bytes) -> None:
        """Keep trying to read a file of a single-byte encoding as UTF-8."""
        if self._utf_8 is None or piece.isascii():
            return
        self._has_letters = True
        try:
            self._utf_8.decode(piece)
        except UnicodeDecodeError:
            self._utf_8 = None

    def require_truth(self) -> None:
        """Letters that are whole UTF-8 were never meant in another encoding."""
        if self._utf_8 is not None and self._has_letters:
            raise InputError(
                f"it says that its encoding is {self._encoding}, but its letters are UTF-8: "
                "names would be misread",
                where=at_line(1),
                remedy=AS_UTF_8,
            )


def _require_short_tag(fed: int, parser: XMLParserType) -> None:
    if fed - max(parser.CurrentByteIndex, 0) > TAG_BYTES_MAX + PIECE_BYTES:
        raise InputError(
            f"a tag, comment or instruction is longer than {TAG_BYTES_MAX:,} bytes",
            where=at_line(parser.CurrentLineNumber),
            remedy=WRITE_AGAIN,
        )


def _not_well_formed(error: expat.ExpatError) -> InputError:
    where = f"{at_line(error.lineno)}, column {error.offset + 1:,}"
    if error.code in ENDS_EARLY:
        return InputError(
            "the file ends before its last element does",
            where=where,
            remedy="It was cut short: copy or export it again.",
        )
    if error.code in ODD_LETTERS:
        return InputError(
            "there is a letter that its encoding does not have, or a control character",
            where=where,
            remedy=AS_UTF_8,
        )
    return InputError(
        f"it is not well-formed XML ({expat.ErrorString(error.code)})",
        where=where,
        remedy=WRITE_AGAIN,
    )
