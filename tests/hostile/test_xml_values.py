"""The same return spelled otherwise, and values that cannot be read as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pipelines.settings import Settings
from tests.hostile.outcome import Landed, Outcome, assert_told, landed_rows
from tests.hostile.returns import cells_of, sen2_xml

Attack = Callable[..., Outcome]
Soundly = Callable[[bytes | str], Landed]
PEOPLE = 3

SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "without white space between elements": lambda text: re.sub(r">\s+<", "><", text),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "white space around values": lambda text: re.sub(r">([^<>\s][^<>]*)<", r"> \n \1\t<", text),
    "CDATA": lambda text: re.sub(r">([^<>\s][^<>]*)<", r"><![CDATA[\1]]><", text),
    "CDATA in the middle": lambda text: re.sub(r">(\w)(\w[^<>]*)<", r">\1<![CDATA[\2]]><", text),
    "references": lambda text: re.sub(
        r">([^<>\s])([^<>]*)<", lambda found: f">&#{ord(found[1])};{found[2]}<", text
    ),
    "comments between elements": lambda text: text.replace("<Requests>", "<!-- a --><Requests>"),
    "a comment in a value": lambda text: re.sub(r">(\w)(\w[^<>]*)<", r">\1<!-- a -->\2<", text),
    "an instruction in a value": lambda text: re.sub(r">(\w)(\w[^<>]*)<", r">\1<?a b?>\2<", text),
    "names in upper case": lambda text: re.sub(
        r"(</?)(\w+)", lambda found: found[1] + found[2].upper(), text
    ),
    "absent values as empty elements": lambda text: text.replace(
        "<RYA>", "<Exported/><RequestTribunal></RequestTribunal><RYA>", 0
    ),
    "booleans as words": lambda text: re.sub(
        r"<(RYA|Week20|PB|\w+Tribunal|\w+Mediation)>0<", r"<\1>false<", text
    ),
    "booleans as words in capitals": lambda text: re.sub(
        r"<(RYA|Week20|PB)>0<", r"<\1>FALSE<", text
    ),
    "the header after the persons": lambda text: re.sub(
        r"(<Header>.*</Header>)(.*)(</Message>)", r"\2\1\3", text, flags=re.DOTALL
    ),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_the_same_return_in_another_spelling_lands_the_same_rows(
    attack: Attack, workspace: Settings, landed_soundly: Soundly, name: str
) -> None:
    outcome = attack(SPELLINGS[name](sen2_xml(PEOPLE)), "return.xml")
    assert outcome.is_landed, outcome.words
    assert landed_rows(workspace) == landed_soundly(sen2_xml(PEOPLE)).rows


MISREAD = {
    "a date in British form": ("<ReceivedDate>2025-02-03", "<ReceivedDate>03/02/2025"),
    "a date in American form": ("<ReceivedDate>2025-02-03", "<ReceivedDate>02-13-2025"),
    "a day that does not exist": ("<ReceivedDate>2025-02-03", "<ReceivedDate>2025-02-30"),
    "a date in two digits": ("<ReceivedDate>2025-02-03", "<ReceivedDate>25-02-03"),
    "a spreadsheet's serial number": ("<ReceivedDate>2025-02-03", "<ReceivedDate>45691"),
    "a date with words": ("<ReceivedDate>2025-02-03", "<ReceivedDate>about 2025-02-03"),
    "a date in the year 20255": ("<ReceivedDate>2025-02-03", "<ReceivedDate>20255-02-03"),
    "a yes": ("<RYA>0", "<RYA>yes"),
    "a two": ("<RYA>0", "<RYA>2"),
    "a letter O": ("<RYA>0", "<RYA>O"),
    "a code in lower case": ("<RequestOutcome>Y", "<RequestOutcome>y"),
    "a code of another list": ("<SENtype>SLCN", "<SENtype>NIEO"),
    "a number with a point": ("<PlacementRank>1", "<PlacementRank>1.0"),
    "a value twice": ("<RYA>0</RYA>", "<RYA>0</RYA><RYA>1</RYA>"),
    "a value twice in other letters": ("<RYA>0</RYA>", "<RYA>0</RYA><Rya>1</Rya>"),
    "an element in a value": ("<RequestOutcome>Y", "<RequestOutcome>Y<b>N</b>"),
    "an unknown element": ("<RYA>0</RYA>", "<RYA>0</RYA><Unheard>1</Unheard>"),
    "words between elements": ("<RYA>0</RYA>", "<RYA>0</RYA> in the meantime "),
    "a module in the wrong place": (
        "<Requests>",
        "<Assessment><Week20>1</Week20></Assessment><Requests>",
    ),
    "an element of another module": (
        "<RYA>0</RYA>",
        "<RYA>0</RYA><CeaseDate>2025-01-01</CeaseDate>",
    ),
    "an element of another year": ("<RYA>0</RYA>", "<RYA>0</RYA><GenderCurrent>1</GenderCurrent>"),
    "a namespace": ("<RYA>0</RYA>", '<a:RYA xmlns:a="urn:a">0</a:RYA>'),
    "two assessments": ("<Assessment>", "<Assessment><Week20>1</Week20></Assessment><Assessment>"),
    "an outcome that is empty": ("<RequestOutcome>Y", "<RequestOutcome>"),
    "a UPN in small letters": (f"<UPN>{cells_of(1)['upn']}", f"<UPN>{cells_of(1)['upn'].lower()}"),
    "a UPN with a space": (
        cells_of(1)["upn"],
        cells_of(1)["upn"][:4] + " " + cells_of(1)["upn"][4:],
    ),
}


@pytest.mark.parametrize("name", MISREAD)
def test_a_value_that_cannot_be_read_as_written_is_found(
    attack: Attack, workspace: Settings, landed_soundly: Soundly, name: str
) -> None:
    written, spoiled = MISREAD[name]
    assert written in sen2_xml(PEOPLE)
    outcome = attack(sen2_xml(PEOPLE).replace(written, spoiled, 1), "return.xml")
    assert_told(outcome, workspace, landed_soundly(sen2_xml(PEOPLE)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<Year>2026", "<Year>2019"),
        ("<Year>2026", "<Year>2062"),
        ("<Year>2026", "<Year>26"),
        ("<Year>2026", "<Year>"),
        ("<Year>2026", "<Year>2026.0"),
        ("<ReferenceDate>2026-01-15", "<ReferenceDate>2025-01-16"),
        ("<ReferenceDate>2026-01-15", "<ReferenceDate>15/01/2026"),
        ("<LEA>860", "<LEA>861"),
        ("<LEA>860", "<LEA>000"),
        ("<LEA>860", "<LEA>86"),
        ("<LEA>860", "<LEA>"),
        ("<LEA>860", "<LEA>E10000028"),
        ("<SourceLevel>L", "<SourceLevel>S"),
    ],
)
def test_another_year_or_authority_is_refused_or_an_error(
    attack: Attack, written: str, meant: str
) -> None:
    assert written in sen2_xml()
    outcome = attack(sen2_xml().replace(written, meant), "return.xml")
    errors = {found["rule"] for found in outcome.findings if found["severity"] == "error"}
    assert not outcome.is_landed or errors
