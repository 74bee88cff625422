"""Appeals to the SEND Tribunal: a table whose header takes two rows -> rows and cells.

The upper header row names a year over the first of its columns, the lower one says what is counted.
Numbers have thousands commas, rates a per cent sign. Names and symbols stand in
data/reference/sources/tribunal.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest import corrections as declared
from pipelines.ingest import repeats, strict_csv
from pipelines.ingest.parcel import Finding, Parcel, Part, QuarantinedRow
from pipelines.ingest.tribunal_cells import Cell, declared_of, is_figure, noughts_of, texts_of
from pipelines.registry.sources import Corrections, TribunalSource

if TYPE_CHECKING:
    import pyarrow as pa

YEAR = re.compile(r"(?:19|20)[0-9]{2}")
CODE = re.compile(r"[0-9]{3}")
# Footnote numbers are printed straight after the words: "Appeals registered4", "England Total4,9".
FOOTNOTES = re.compile(r"(?<=[A-Za-z])[0-9]+(,[0-9]+)*$")
NATION = "England"
TEXT_KEPT = 500


@dataclass(frozen=True)
class _Area:
    """A row of the table: three digits and name; the nation has no code."""

    row_number: int
    la_code: str | None
    name: str
    fields: list[str]


def is_table(head: str, source: TribunalSource) -> bool:
    """Whether the first rows of a text file are those of the appeals table."""
    return all(words.lower() in head.lower() for words in source.recognised_by)


def read(content: bytes, source: TribunalSource, corrections: Corrections) -> Parcel:
    """One row an area and year, one cell an indicator.

    Raises:
        InputError: there is no header row, or a column under a year is not known by any name.
    """
    records = [
        (number, [field.strip() for field in fields or []], text)
        for number, fields, text in strict_csv.records(strict_csv.decode(content))
    ]
    columns, start = _columns(records, source)
    printed, aside = _areas(records[start:], source)
    areas, renamed = _under_their_names(printed, source, corrections)
    areas, repeated = _told_apart(areas, {number: text for number, _, text in records})
    aside.extend(repeated)
    cells = [
        Cell(area.row_number, year, indicator, area.fields[place])
        for area in areas
        for place, (year, indicator) in columns.items()
        if place < len(area.fields)
    ]
    noughts, findings = noughts_of(cells, source, corrections)
    stored, told = texts_of(cells, noughts, source)
    release = str(max(int(cell.year) for cell in cells) + source.years_to_release)
    return Parcel(
        kind=source.dataset,
        source=source.source,
        release=release,
        row_count_in=len(areas) + len(aside),
        parts=tuple(_parts(areas, cells, stored, source)),
        findings=(*renamed, *findings, *told),
        quarantined=tuple(aside),
    )


def _without_footnotes(text: str) -> str:
    return FOOTNOTES.sub("", text.strip())


def _columns(
    records: list[tuple[int, list[str], str]], source: TribunalSource
) -> tuple[dict[int, tuple[str, str]], int]:
    """Place of each figure column -> (year, indicator); and the first record after the header."""
    for at, (_, fields, _) in enumerate(records[:-1]):
        if fields[:2] == [source.area_header, source.code_header]:
            return _header(fields, records[at + 1][1], source), at + 2
    raise InputError(
        f"there is no header row '{source.area_header}, {source.code_header}'",
        remedy="Download the file again from its publisher, unchanged.",
    )


def _header(
    years: list[str], names: list[str], source: TribunalSource
) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    year = ""
    for place, name in enumerate(names):
        printed = years[place] if place < len(years) else ""
        year = printed if YEAR.fullmatch(printed) else year
        words = _without_footnotes(name)
        if not words or not year:
            continue
        if words not in source.indicators:
            raise InputError(
                f"the column '{words}' under {year} is not known",
                remedy="Describe it in data/reference/sources/tribunal.yml.",
            )
        found[place] = (year, source.indicators[words])
    return found


def _areas(
    records: list[tuple[int, list[str], str]], source: TribunalSource
) -> tuple[list[_Area], list[QuarantinedRow]]:
    """The rows of figures, and rows with figures that are nobody's; the notes below are neither."""
    areas: list[_Area] = []
    aside: list[QuarantinedRow] = []
    skipped = {name.lower() for name in source.skipped_rows}
    for number, fields, text in records:
        name = _without_footnotes(fields[0]) if fields else ""
        has_figures = any(is_figure(field) for field in fields[2:])
        code = _code(fields, name, source)
        if code or (name == source.nation_row and has_figures):
            area = NATION if not code else name
            areas.append(_Area(number, code, area, fields))
        elif has_figures:
            aside.append(_nobodys(number, name, text, skipped))
    return areas, aside


