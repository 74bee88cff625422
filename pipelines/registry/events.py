"""What happened that bears on a measure: data/councils/<la_code>/events.yml, read strictly.

An event is a fact with its day and its document, never a judgement: a chart marks when it was, and
nothing here says that it changed the figures. A break in the figures' meaning is no event: it
stands with the measure (`break_at`). The rows of landing.event are made here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.council import published_folder
from pipelines.registry.measures import measures
from pipelines.registry.plan import ID
from pipelines.registry.plan_file import council_documents
from pipelines.registry.statements import Document
from pipelines.registry.strict import Strict, load, nearest, short
from pipelines.settings import Settings

EVENT_FILE = "events.yml"


class Event(Strict):
    """One event, as its document states it."""

    id: str = Field(pattern=ID, description="Good: extra-team. Bad: Event 1.")
    happened_on: str = Field(
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="Its day; the month or the year where the document says no more. "
        "Good: '2025-09'. Bad: autumn 2025.",
    )
    label: str = Field(
        min_length=3,
        max_length=20,
        description="Three words at most, which stand on the chart. "
        "Good: Extra team. Bad: An extra team of case officers began its work.",
    )
    says: str = Field(
        min_length=20,
        max_length=160,
        description="What happened, in a sentence for anybody to read. "
        "Good: Extra staff began on the assessments that are overdue. Bad: Improvements.",
    )
    measures: tuple[str, ...] = Field(
        min_length=1,
        description="The measures it bears on, files in sql/kpi. Good: [overdue_cases]. Bad: [].",
    )
    document: str = Field(
        pattern=r"^\d{3}$",
        description="Id of the document that states it, of statements.yml or of the plan. "
        "Good: '000'. Bad: website.",
    )
    why: str | None = Field(
        default=None,
        min_length=15,
        description="How the document's words were read. "
        "Good: the release says that the team began in September. Bad: obvious.",
    )

    @field_validator("happened_on")
    @classmethod
    def _is_in_the_calendar(cls, told: str) -> str:
        date.fromisoformat(told + "-01-01"[len(told) - len("2025") :])
        return told

    @field_validator("label")
    @classmethod
    def _three_words(cls, label: str) -> str:
        if len(label.split()) > 3:
            raise ValueError("a label has three words at most; the sentence stands in `says`")
        return label

    @field_validator("measures")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a measure is named twice")
        return names


class Events(Strict):
    """data/councils/<la_code>/events.yml."""

    la_code: str = Field(pattern=r"^\d{3}$", description="Good: '860'. Bad: E10000028.")
    events: tuple[Event, ...] = Field(min_length=1, description="Good: two. Bad: none.")

    @model_validator(mode="after")
    def _ids_once(self) -> Events:
        ids = [event.id for event in self.events]
        if len(set(ids)) < len(ids):
            raise ValueError("two events have one id")
        return self


def events(council_folder: Path) -> tuple[Event, ...]:
    """The events of one council; none where it has no such file.

    Raises:
        RegistryError: a key or a day is wrong, a document is not known, or the file is another's.
    """
    path = council_folder / EVENT_FILE
    if not path.is_file():
        return ()
    held = load(Events, path)
    if held.la_code != council_folder.name:
        raise RegistryError(
            f"la_code is '{held.la_code}'",
            where=short(path),
            remedy=f"The path is the name: write la_code: '{council_folder.name}'",
        )
    known = council_documents(council_folder)
    for name in sorted({event.document for event in held.events} - known.keys()):
        raise RegistryError(
            f"no document '{name}'{nearest(name, known)}",
            where=short(path),
            remedy="Describe it in statements.yml or under `documents` of delivery_plan.yml.",
        )
    return held.events


def event_rows(settings: Settings) -> list[dict[str, Any]]:
    """Rows of landing.event, one an event and measure.

    Of the home council, and of the one whose published figures are shown beside its rows.

    Raises:
        RegistryError: as `events`, or an event names a measure that the house does not have.
    """
    own = settings.council_folder
    known = measures(settings.project_root / "sql")
    rows: list[dict[str, Any]] = []
    for folder in dict.fromkeys((own, published_folder(own))):
        documents = council_documents(folder)
        for event in events(folder):
            _require_measures(event, known, folder)
            rows += _rows(event, folder.name, documents[event.document])
    return rows


def _require_measures(event: Event, known: dict[str, Any], folder: Path) -> None:
    for name in event.measures:
        if name not in known:
            raise RegistryError(
                f"{event.id}: no measure '{name}'{nearest(name, known)}",
                where=short(folder / EVENT_FILE),
                remedy="Name files of sql/kpi.",
            )


def _rows(event: Event, la_code: str, document: Document) -> Iterator[dict[str, Any]]:
    for kpi in event.measures:
        yield {
            "la_code": la_code,
            "event": event.id,
            "kpi": kpi,
            "happened_on": event.happened_on,
            "event_label": event.label,
            "event_text": event.says,
            "event_reason": event.why,
            "document_id": document.id,
            "document_title": document.title,
            "document_publisher": document.publisher,
            "statement_date": document.statement_date,
        }
