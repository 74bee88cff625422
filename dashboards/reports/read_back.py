"""Workbook and one-page report as a reader has them: read from their bytes, never from the code."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# A number as it is printed: '£1,234', '32.8%', '-3'.
_NUMBER = re.compile(r"(-?)£?([\d,]*\d(?:\.\d+)?)")


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its title, the headings of its table, and the rows below them."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def column(self, name: str) -> list[Any]:
        """The cells under one heading, from above."""
        place = self.heads.index(name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class PrintedCard:
    """One measure of the one-page report. below: the line under the figure, with its period."""

    value: float
    below: str


def sheets_of(workbook: bytes) -> list[Sheet]:
    """Every worksheet of an xlsx file that has a table of periods."""
    import python_calamine

    book = python_calamine.load_workbook(io.BytesIO(workbook))
    tables = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return [_sheet(rows) for rows in tables if any(row[0] == "Period" for row in rows)]


def _sheet(rows: Sequence[Sequence[Any]]) -> Sheet:
    head = next(place for place, row in enumerate(rows) if row[0] == "Period")
    return Sheet(
        title=str(rows[0][0]),
        heads=tuple(str(cell) for cell in rows[head]),
        rows=tuple(tuple(row) for row in rows[head + 1 :]),
    )


def printed_cards(report: bytes, titles: Sequence[str]) -> dict[str, PrintedCard]:
    """The large figure below each title, and the line below that; what is not there is left out.

    A long title may be printed over two lines.
    """
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(report)).pages
    text = "\n".join(page.extract_text() for page in pages)
    found = {}
    for title in titles:
        words = r"\s+".join(re.escape(word) for word in title.split())
        for match in re.finditer(rf"^{words}\s*\n(.+)\n(.+)$", text, re.MULTILINE):
            number = _NUMBER.match(match[1])
            if number:
                value = float(number[1] + number[2].replace(",", ""))
                found[title] = PrintedCard(value, match[2])
    return found
