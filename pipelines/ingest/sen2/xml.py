"""The XML of a return -> `Modules`, in one pass and in memory that does not grow with the tags.

Pieces of many people that are quite plain are read at once (xml_plain.py), all others tag by tag,
and the result is the same.
Elements are known by their place (places.py). An element that has no place is told of once, with
its first line and how often it stands there; a record that has none is counted and put aside. The
numbers of rows are the lines of the file.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import safe_xml
from pipelines.ingest.sen2.assemble import Head, Records, assemble, require_few
from pipelines.ingest.sen2.oddities import Oddities
from pipelines.ingest.sen2.places import KEYS, Place, plan_of
from pipelines.ingest.sen2.rows import PlainRecords, Rows
from pipelines.ingest.sen2.xml_nesting import NotPlainError
from pipelines.ingest.sen2.xml_pieces import pieces_by_person, with_work_ahead
from pipelines.ingest.sen2.xml_plain import read_plain
from pipelines.ingest.sen2.xml_tags import tags_of

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

    from pipelines.ingest.modules import Modules
    from pipelines.registry.sen2 import Sen2

FORM = "xml"
# Large enough that what is done once a piece does not count, small enough to stay in the cache.
PIECE_BYTES = 1 << 21
UNKNOWN = Place("an unknown element", is_unknown=True)
Row = list[Any]
Now = tuple[int, Row, Callable[[str], int | Place | None]]


def read_xml(source: safe_xml.Source, described: Sen2, piece_bytes: int = PIECE_BYTES) -> Modules:
    """The whole return; a file of half a million people takes a few hundred MB.

    piece_bytes: size of the pieces that are read at once where they are plain.

    Raises:
        InputError: no well-formed XML, a hostile one, or one whose root is not a return's.
    """
    parser = safe_xml.new_parser()
    reader = _Reader(described, parser)
    with _without_collector():
        _read_pieces(source, reader, safe_xml.Feed(_handlers(reader), parser), piece_bytes)
    found = {
        name: Records(reader.rows.table(name), reader.faults.get(name, {}))
        for name in described.modules
    }
    head = Head(
        reader.counts[described.modules[described.top].element], reader.counts[described.container]
    )
    return assemble(FORM, found, head, reader.oddities.findings(), described)


def _read_pieces(
    source: safe_xml.Source, reader: _Reader, feed: safe_xml.Feed, piece_bytes: int
) -> None:
    """All of a file: plain pieces between two people at once, the others tag by tag."""
    pieces = pieces_by_person(source, reader.person_end, piece_bytes)
    with closing(with_work_ahead(pieces, reader.read_plain)) as ahead:
        for piece, begun in ahead:
            is_open = begun is not None and reader.is_among_people() and feed.is_between()
            plain = begun.result() if begun is not None and is_open else None
            if plain is None:
                feed.take(piece)
            else:
                reader.add_plain(plain)
                feed.pass_over(piece)
    feed.end()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of rows come and go here, none in a circle: looking for circles costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _handlers(reader: _Reader) -> safe_xml.Handlers:
    """What is called for every tag and text: tens of millions of times, so closures and no more.

    cell is the value that is open (0: none), row the record's cells, get what may stand here.
    """
    cell, row, get = reader.now()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell, row, get
        inner = get(name)
        if isinstance(inner, int) and not cell and not attributes and row[inner] is None:
            row[inner] = ""
            cell = inner
        else:
            cell, row, get = reader.open(name, attributes, inner, cell)

    def end(_: str) -> None:
        nonlocal cell, row, get
        if cell:
            cell = 0
        else:
            cell, row, get = reader.close()

    def text(letters: str) -> None:
        if cell and not row[cell]:
            row[cell] = letters
        elif cell or not letters.isspace():
            reader.odd_text(letters, cell)

    return safe_xml.Handlers(start, end, text)


class _Reader:
    """What is known while the file goes by: the place, its row, and what was around them.

    Attributes:
        rows: the records that are complete.
        faults: why a record cannot be used, by module and number.
        counts: how often the header and the list of people stand in the root.
        oddities: what the return does not have, or not there.
    """

    def __init__(self, described: Sen2, parser: XMLParserType) -> None:
        self._plan = plan_of(described)
        self._parser = parser
        self._place = self._plan.document
        self._row: Row = [None] * KEYS
        self._stack: list[tuple[Place, Row, int]] = []
        self.rows = Rows(described)
        self.faults: dict[str, dict[int, str]] = {}
        top = self._plan.records[described.top].name
        self.counts = dict.fromkeys((top, described.container), 0)
        self.oddities = Oddities()
        self._described = described
        self._tags = tags_of(self._plan)
        people = self._plan.records[described.children(described.top)[0]]
        self.person_end = f"</{people.name}>".encode()

    # ---- pieces that are plain ---------------------------------------------------------------

    def read_plain(self, piece: bytes) -> dict[str, PlainRecords] | None:
        """The records of a piece, if it is plain; may be asked in any thread."""
        try:
            return read_plain(piece, self._tags, self._described)
        except NotPlainError:
            return None

    def is_among_people(self) -> bool:
        """Whether the next that may come is a person."""
        return self._place is self._plan.container

    def add_plain(self, found: dict[str, PlainRecords]) -> None:
        """The records of the piece that comes next."""
        self.rows.add_plain(found, self._line)

    # ---- tag by tag --------------------------------------------------------------------------

    def now(self, cell: int = 0) -> Now:
        """The value that is open, the row, and what may stand in the place."""
        return cell, self._row, self._place.known.get

    def open(
        self, name: str, attributes: dict[str, str], inner: int | Place | None, cell: int
    ) -> Now:
        """Something begins that is no plain value; cell is the value that it stands in."""
        if attributes:
            self.oddities.attributes(attributes, self._line)
        if cell:
            self._fault(f"{self._value_name(cell)} holds another element")
            return self._enter(UNKNOWN, cell)
        found = inner or self._resolve(name)
        if isinstance(found, Place):
            return self._enter(found, cell)
        if self._row[found] is not None:
            self._fault(f"{self._value_name(found)} stands in it more than once")
        self._row[found] = ""
        return self.now(found)

    def close(self) -> Now:
        """The place ends; a row that it began is complete."""
        module = self._place.module
        if module is not None:
            self.rows.add(module, self._row)
        self._place, self._row, cell = self._stack.pop()
        return cell, self._row, self._place.known.get

    def odd_text(self, letters: str, cell: int) -> None:
        """A further piece of a value, or text that is in none."""
        if not cell:
            # In an unknown element it is part of it.
            if not self._place.is_unknown:
                self.oddities.stray_text(self._place.name, self._line)
            return
        held = self._row[cell] + letters
        if len(held) > safe_xml.TEXT_LETTERS_MAX:
            raise safe_xml.too_long(self._line)
        self._row[cell] = held

    # ---- places ------------------------------------------------------------------------------

    def _enter(self, place: Place, cell: int) -> Now:
        """Go into a place; one of a module begins a row."""
        if len(self._stack) >= safe_xml.DEPTH_MAX:
            raise safe_xml.too_deep(self._line)
        self._stack.append((self._place, self._row, cell))
        if place.module is None:
            self._count(place)
        else:
            self._begin_row(place, place.module)
        self._place = place
        return 0, self._row, place.known.get

    def _begin_row(self, place: Place, module: str) -> None:
        parent = None if self._place.module is None else self._row[0]
        if module == self._plan.top:
            self._count(place)
        self._row = [self.rows.next_number(module), parent, self._parser.CurrentLineNumber]
        self._row.extend(place.blank)

    def _count(self, place: Place) -> None:
        """Headers and lists of people, where they stand in the root."""
        if self._place is self._plan.root and place.name in self.counts:
            self.counts[place.name] += 1

    def _resolve(self, name: str) -> int | Place:
        """What a name means here that is not known here as it is spelled."""
        bare = name.rpartition(":")[2]
        if bare != name:
            self.oddities.namespace(self._line)
        inner = self._place.folded.get(bare.lower())
        if inner is None:
            return self._without_place(bare)
        if bare == name:
            self._place.known[name] = inner
        return inner

    def _without_place(self, name: str) -> Place:
        """An element that does not belong here: a record is counted, a value is told of."""
        if self._place is self._plan.document:
            raise _no_return(name, self._plan.root.name, self._line)
        record = self._plan.by_name.get(name.lower())
        if record is not None:
            self.oddities.misplaced(record.name, self._place.name, self._line)
            self._misplace(record)
            return record
        if not self._place.is_unknown:
            is_known = name.lower() in self._plan.values
            self.oddities.element(name, self._place.name, self._line, is_known=is_known)
        return UNKNOWN

    def _misplace(self, record: Place) -> None:
        """The record that is about to begin has no place."""
        module = str(record.module)
        number = self.rows.last_number(module) + 1
        reason = f"{record.name} does not belong in {self._place.name}"
        self._put_aside(module, number, reason)

    def _put_aside(self, module: str, number: int, reason: str) -> None:
        """A record cannot be used; the first reason is kept."""
        faults = self.faults.setdefault(module, {})
        faults.setdefault(number, reason)
        require_few(faults, self._plan.records[module].name)

    # ---- what is odd -------------------------------------------------------------------------

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _fault(self, reason: str) -> None:
        """The record that is open cannot be used."""
        module = next(
            place.module
            for place in (self._place, *(place for place, *_ in reversed(self._stack)))
            if place.module is not None
        )
        self._put_aside(module, self._row[0], reason)

    def _value_name(self, cell: int) -> str:
        return next(name for name, inner in self._place.known.items() if inner == cell)


def _no_return(name: str, root: str, line: int) -> InputError:
    return InputError(
        f"the root of the file is '{name[: safe_xml.NAME_SHOWN]}', not '{root}'",
        where=safe_xml.at_line(line),
        remedy="Look whether it is a SEN2 return; export it again as XML for COLLECT.",
    )
