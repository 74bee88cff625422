"""The events that the charts of a measure mark: those of the area's own council."""

from __future__ import annotations

from dashboards.context import Context
from dashboards.queries import events as queries
from dashboards.queries.frozen import records
from dashboards.words.events import Event
from dashboards.words.plan import document


def events_of(page: Context, kpi: str, la_code: str | None) -> tuple[Event, ...]:
    """What happened in a council that bears on a measure; nothing for a region or the nation."""
    if not la_code:
        return ()
    return tuple(
        Event(
            happened_on=str(row["happened_on"]),
            label=str(row["event_label"]),
            says=str(row["event_text"]),
            document=document(row["source_document"]),
        )
        for row in records(queries.events(page.key, la_code))
        if row["kpi"] == kpi
    )
