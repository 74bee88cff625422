"""The workbook by the Analysis Function's rules: cover, contents, notes, one table a sheet.

The bytes are the same for the same release: the file's date is the release's.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboards import formats
from dashboards.components.footer import data_version
from dashboards.context import Context
from dashboards.downloads import LICENCE, LICENCE_ADDRESS
from dashboards.reports import cells, measure_sheet, plan_sheets
from dashboards.reports.headline_sheet import headline_sheet
from dashboards.reports.sheets import Sheet
from dashboards.words.sources import SAMPLE
from pipelines.registry.council import Council

# A text stays a text: a spreadsheet may neither run it nor fetch what it names.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(page: Context, whose: Council) -> bytes:
    """The workbook's bytes. page: read as the public; whose: of councils(page)."""
    return written(sheets(page, whose), _cover(page, whose), _properties(page, whose))


def written(tables: Sequence[Sheet], cover: Any, properties: Mapping[str, Any]) -> bytes:
    """The bytes of a workbook of these sheets. cover: as gptables takes it."""
    import gptables as gpt

    buffer = io.BytesIO()
    numbered = {f"Table {place}": sheet for place, sheet in enumerate(tables, start=1)}
    notes = list(dict.fromkeys(note for sheet in numbered.values() for note in sheet.notes))
    with warnings.catch_warnings():
        # A notes sheet is left out where no sheet has a note; gptables warns of it.
        warnings.filterwarnings("ignore", message="No note text provided")
        book = gpt.produce_workbook(
            buffer,
            {label: _gptable(label, sheet, notes) for label, sheet in numbered.items()},
            cover=cover,
            notes_table=_notes_table(notes),
            workbook_options=_OPTIONS,
        )
    book.set_properties(properties)
    book.close()
    return buffer.getvalue()


def sheets(page: Context, whose: Council) -> list[Sheet]:
    """All sheets with a table, in the order of the workbook."""
    wanted = [page.measures.get(kpi) for kpi in whose.overview_measures]
    found = [
        headline_sheet(page, whose),
        *(measure_sheet.measure_sheet(page, whose, measure) for measure in wanted if measure),
        plan_sheets.actions_sheet(page, whose),
        plan_sheets.milestones_sheet(page, whose),
        plan_sheets.statements_sheet(page, whose),
    ]
    return [sheet for sheet in found if sheet]


def _gptable(label: str, sheet: Sheet, notes: Sequence[str]) -> Any:
    """One sheet as gptables takes it; every number's format is set cell by cell."""
    import gptables as gpt

    marks = "".join(f"$$note {notes.index(note)}$$" for note in sheet.notes)
    shown = cells.symbols(sheet.table)
    meanings = [
        f"[{symbol}] {words}" for symbol, words in formats.SYMBOLS.items() if symbol in shown
    ]
    return gpt.GPTable(
        table=sheet.table.astype(object),
        table_name=label.lower().replace(" ", "_"),
        title=f"{cells.text(sheet.title)}{f' {marks}' if marks else ''}",
        subtitles=[cells.text(sheet.subtitle)] if sheet.subtitle else [],
        legend=meanings,
        source=cells.text(sheet.source),
        index_columns={2: 0},
        additional_formatting=_number_formats(sheet),
    )


def _number_formats(sheet: Sheet) -> list[dict[str, Any]]:
    """How each number is printed. Row 0 is the heading."""
    places = {name: place for place, name in enumerate(sheet.table.columns)}
    return [
        {"cell": {"cells": (row, places[name]), "format": {"num_format": text, "align": "right"}}}
        for name, texts in sheet.formats.items()
        for row, text in enumerate(texts, start=1)
    ]


def _notes_table(notes: Sequence[str]) -> Any:
    import pandas as pd

    if not notes:
        return None
    names = [f"note {place}" for place in range(len(notes))]
    return pd.DataFrame({"Note": names, "Note text": [cells.text(note) for note in notes]})


def _cover(page: Context, whose: Council) -> Any:
    import gptables as gpt

    facts = page.facts
    intro = [
        *([SAMPLE] if facts.get("is_sample") else []),
        f"The figures of {cells.text(whose.name)} that SEND Monitor shows first, every period "
        "of each, its delivery plan, and what it said in public.",
        "Each sheet has one table. A figure that is missing has a symbol in its place, which the "
        "sheet explains.",
        "Every other measure, area and breakdown can be taken as CSV from the pages Compare and "
        "About the measures, with a text that says what it means.",
    ]
    about = [
        f"Release {facts['release']}, built {formats.day(facts['built_at'])}, approved by "
        f"{cells.text(facts['approved_by'])}.",
        f"Data: {data_version(page)}.",
        f"Code version {facts['code_version']}.",
        f"[Contains public sector information licensed under the {LICENCE}]({LICENCE_ADDRESS})",
    ]
    contact = [f"Questions about these figures: {cells.text(whose.name)}, who published them."]
    title = f"{cells.text(whose.name)}: children with SEND, measures and delivery plan"
    return gpt.Cover(title=title, intro=intro, about=about, contact=contact)


def _properties(page: Context, whose: Council) -> dict[str, Any]:
    return {
        "title": f"{whose.name}: children with SEND, measures and delivery plan",
        "subject": f"Release {page.facts['release']}",
        "author": whose.name,
        "comments": f"Made by SEND Monitor. {LICENCE}.",
        "created": datetime.fromisoformat(page.facts["built_at"]),
    }
