"""What happened, as a chart marks it and as the words beside it tell it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dashboards import formats
from dashboards.charts.moments import place, span


@dataclass(frozen=True)
class Event:
    """One event of a council that bears on a measure.

    Attributes:
        happened_on: 2025-09-01; 2025-09 or 2025 where the document says no more.
        label: three words at most. says: a sentence. document: where it is stated.
    """

    happened_on: str
    label: str
    says: str
    document: str

    @property
    def when(self) -> str:
        """1 September 2025, September 2025 or 2025."""
        if len(self.happened_on) == len("2025"):
            return self.happened_on
        is_day = len(self.happened_on) == len("2025-09-01")
        return (formats.day if is_day else formats.month)(self.happened_on)

    @property
    def is_dated(self) -> bool:
        """Whether its month is known, without which it has no place among days and months."""
        return "-" in self.happened_on

    @property
    def day(self) -> date:
        """Its day; the middle of its month or year where no more is known, as charts place it."""
        return date.fromisoformat(self.happened_on + "-07-15"[len(self.happened_on) - 4 :])


def between(events: Iterable[Event], first: date, last: date) -> tuple[Event, ...]:
    """The events whose month is known, between two days."""
    return tuple(event for event in events if event.is_dated and first <= event.day <= last)


def within(events: Iterable[Event], periods: Sequence[str]) -> tuple[Event, ...]:
    """The events between the beginning of the first period drawn and the end of the last."""
    first, last = span(periods)
    return tuple(event for event in events if first <= place(event.happened_on) <= last)


def marks(events: Iterable[Event]) -> list[tuple[str, str]]:
    """What a chart marks: when, and the label."""
    return [(event.happened_on, event.label) for event in events]


def notes(events: Iterable[Event]) -> list[str]:
    """A sentence an event for under the chart, with the document that states it."""
    return [
        f"Marked {event.label}, {event.when}: {event.says} Stated in: {event.document}."
        for event in events
    ]


def spoken(events: Iterable[Event]) -> list[str]:
    """What a listener hears of each event, after the figures."""
    return [f"marked {event.when}: {formats.lower_first(event.label)}" for event in events]
