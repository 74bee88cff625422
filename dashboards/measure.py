"""A measure's words on the screen. Its figures come from queries/figures.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A measure's words, as its .yml gave them to the release.

    Attributes:
        breaks: (first period after the break, reason).
        reading_note: what must stand beside the figure, with gaps for its parts (words/reading).
    """

    kpi: str
    title: str
    short_title: str
    unit: str
    decimals: int
    polarity: str
    period_kind: str
    theme: str
    definition: str
    numerator_text: str
    denominator_text: str
    source_text: str
    caveat: str
    spec_id: str
    next_update: str
    default_breakdown_topic: str
    breaks: tuple[tuple[str, str], ...] = ()
    reading_note: str = ""
