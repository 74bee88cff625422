"""Pieces of XML that are read at once: whatever stands in them, the result is that of expat."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2 import xml
from pipelines.ingest.sen2.places import plan_of
from pipelines.ingest.sen2.xml_nesting import NotPlainError
from pipelines.ingest.sen2.xml_pieces import pieces_by_person, with_work_ahead
from pipelines.ingest.sen2.xml_plain import read_plain
from pipelines.ingest.sen2.xml_tags import tags_of
from tests.unit.ingest.sen2.returns import DESCRIBED, EXAMPLE, accounted

# Its comments stand between people; what is left is plain.
RAW = re.sub(rb"\s*<!--.*?-->", b"", EXAMPLE.read_bytes())
START, END = RAW.index(b"<Person>"), RAW.rindex(b"</Person>") + len(b"</Person>")
HEAD, PEOPLE, TAIL = RAW[:START], RAW[START:END], RAW[END:]
RETURN = HEAD + PEOPLE * 3 + TAIL
TAGS = tags_of(plan_of(DESCRIBED))
WHOLE = 1 << 40
# Each holds the longest person, and many fit into the file.
SIZES = (3500, 5000, 9000)


class Trickle(io.BytesIO):
    """A file that is read a little at a time."""

    def read(self, _: int | None = -1) -> bytes:
        return super().read(700)


def outcome(raw: bytes, piece_bytes: int) -> Any:
    """All that a reading says."""
    source = Trickle(raw) if piece_bytes != WHOLE else raw
    try:
        modules = xml.read_xml(source, DESCRIBED, piece_bytes)
    except InputError as error:
        # A text that is too long is found where expat has gathered enough of it.
        is_placed = "a text of more than" not in error.what
        return error.what, error.where if is_placed else "", error.remedy
    accounted(modules)
    tables = {name: table.to_pylist() for name, table in modules.tables.items()}
    # Stray text counts once for each part in which expat gives it.
    stray = any(found.rule == "stray_text" for found in modules.findings)
    others = [found for found in modules.findings if found.rule != "stray_text"]
    return tables, modules.row_counts_in, modules.quarantined, others, stray


def as_by_expat(raw: bytes) -> None:
    told = outcome(raw, WHOLE)
    for size in SIZES:
        assert outcome(raw, size) == told


@pytest.fixture
def plain_pieces(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pieces that are read at once."""
    found: list[bytes] = []
    take = xml._Reader.add_plain

    def note(reader: xml._Reader, records: Any) -> None:
        found.append(b"")
        take(reader, records)

    monkeypatch.setattr(xml._Reader, "add_plain", note)
    return found


LAYOUTS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda raw: raw,
    "in one line": lambda raw: re.sub(rb">\s+<", b"><", raw),
    "each tag in a line": lambda raw: re.sub(rb">\s*<", b">\n\t<", raw),
    "with line ends of two letters": lambda raw: raw.replace(b"\n", b"\r\n"),
    "with empty values": lambda raw: raw.replace(b"<Sex>M</Sex>", b"<Sex/><UPNunknown />"),
    "with references": lambda raw: raw.replace(b"Alder", b"O&apos;Al&#100;er &amp; &#x5A;"),
    "with letters beyond ASCII": lambda raw: raw.replace(b"Alder", "\u00a0Zoë Ø\u2028".encode()),
    "with spaces around values": lambda raw: raw.replace(b"Alder", b" Alder\t"),
    "with an alias": lambda raw: raw.replace(b"PlanRes>", b"PlanRES>"),
    "without a declaration": lambda raw: raw.split(b"?>", 1)[1].strip(),
    "with a mark of UTF-8": lambda raw: b"\xef\xbb\xbf" + raw,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_plain_people_are_read_at_once_and_as_by_expat(
    plain_pieces: list[bytes], layout: str
) -> None:
    raw = LAYOUTS[layout](RETURN)
    told = outcome(raw, WHOLE)
    assert not plain_pieces
    assert outcome(raw, SIZES[0]) == told
    assert len(plain_pieces) >= 5
    as_by_expat(raw)


NOT_PLAIN = {
    "Windows-1252": RETURN.replace(b"UTF-8", b"windows-1252").replace(b"Alder", b"Ald\xe9r"),
    "UTF-16": RETURN.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "another spelling of UTF-8": RETURN.replace(b"UTF-8", b"utf8"),
    "small letters": re.sub(rb"</?\w+>", lambda tag: tag[0].lower(), RETURN),
    "people in a CDATA section": RETURN.replace(b"<Person>", b"<![CDATA[<Person>", 1).replace(
        TAIL, b"]]>" + TAIL
    ),
    "people in a comment": RETURN.replace(b"<Person>", b"<!--<Person>", 1).replace(
        TAIL, b"-->" + TAIL
    ),
    "people outside their list": RETURN.replace(b"<Persons>", b"<Persons/>").replace(
        b"</Persons>", b""
    ),
}


@pytest.mark.parametrize("sort", NOT_PLAIN)
def test_what_is_not_plain_is_read_tag_by_tag(plain_pieces: list[bytes], sort: str) -> None:
    as_by_expat(NOT_PLAIN[sort])
    assert not plain_pieces


@pytest.mark.parametrize("values", [b"<UPN>A</UPN>", b"<Sex/>", b"<Sex>M</Sex>" * 99])
def test_a_file_that_ends_with_values_of_nobody_is_refused_as_by_expat(values: bytes) -> None:
    raw = HEAD + PEOPLE * 3 + values
    assert outcome(raw, WHOLE)[0] == "the file ends before its last element does"
    as_by_expat(raw)