def _nobodys(number: int, name: str, text: str, skipped: set[str]) -> QuarantinedRow:
    """A row of figures without an authority: a total that is known, or a fault."""
    if name.lower() in skipped:
        reason = "a second total; the row of the nation is used"
        return QuarantinedRow(number, reason, text[:TEXT_KEPT], "info", "Nothing to do.")
    return QuarantinedRow(number, "it has figures, but no authority's code", text[:TEXT_KEPT])


def _told_apart(
    areas: list[_Area], texts: dict[int, str]
) -> tuple[list[_Area], list[QuarantinedRow]]:
    """The rows whose authority no other row has, and those that nothing tells apart."""
    by_code: dict[str | None, list[_Area]] = {}
    for area in areas:
        by_code.setdefault(area.la_code, []).append(area)
    good: list[_Area] = []
    aside: list[QuarantinedRow] = []
    for area in areas:
        first, *others = by_code[area.la_code]
        is_alike = all(other.fields[2:] == first.fields[2:] for other in others)
        if not others or (is_alike and area is first):
            good.append(area)
        else:
            reason = repeats.ALIKE if is_alike else repeats.CONFLICTING
            text = texts[area.row_number][:TEXT_KEPT]
            aside.append(QuarantinedRow(area.row_number, reason, text, remedy=repeats.ASK))
    return good, aside


def _code(fields: list[str], name: str, source: TribunalSource) -> str | None:
    printed = fields[1] if len(fields) > 1 else ""
    if CODE.fullmatch(printed):
        return printed
    return source.authorities_without_code.get(name)


def _under_their_names(
    areas: list[_Area], source: TribunalSource, corrections: Corrections
) -> tuple[list[_Area], list[Finding]]:
    """Authorities whose code is declared to be printed on another's line, put right by name."""
    findings: list[Finding] = []
    for item in declared_of(corrections, source, "codes_of_names"):
        codes = {name: tuple(pair) for name, pair in item.arguments["codes"].items()}
        hit = [area for area in areas if codes.get(area.name, ("",))[0] == area.la_code]
        first = hit[0].row_number if hit else None
        found = declared.Found(len(hit), first)
        told = declared.finding(item, found)
        findings.extend([told] if told else [])
        if declared.is_as_expected(item, found):
            areas = [
                replace(area, la_code=codes[area.name][1]) if area in hit else area
                for area in areas
            ]
    return areas, findings


def _parts(
    areas: list[_Area], cells: list[Cell], stored: list[str], source: TribunalSource
) -> Iterator[Part]:
    """One part a year: a row of the file is a row of each."""
    import pyarrow as pa

    for year in sorted({cell.year for cell in cells}):
        chosen = [at for at, cell in enumerate(cells) if cell.year == year]
        table = pa.table(
            {
                "row_number": pa.array([cells[at].row_number for at in chosen], pa.int64()),
                "indicator": [cells[at].indicator for at in chosen],
                "value_text": [stored[at] for at in chosen],
            }
        )
        yield Part(source.dataset, _rows(areas, year), table, suffix=year)


def _rows(areas: list[_Area], year: str) -> pa.Table:
    """published_row of one year: one row an area."""
    import pyarrow as pa

    nothing = pa.nulls(len(areas), pa.string())
    is_whole = ["All"] * len(areas)
    return pa.table(
        {
            "row_number": pa.array([area.row_number for area in areas], pa.int64()),
            "period_kind": ["flow"] * len(areas),
            "time_period": [year] * len(areas),
            "time_identifier": ["Calendar year"] * len(areas),
            "geographic_level": [
                "Local authority" if area.la_code else "National" for area in areas
            ],
            "region_code": nothing,
            "gss_code": nothing,
            "la_code": pa.array([area.la_code for area in areas], pa.string()),
            "area_name": [area.name for area in areas],
            "breakdown_topic": is_whole,
            "breakdown": is_whole,
            "breakdown_topic_label": nothing,
            "breakdown_label": nothing,
        }
    )
