"""XML that means harm, or was damaged on its way: refused with its place and what to do."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

import pytest

from pipelines.errors import InputError
from pipelines.ingest import safe_xml
from pipelines.ingest.sen2 import oddities
from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import DESCRIBED, EXAMPLE, accounted

RAW = EXAMPLE.read_bytes()
TEXT = RAW.decode()
LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 10)
)
MEBIBYTE = 1 << 20


def after_declaration(added: str) -> bytes:
    return TEXT.replace("?>\n", "?>\n" + added, 1).encode()


HOSTILE = {
    "billion laughs": (after_declaration(LAUGHS + "]>"), "DOCTYPE"),
    "external entity": (
        after_declaration('<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace(
            b"Alder", b"&x;"
        ),
        "DOCTYPE",
    ),
    "external DTD": (
        after_declaration('<!DOCTYPE Message SYSTEM "http://x.test/a.dtd">'),
        "DOCTYPE",
    ),
    "empty DOCTYPE": (after_declaration("<!DOCTYPE Message>"), "DOCTYPE"),
    "undefined entity": (RAW.replace(b"Alder", b"&nothing;"), "not well-formed"),
    "unknown elements 10,000 deep": (b"<Message>" + b"<a>" * 10_000, "32 deep"),
    "records 10,000 deep": (b"<Message>" + b"<Person>" * 10_000, "32 deep"),
    "values 10,000 deep": (
        RAW.replace(b"<Surname>", b"<Surname>" + b"<Surname>" * 10_000),
        "32 deep",
    ),
    "a text of 20,001 letters": (RAW.replace(b"Alder", b"x" * 20_001), "more than 20,000 letters"),
    "a tag of 3 MiB": (
        RAW.replace(b"<Sex>", b"<Sex a='" + b"x" * 3 * MEBIBYTE + b"'>"),
        "longer than",
    ),
    "a comment of 3 MiB": (
        RAW.replace(b"<Sex>", b"<!--" + b"x" * 3 * MEBIBYTE + b"--><Sex>"),
        "longer",
    ),
    "a NUL": (RAW.replace(b"Alder", b"Al\0der"), "control character"),
    "a control character": (RAW.replace(b"Alder", b"Al\x01der"), "control character"),
    "a reference to NUL": (RAW.replace(b"Alder", b"&#0;"), "not well-formed"),
    "Windows-1252 said to be UTF-8": (RAW.replace(b"Alder", b"Ald\xe9r"), "encoding"),
    "UTF-8 said to be Latin-1": (
        TEXT.replace("Alder", "Aldér").replace("UTF-8", "ISO-8859-1").encode(),
        "its letters are UTF-8",
    ),
    "UTF-8 said to be UTF-16": (RAW.replace(b"UTF-8", b"UTF-16"), "encoding"),
    "UTF-16 said to be UTF-8": (TEXT.encode("utf-16"), "encoding"),
    "an encoding nobody reads": (RAW.replace(b"UTF-8", b"UTF-7"), "'utf-7' is not read"),
    "an encoding that is none": (RAW.replace(b"UTF-8", b"nonsense"), "'nonsense' is not read"),
    "XML 1.1": (RAW.replace(b'version="1.0"', b'version="1.1"'), "it is XML 1.1"),
    "cut short in a tag": (RAW[:4000], "ends before"),
    "cut short after a tag": (RAW[: RAW.index(b"<Requests>")], "ends before"),
    "nothing": (b"", "ends before"),
    "spaces alone": (b"  \n ", "ends before"),
    "two roots": (RAW + b"<Message/>", "not well-formed"),
    "an attribute twice": (RAW.replace(b"<Sex>", b"<Sex a='1' a='2'>"), "not well-formed"),
    "tags that cross": (RAW.replace(b"</Surname><Forename>", b"<Forename></Surname>"), "not well-"),
    "a bare ampersand": (RAW.replace(b"Alder", b"A & B"), "encoding"),
    "no XML": (b"Surname,Forename\nA,B\n", "not well-formed"),
}


@pytest.mark.parametrize("sort", sorted(HOSTILE))
def test_a_hostile_file_is_refused_with_its_place_and_a_remedy(sort: str) -> None:
    raw, words = HOSTILE[sort]
    before = time.perf_counter()
    with pytest.raises(InputError) as error:
        read_xml(raw, DESCRIBED)
    assert words in error.value.what
    assert error.value.where.startswith("line ")
    assert error.value.remedy
    assert "Alder" not in str(error.value)
    assert time.perf_counter() - before < 5


def test_the_place_is_the_line_of_the_fault() -> None:
    with pytest.raises(InputError) as error:
        read_xml(RAW.replace(b"Alder", b"Al\0der"), DESCRIBED)
    assert error.value.where == "line 24, column 18"


class Endless:
    """A file of one text that is never there all at once."""

    def __init__(self, before: bytes, filling: bytes, size: int) -> None:
        self._parts = self._all(before, filling, size)

    def _all(self, before: bytes, filling: bytes, size: int) -> Iterator[bytes]:
        yield before
        for _ in range(size // len(filling)):
            yield filling

    def read(self, _: int) -> bytes:
        return next(self._parts, b"")


HEAD = RAW[: RAW.index(b"Alder")]


@pytest.mark.parametrize(
    ("before", "filling"),
    [
        (HEAD, b"x" * 65_536),
        (HEAD + b"Alder</Surname><!--", b"x" * 65_536),
        (HEAD + b"Alder</Surname><a b='", b"x" * 65_536),
        (HEAD + b"Alder</Surname>", b"<a>" * 1000),
    ],
    ids=["text", "comment", "attribute", "depth"],
)
def test_100_mb_of_one_thing_are_refused_at_once(before: bytes, filling: bytes) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with pytest.raises(InputError) as error:
        read_xml(Endless(before, filling, 100 * MEBIBYTE), DESCRIBED)  # type: ignore[arg-type]
    assert error.value.remedy
    assert time.perf_counter() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 100 * 1024


PEOPLE = RAW[: RAW.index(b"<Person>")]
IN_PERSON = RAW[: RAW.index(b"<Requests>")]


@pytest.mark.parametrize(
    ("before", "filling", "words"),
    [
        (IN_PERSON, b"<Requests/>", "one record holds more than 2,000 of Requests"),
        (IN_PERSON, b"<Person/>", "one record holds more than 2,000 of Person"),
        (PEOPLE, b"<Requests/>", "more than 200,000 records of Requests cannot be used"),
        (PEOPLE, b"<Person><Sex/><Sex/></Person>", "more than 200,000 records of Person cannot"),
    ],
    ids=["requests", "people-in-people", "requests-without-people", "all-faulty"],
)
def test_millions_of_empty_records_are_refused_early(
    before: bytes, filling: bytes, words: str
) -> None:
    source = Endless(before, filling * (65_536 // len(filling)), 100 * MEBIBYTE)
    started = time.perf_counter()
    with pytest.raises(InputError, match=words) as error:
        read_xml(source, DESCRIBED)  # type: ignore[arg-type]
    assert error.value.remedy
    assert time.perf_counter() - started < 20


def test_more_unknown_elements_than_any_return_has_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(oddities, "ODDITIES_MAX", 1000)
    with pytest.raises(InputError, match="more than 1,000 elements do not belong") as error:
        read_xml(Endless(IN_PERSON, b"<Odd/>" * 500, MEBIBYTE), DESCRIBED)  # type: ignore[arg-type]
    assert error.value.where == "line 26"


def test_ten_thousand_faults_in_one_file_are_all_accounted_for() -> None:
    people = b"<Person><Sex>M</Sex><Sex>F</Sex></Person>" * 10_000
    modules = read_xml(PEOPLE + people + b"</Persons></Message>", DESCRIBED)
    accounted(modules)
    assert len(modules.quarantined["person"]) == 10_000
    assert len({row.reason for row in modules.quarantined["person"]}) == 1


def test_a_file_beyond_the_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "FILE_BYTES_MAX", 5000)
    with pytest.raises(InputError, match="larger than 5,000 bytes") as error:
        read_xml(RAW, DESCRIBED)
    assert error.value.remedy
