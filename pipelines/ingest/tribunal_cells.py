"""Cells of the tribunal table -> what is stored of them: numbers, symbols, and declared noughts.

How the table is laid out stands in tribunal.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.ingest import corrections as declared
from pipelines.ingest.cells import NOT_AVAILABLE, NUMBER
from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted
from pipelines.registry.sources import Correction, Corrections, TribunalSource

# Symbols that are stored as printed.
KEPT = frozenset({"x", "z", "c", "~", ":"})


@dataclass(frozen=True)
class Cell:
    """A figure as printed, with its row, year and indicator."""

    row_number: int
    year: str
    indicator: str
    printed: str


def noughts_of(
    cells: list[Cell], source: TribunalSource, corrections: Corrections
) -> tuple[set[int], list[Finding]]:
    """Places of the dashes that are declared to be noughts, and the finding that says so."""
    places: set[int] = set()
    findings: list[Finding] = []
    for item in declared_of(corrections, source, "symbol_with_zero_rate"):
        symbol, column = item.arguments["symbol"], item.arguments["column"]
        rates = {
            (cell.row_number, cell.year): cell.printed
            for cell in cells
            if cell.indicator == item.arguments["rate"]
        }
        hit = [
            at
            for at, cell in enumerate(cells)
            if cell.indicator == column and cell.printed == symbol
        ]
        other = [at for at in hit if not _is_nought(rates[cells[at].row_number, cells[at].year])]
        first = cells[hit[0]].row_number if hit else None
        found = declared.Found(len(hit), first, {"other_rate": len(other)})
        told = declared.finding(item, found) if hit else None
        findings.extend([told] if told else [])
        places |= set(hit) if declared.is_as_expected(item, found) else set()
    return places, findings


def _is_nought(rate: str) -> bool:
    text = rate.rstrip("%")
    return bool(NUMBER.fullmatch(text)) and float(text) == 0


def texts_of(
    cells: list[Cell], noughts: set[int], source: TribunalSource
) -> tuple[list[str], list[Finding]]:
    """What is stored for each cell, and findings on what is not a number."""
    stored = [
        "0" if at in noughts else _text(cell.printed, source) for at, cell in enumerate(cells)
    ]
    replaced = [
        cell
        for at, cell in enumerate(cells)
        if cell.printed in source.symbols and at not in noughts
    ]
    blank = [cell for cell in cells if not cell.printed]
    strange = [cell for cell in cells if _is_strange(cell.printed, source)]
    negative = [cell for cell in cells if _is_negative(cell.printed)]
    return stored, [
        finding
        for finding in (
            _told("symbol_replaced", "info", "with '..' or '-', stored as x", replaced),
            _told("blank_cell", "info", "empty, stored as x", blank),
            _told("unreadable_cell", "error", "without a number, stored as x", strange),
            _told("negative_count", "error", "below nothing, stored as x", negative),
        )
        if finding
    ]


def _text(printed: str, source: TribunalSource) -> str:
    if printed in source.symbols:
        return source.symbols[printed]
    text = printed.replace(",", "").rstrip("%")
    if NUMBER.fullmatch(text) and not _is_negative(printed):
        return text
    return printed if printed in KEPT else NOT_AVAILABLE


def _is_negative(printed: str) -> bool:
    """No figure of this table can be below nothing: all are counts and rates."""
    return is_figure(printed) and printed.startswith("-")


def _is_strange(printed: str, source: TribunalSource) -> bool:
    known = not printed or printed in source.symbols or printed in KEPT
    return not known and not is_figure(printed)


def is_figure(field: str) -> bool:
    """Whether a text is a number or a rate, with commas or a per cent sign."""
    return bool(NUMBER.fullmatch(field.replace(",", "").rstrip("%")))


def _told(rule: str, severity: str, words: str, cells: list[Cell]) -> Finding | None:
    if not cells:
        return None
    return Finding(
        rule=rule,
        severity=severity,  # type: ignore[arg-type]
        message=f"{counted(len(cells), 'cell')} {words} (not available).",
        remedy="Nothing to do." if severity == "info" else "Ask the publisher.",
        row_count=len({cell.row_number for cell in cells}),
        first_row_number=min(cell.row_number for cell in cells),
    )


def declared_of(
    corrections: Corrections, source: TribunalSource, check: str
) -> tuple[Correction, ...]:
    """The corrections of the table that look for a fault in this way."""
    return tuple(item for item in corrections.of(source.dataset, None) if item.check == check)