# ---- people that are spoiled --------------------------------------------------------------------

LETTERS = [
    *("&amp;", "&#39;", "&#13;", "&#x1F600;", "&#0;", "&bad;", "&", "<", ">", "]]>"),
    *("\r", "\r\n", "\n", "\t", " ", "\x00", "\x01", "\u00e9", "\u00a0", "\u0085", "\uffff"),
]
MARKUP = [
    *("<!-- c -->", "<!-- </Person>", "-->", "<![CDATA[x]]>", "<![CDATA[</Person>", "<?pi?>"),
    *("<!DOCTYPE x>", "<Sex>M</Sex>", "<Sex/>", "<Sex />", "<Sex >M</Sex>", "<Sex a='1'>M</Sex>"),
    *("<sex>M</sex>", "<m:Sex>M</m:Sex>", "<Odd/>", "<Odd>x</Odd>", "<UPN>A</UPN>", "text"),
    *("<Person>", "</Person>", "<Person/>", "<Person></Person>", "<Persons>", "</Persons>"),
    *("<Requests>", "</Requests>", "<Requests/>", "<SENneed></SENneed>", "<ActivePlans/>"),
]
EDITS = [text.encode() for text in (*LETTERS, *MARKUP)] + [b"\xff", b"\xed\xa0\x80"]
MARKS = [found.start() for found in re.finditer(b"<", RETURN[START:])]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """The return with an insertion, a gap or a repetition or two among its people."""
    raw = RETURN
    for _ in range(draw(st.integers(1, 2))):
        among = st.integers(0, len(raw) - START - 1) | st.sampled_from(MARKS)
        at = START + draw(among)
        length = draw(st.integers(0, 60))
        text = draw(st.sampled_from([*EDITS, raw[at : at + length]]))
        raw = raw[:at] + text + raw[at + draw(st.sampled_from([0, 0, 0, length])) :]
    return raw


@settings(max_examples=50, deadline=None)
@given(spoiled())
def test_spoiled_people_are_read_as_by_expat(raw: bytes) -> None:
    as_by_expat(raw)


@pytest.mark.parametrize("edit", EDITS, ids=[repr(edit) for edit in EDITS])
def test_a_piece_is_plain_only_if_expat_reads_the_same_in_it(edit: bytes) -> None:
    for at in (RETURN.index(b"<Sex>", END), RETURN.index(b"Alder", END), END):
        as_by_expat(RETURN[:at] + edit + RETURN[at:])


def test_a_fault_behind_plain_people_is_told_with_its_line_and_column() -> None:
    spoiled_end = RETURN.replace(TAIL, b"  &bad;" + TAIL)
    lines = spoiled_end[: spoiled_end.index(b"&bad;")].splitlines()
    what, where, _ = outcome(spoiled_end, SIZES[0])
    assert "not well-formed" in what
    assert where == f"line {len(lines)}, column {len(lines[-1]) + 1}"


@pytest.mark.parametrize(
    "piece",
    [
        PEOPLE.replace(b"</Sex>", b"</UPN>", 1),
        PEOPLE.replace(b"<SENtype>", b"<UPN>", 1).replace(b"</SENtype>", b"</UPN>", 1),
        PEOPLE.replace(b"<Assessment>", b"<NamedPlan>", 1),
        PEOPLE.replace(b"<Sex>M</Sex>", b"<Sex>M</Sex><Sex>M</Sex>", 1),
        PEOPLE.replace(b"Alder", b"x" * 20_001),
        PEOPLE.replace(b"<SENneed>", b"<SENneed></SENneed>" * 2001 + b"<SENneed>", 1),
        PEOPLE.removesuffix(b"</Person>"),
        PEOPLE + b" ",
        b"text" + PEOPLE,
        b"",
    ],
    ids=[
        "closed by another",
        "value in another record",
        "record in another record",
        "value twice",
        "long text",
        "thousands in one record",
        "not closed",
        "more behind the last",
        "text before the first",
        "nothing",
    ],
)
def test_a_piece_that_is_not_plain_is_not_read(piece: bytes) -> None:
    assert read_plain(PEOPLE, TAGS, DESCRIBED)["person"].lines.size == 9
    with pytest.raises(NotPlainError):
        read_plain(piece, TAGS, DESCRIBED)


# ---- pieces -------------------------------------------------------------------------------------


def test_pieces_are_the_file_and_end_with_people() -> None:
    pieces = list(pieces_by_person(Trickle(RETURN), b"</Person>", 3500))
    assert b"".join(pieces) == RETURN
    assert len(pieces) > 6
    assert all(piece.endswith(b"</Person>") for piece in pieces[:-1])
    assert pieces[-1] == TAIL


def test_a_file_without_people_is_not_gathered() -> None:
    pieces = list(pieces_by_person(Trickle(b"x" * 100_000), b"</Person>", 3500))
    assert b"".join(pieces) == b"x" * 100_000
    assert max(map(len, pieces)) <= 3500


def test_of_one_piece_no_work_is_begun() -> None:
    items: Iterator[bytes] = iter([b"all"])
    assert list(with_work_ahead(items, len)) == [(b"all", None)]


def test_a_fault_in_the_work_ahead_reaches_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_memory(*_: object) -> Modules:
        raise MemoryError

    monkeypatch.setattr(xml, "read_plain", without_memory)
    with pytest.raises(MemoryError):
        xml.read_xml(Trickle(RETURN), DESCRIBED, 3500)
