"""Strategies for whole files: a sound return, spoiled in ways that nobody thought of."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import strategies as st

from tests.hostile.other_returns import census_files, census_tables, early_support
from tests.hostile.returns import collect_files, collect_tables, csv_bytes, sen2_xml, zip_bytes

# Texts that have been misread somewhere: dates, numbers, codes, marks of a format, odd letters.
CELLS = (
    *("", " ", "0", "1", "2", "-1", "1.0", "1e3", "NaN", "None", "null", "N/A", "Y", "y", "H"),
    *("2025-02-03", "03/02/2025", "2025-02-30", "0001-01-01", "9999-12-31", "45691", "2025-Feb-03"),
    *("2025-Feb-03 00:00:00", "2025-02-03T00:00:00Z", "860", "999", "000", "1234567890", "UN1"),
    *("=1+1", "@x", '"', "''", ",", ";", "\t", "\n", "<", "&amp;", "]]>", "%s{}", "\\", "../x"),
    *("\u00e9", "e\u0301", "\u202e", "\u0130", "\U0001f600", "\ufeff", "A" * 300),
)
TAG = re.compile(r"</?\w+/?>")
ELEMENT = re.compile(r"<(\w+)>([^<>]*)</\1>")

Change = Callable[[str], str]


@st.composite
def _cut(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    return text[:start] + text[start + draw(st.integers(1, 200)) :]


@st.composite
def _doubled(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    end = start + draw(st.integers(1, 200))
    return text[:end] + text[start:end] + text[end:]


@st.composite
def _with_noise(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text)))
    noise = draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=6))
    return text[:place] + noise + text[place:]


@st.composite
def _with_other_value(draw: st.DrawFn, text: str) -> str:
    found = list(ELEMENT.finditer(text))
    chosen = found[draw(st.integers(0, len(found) - 1))] if found else None
    if chosen is None:
        return text
    return text[: chosen.start(2)] + draw(st.sampled_from(CELLS)) + text[chosen.end(2) :]


@st.composite
def _with_other_tag(draw: st.DrawFn, text: str) -> str:
    found = list(TAG.finditer(text))
    if not found:
        return text
    one = found[draw(st.integers(0, len(found) - 1))]
    other = found[draw(st.integers(0, len(found) - 1))]
    return text[: one.start()] + other.group() + text[one.end() :]


@st.composite
def _element_moved(draw: st.DrawFn, text: str) -> str:
    found = list(ELEMENT.finditer(text))
    if len(found) < 2:
        return text
    one = found[draw(st.integers(0, len(found) - 1))]
    rest = text[: one.start()] + text[one.end() :]
    tags = list(TAG.finditer(rest))
    place = tags[draw(st.integers(0, len(tags) - 1))].end()
    return rest[:place] + one.group() + rest[place:]


@st.composite
def xml_files(draw: st.DrawFn) -> bytes:
    """A SEN2 return as XML with one to three changes."""
    text = sen2_xml(2)
    ways = (_cut, _doubled, _with_noise, *[_with_other_value] * 3, _with_other_tag, _element_moved)
    for _ in range(draw(st.integers(1, 3))):
        text = draw(draw(st.sampled_from(ways))(text))
    return text.encode("utf-8", "surrogatepass")


@st.composite
def spoiled_csv(draw: st.DrawFn, raw: bytes) -> bytes:
    """A CSV with one to three changes, and in another spelling."""
    lines = [line.split(",") for line in raw.decode().split("\r\n")]
    for _ in range(draw(st.integers(1, 3))):
        row = draw(st.integers(0, len(lines) - 1))
        cell = draw(st.integers(0, len(lines[row]) - 1))
        way = draw(st.sampled_from(("other", "other", "quoted", "gone", "more", "row", "no row")))
        _spoil(lines, row, cell, way, draw(st.sampled_from(CELLS)))
    end = draw(st.sampled_from(("\r\n", "\r\n", "\n", "\r")))
    mark = draw(st.sampled_from((",", ",", ",", ";", "\t")))
    text = end.join(mark.join(line) for line in lines)
    return text.encode(draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16"))))


def _spoil(lines: list[list[str]], row: int, cell: int, way: str, text: str) -> None:
    if way == "other":
        lines[row][cell] = text
    elif way == "quoted":
        lines[row][cell] = '"' + text.replace('"', '""') + '"'
    elif way == "gone" and len(lines[row]) > 1:
        del lines[row][cell]
    elif way == "more":
        lines[row].insert(cell, text)
    elif way == "row":
        lines.append(list(lines[row]))
    elif way == "no row" and len(lines) > 1:
        del lines[row]


@st.composite
def collect_exports(draw: st.DrawFn) -> bytes:
    """A COLLECT export with one of its nine tables spoiled."""
    return draw(spoiled_archive(collect_files(collect_tables(2))))


@st.composite
def censuses(draw: st.DrawFn) -> bytes:
    """A school census with one of its tables spoiled."""
    return draw(spoiled_archive(census_files(census_tables(2))))


@st.composite
def spoiled_archive(draw: st.DrawFn, files: dict[str, bytes]) -> bytes:
    """A zip of CSV files, one of them spoiled."""
    name = draw(st.sampled_from(sorted(files)))
    return zip_bytes(files | {name: draw(spoiled_csv(files[name]))})


@st.composite
def council_returns(draw: st.DrawFn) -> bytes:
    """A return of the council, spoiled."""
    return draw(spoiled_csv(csv_bytes(early_support(2))))


FILES: dict[str, st.SearchStrategy[bytes]] = {
    "XML": xml_files(),
    "COLLECT CSV": collect_exports(),
    "census": censuses(),
    "council": council_returns(),
}
