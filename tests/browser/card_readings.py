"""What a card says beside its large figure, in each place where it is said: {part: text}.

A part that is not said is not there: a count without England, a measure without a milestone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import openpyxl
import pypdf
from playwright.sync_api import Locator

from dashboards import formats
from dashboards.overview import Card
from tests.browser.readings import Reading

CHANGE, ENGLAND, NEIGHBOURS = "change", "England", "neighbours"
MILESTONE, STATUS, CHANCE = "milestone", "status", "chance"

_FIGURE = r"(-?[\d,]*\d(?:\.\d+)?)"
_CHANGE = re.compile(rf"\b(Up|Down) {_FIGURE}\D*? since ((?:January )?\d{{4}})")
_NO_CHANGE = re.compile(r"\bNo change since ((?:January )?\d{4})")
_BESIDE = {
    ENGLAND: re.compile(rf"\bEngland {_FIGURE}"),
    NEIGHBOURS: re.compile(rf"\b[Nn]eighbours {_FIGURE}"),
}
_MILESTONE = re.compile(r"Milestone: (.+?)\. \S ([A-Z][^.]+)\. ?(.*?) ?Signal or chance\?")


def card_parts(card: Locator, said: Card) -> Reading:
    """Of a card in the page."""
    texts = " ".join(card.locator("> div").first.locator("p").all_inner_texts())
    spans = card.locator(".sm-judged dd").first.locator("> span").all_inner_texts()
    found = said_of(texts, said)
    if card.locator(".sm-status").count():
        status, text, *chance = spans
        found |= judged(text, status.split(maxsplit=1)[1], " ".join(chance))
    return found


def pdf_parts(content: bytes, said: Card, titles: Sequence[str]) -> Reading:
    """Of a card's lines in the one-page report. titles: of all cards, each of which ends one."""
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index(said.title) + 1
    ends = [place for place, line in enumerate(lines) if line in titles and place >= start]
    words = " ".join(lines[start : min(ends, default=len(lines))])
    figures, mark, _ = words.partition("Milestone:")
    promised = _MILESTONE.search(words) if mark else None
    return said_of(figures, said) | (judged(*promised.groups()) if promised else {})


def workbook_parts(content: bytes, said: Card, decimals: int) -> Reading:
    """Of a measure's row on the first sheet. decimals: of England's figure and the neighbours'."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    (sheet,) = [
        book[name] for name in book.sheetnames if "headline measures" in str(book[name]["A1"].value)
    ]
    (marked,) = sheet.tables.values()
    head, *rows = [[cell.value for cell in row] for row in sheet[marked.ref]]
    (row,) = [dict(zip(head, row, strict=True)) for row in rows if row[0] == said.title]
    average = next(name for name in head if name.startswith("Neighbour "))
    beside = {ENGLAND: row["England"], NEIGHBOURS: row[average]}
    texts = (row["Chance of meeting it"], row["When it is reached"])
    chance = " ".join(text for text in texts if text != "none")
    promised = (row["Milestone"], row["Status of the milestone"], chance)
    return (
        moved(row["Change"], row["Changed since"], said)
        | {name: plain(value, decimals) for name, value in beside.items() if is_number(value)}
        | (judged(*promised) if row["Milestone"] != "none" else {})
    )


def kpi_parts(
    own: Sequence[dict[str, Any]], england: Sequence[dict[str, Any]], said: Card, decimals: int
) -> Reading:
    """Of the values that `send kpi` prints: the newest less that of a year before, and England."""
    of_own, of_england = ({value["period"]: value for value in values} for values in (own, england))
    newest = max(of_own)
    before = of_own.get(formats.period_before(newest))
    found = {}
    if before and "Not compared with" not in said.change:
        change = of_own[newest]["value"] - before["value"]
        found |= moved(change, before["period_label"], said)
    if said.unit != "count" and newest in of_england:
        found[ENGLAND] = plain(of_england[newest]["value"], decimals)
    return found


def said_of(words: str, said: Card) -> Reading:
    """Change and comparison in the sentences of a card."""
    found = {name: each[1] for name, seen in _BESIDE.items() if (each := seen.search(words))}
    change, same = _CHANGE.search(words), _NO_CHANGE.search(words)
    if change:
        amount = float(change[2].replace(",", "")) * (1 if change[1] == "Up" else -1)
        found |= moved(amount, change[3], said)
    return found | (moved(0, same[1], said) if same else {})


def moved(change: Any, since: str, said: Card) -> Reading:
    """A change as '-12.5 since 2024'; nothing where a symbol stands in its place."""
    if not is_number(change):
        return {}
    return {CHANGE: f"{plain(round(change, said.decimals) or 0, said.decimals)} since {since}"}


def judged(text: str, status: str, chance: str) -> Reading:
    """A milestone with its status; a chance only where one is spoken of."""
    return {MILESTONE: text, STATUS: status} | ({CHANCE: chance} if chance else {})


def is_number(cell: Any) -> bool:
    return isinstance(cell, int | float)


def plain(value: float, decimals: int) -> str:
    """A number without its unit: the sentences of a card have the unit in words."""
    return f"{value:,.{decimals}f}"
