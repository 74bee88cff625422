"""XML made to harm or to mislead: what is refused, and what must be read as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.hostile.outcome import (
    Landed,
    Outcome,
    assert_promises,
    landed_rows,
    through,
)
from tests.hostile.returns import HEADER, PERSON, cells_of, sen2_xml, with_doctype

Attack = Callable[..., Outcome]
Soundly = Callable[[bytes | str], Landed]
MEGABYTE = 1_000_000
PEOPLE = 3

# ---- document types ----------------------------------------------------------------------------

LAUGHS = "\n".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
DOCTYPES = {
    "bare": "<!DOCTYPE Message>",
    "lower case": "<!doctype Message>",
    "internal entity": '<!DOCTYPE Message [<!ENTITY a "b">]>',
    "billion laughs": f'<!DOCTYPE Message [<!ENTITY l0 "ha">\n{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE Message [<!ENTITY a "{"a" * 100_000}">]>',
    "external file": '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "external address": '<!DOCTYPE Message [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "external subset": '<!DOCTYPE Message SYSTEM "file:///etc/passwd">',
    "parameter entity": '<!DOCTYPE Message [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "attribute list": "<!DOCTYPE Message [<!ATTLIST Person a CDATA 'b'>]>",
    "after a comment": "<!-- a -->\n<!DOCTYPE Message>",
    "after much white space": " " * 70_000 + "<!DOCTYPE Message>",
    "after a long comment": f"<!--{'a' * 70_000}-->" + "<!DOCTYPE Message>",
    "cut in its middle": "<!DOCTYPE Message [<!ENTITY a ",
}
USES = {
    "billion laughs": "&l9;",
    "quadratic": "&a;" * 100_000,
    "external file": "&x;",
    "external address": "&x;",
}


# No document type, or one that begins beyond what a kind of file is told by: refused all the same.
NOT_SEEN_AS_SUCH = {
    "lower case",
    "cut in its middle",
    "after much white space",
    "after a long comment",
}


def attacked_by(name: str) -> str:
    text = with_doctype(DOCTYPES[name])
    use = USES.get(name)
    return text.replace(cells_of(1)["surname"], use) if use else text


@pytest.mark.parametrize("name", DOCTYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(
    attack: Attack, workspace: Settings, name: str, encoding: str
) -> None:
    text = attacked_by(name).replace('encoding="UTF-8"', f'encoding="{encoding}"')
    outcome = attack(text.encode(encoding), "return.xml")
    assert not outcome.is_landed
    assert "root:" not in outcome.words
    assert not list(workspace.landing.glob("*/*.parquet"))
    if encoding == "utf-8" and name not in NOT_SEEN_AS_SUCH:
        assert "DOCTYPE" in outcome.words


@pytest.mark.parametrize("name", ["billion laughs", "quadratic"])
def test_entities_do_not_expand(besieged: Attack, name: str) -> None:
    outcome = besieged(attacked_by(name), "bomb.xml")
    assert not outcome.is_landed


def test_the_words_of_a_doctype_in_a_cell_or_comment_are_no_doctype(attack: Attack) -> None:
    text = sen2_xml().replace("<Persons>", "<Persons><!-- <!DOCTYPE is not allowed -->")
    assert attack(text, "return.xml").is_landed


INCLUDES = {
    "XInclude": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"'
    ' parse="text"/>',
    "style sheet": '<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>',
    "schema": '<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="file:///etc/passwd"/>',
    "unknown entity": "&nosuch;",
}


@pytest.mark.parametrize("name", INCLUDES)
def test_nothing_outside_the_file_is_read(attack: Attack, workspace: Settings, name: str) -> None:
    surname = f"<Surname>{cells_of(1)['surname']}"
    outcome = attack(sen2_xml().replace(surname, surname + INCLUDES[name]), "return.xml")
    assert "root:" not in outcome.words
    assert "root:x" not in str(landed_rows(workspace))


# ---- size and depth ----------------------------------------------------------------------------


def deep(levels: int) -> str:
    return sen2_xml().replace("<Persons>", "<Persons>" + "<Person>" * levels)


def inside(text: str) -> str:
    return sen2_xml().replace(cells_of(1)["surname"], text)


def many(pattern: str) -> str:
    return "".join(pattern.format(number) for number in range(200_000))


EXHAUSTING: dict[str, Callable[[], str]] = {
    "depth 300": lambda: deep(300),
    "depth 100,000": lambda: deep(100_000),
    "depth 1,000,000": lambda: deep(1_000_000),
    "a text of 50 MB": lambda: inside("A" * 50 * MEGABYTE),
    "a comment of 50 MB": lambda: inside(f"<!--{'A' * 50 * MEGABYTE}-->"),
    "a CDATA section of 50 MB": lambda: inside(f"<![CDATA[{'A' * 50 * MEGABYTE}]]>"),
    "an instruction of 50 MB": lambda: inside(f"<?x {'A' * 50 * MEGABYTE}?>"),
    "white space of 50 MB": lambda: sen2_xml().replace("<Persons>", "<Persons>" + " " * 50_000_000),
    "an attribute of 50 MB": lambda: inside(f"<b a='{'A' * 50 * MEGABYTE}'/>"),
    "a name of 5 MB": lambda: inside(f"<{'a' * 5 * MEGABYTE}/>"),
    "200,000 attributes": lambda: inside("<b" + many(" a{}=''") + "/>"),
    "200,000 namespaces": lambda: inside("<b" + many(" xmlns:a{}='u'") + "/>"),
    "200,000 different unknown elements": lambda: inside(many("<e{}/>")),
    "a million empty persons": lambda: sen2_xml().replace(
        "<Persons>", "<Persons>" + "<Person/>" * 1_000_000
    ),
    "a million empty needs in one plan": lambda: sen2_xml().replace(
        "<SENneed>", "<SENneed/>" * 1_000_000 + "<SENneed>", 1
    ),
    "a million comments": lambda: sen2_xml().replace("<Persons>", "<Persons>" + "<!---->" * 10**6),
}


@pytest.mark.parametrize("name", EXHAUSTING)
def test_size_and_depth_are_bounded(besieged: Attack, name: str) -> None:
    outcome = besieged(EXHAUSTING[name](), "large.xml")
    if "depth" in name:
        assert not outcome.is_landed


# ---- encodings ---------------------------------------------------------------------------------

NAME = "MARKEDSURNAME1X\u00c9"


def accented(declared: str, encoding: str) -> bytes:
    """The return with an accent in a name, declared as one encoding and written in another."""
    text = sen2_xml().replace("MARKEDSURNAME1X", NAME)
    return text.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)


READ = {
    "UTF-8 with a mark": accented("UTF-8", "utf-8-sig"),
    "UTF-16 with a mark": accented("UTF-16", "utf-16"),
    "UTF-16BE with a mark": b"\xfe\xff" + accented("UTF-16", "utf-16-be"),
    "Windows-1252": accented("windows-1252", "cp1252"),
    "Latin-1": accented("ISO-8859-1", "latin-1"),
    "UTF-8 without a declaration": accented("UTF-8", "utf-8").split(b"?>", 1)[1].strip(),
}
REFUSED = {
    "Windows-1252 declared as UTF-8": accented("UTF-8", "cp1252"),
    "UTF-8 declared as UTF-16": accented("UTF-16", "utf-8"),
    "UTF-16 declared as UTF-8": accented("UTF-8", "utf-16-le"),
    "an encoding that does not exist": accented("x-nonsense", "utf-8"),
    "UTF-7": accented("UTF-7", "utf-7"),
    "UTF-32": accented("UTF-32", "utf-32"),
    "EBCDIC": accented("IBM037", "cp037"),
    "a NUL": sen2_xml().replace("MARKEDSURNAME1X", "MARKED\0SURNAME1X").encode(),
    "a NUL as a reference": sen2_xml().replace("MARKEDSURNAME1X", "MARKED&#0;X").encode(),
    "a bell": sen2_xml().replace("MARKEDSURNAME1X", "MARKED\x07X").encode(),
    "half a surrogate": sen2_xml().replace("MARKEDSURNAME1X", "&#xD800;").encode(),
    "an overlong slash": sen2_xml().encode().replace(b"MARKEDSURNAME1X", b"\xc0\xaf"),
    "XML 1.1": sen2_xml().replace('version="1.0"', 'version="1.1"').encode(),
}


@pytest.mark.parametrize("name", READ)
def test_an_honest_encoding_is_read_as_it_is_meant(
    attack: Attack, workspace: Settings, landed_soundly: Soundly, name: str
) -> None:
    outcome = attack(READ[name], "return.xml")
    assert outcome.is_landed, outcome.words
    assert landed_rows(workspace) == landed_soundly(accented("UTF-8", "utf-8")).rows


@pytest.mark.parametrize("name", REFUSED)
def test_a_false_encoding_or_character_is_refused(
    attack: Attack, workspace: Settings, name: str
) -> None:
    outcome = attack(REFUSED[name], "return.xml")
    assert not outcome.is_landed
    assert not list(workspace.landing.glob("*/*.parquet"))


# ---- cut short, spoiled ------------------------------------------------------------------------


def test_a_return_that_was_cut_short_lands_nothing(workspace: Settings, tmp_path: Path) -> None:
    raw = sen2_xml().encode()
    end = raw.rindex(b"</Message>") + len(b"</Message>") - 1
    path = tmp_path / "cut.xml"
    for size in (*range(0, end, len(raw) // 25), end - 11, end):
        path.write_bytes(raw[:size])
        outcome = through([path], workspace)
        assert_promises(outcome, workspace.workspace)
        assert not outcome.is_landed, size
    assert not list(workspace.landing.glob("*/*.parquet"))


BODY = PERSON.format(**cells_of(4))
SPOILED = {
    "words after the end": sen2_xml() + "and more",
    "a second return after the end": sen2_xml() + sen2_xml().split("?>", 1)[1],
    "two headers": sen2_xml(header=HEADER.replace("  <Persons>", HEADER.split("\n", 2)[2])),
    "two lists of persons": sen2_xml().replace(
        "</Message>", f"<Persons>{BODY}</Persons></Message>"
    ),
    "no header": re.sub(r"<Header>.*</Header>", "", sen2_xml(), flags=re.DOTALL),
    "no persons": HEADER + "</Persons></Message>",
    "no list of persons": HEADER.replace("<Persons>", "") + "</Message>",
    "another root": sen2_xml().replace("Message>", "Massage>"),
    "a child that is not closed": sen2_xml().replace("</Surname>", "", 1),
    "an attribute twice": sen2_xml().replace("<Person>", "<Person a='1' a='2'>", 1),
    "an ampersand": sen2_xml().replace("MARKEDSURNAME1X", "MARKED & X"),
    "another collection": sen2_xml().replace(">SEN2<", ">CIN<"),
    "an HTML page": "<html><body><p>Sign in</p></body></html>",
    "a SOAP envelope": '<s:Envelope xmlns:s="urn:s"><s:Body/></s:Envelope>',
    "a spreadsheet's XML": '<?xml version="1.0"?><Workbook><Worksheet/></Workbook>',
    "nothing but a root": "<Message/>",
}
MAY_LAND = {"another collection", "no header", "two headers", "two lists of persons"}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_return_is_refused_or_its_fault_found(attack: Attack, name: str) -> None:
    outcome = attack(SPOILED[name], "return.xml")
    if name in MAY_LAND:
        assert not outcome.is_landed or {"error"} <= {f["severity"] for f in outcome.findings}
    else:
        assert not outcome.is_landed
