"""A measure's words on the screen. Its figures come from queries/figures.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

# The source of figures that are counted from the council's own rows.
OWN = "council"


@dataclass(frozen=True)
class Measure:
    """A measure's words, as its .yml gave them to the release.

    Attributes:
        breaks: (first period after the break, reason).
        reading_note: what must stand beside the figure, with gaps for its parts (words/reading).
        own_decimals: of the council's own figures where they differ: in the public's file its
            percentages are protected and whole, and a decimal would claim what nobody was told.
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
    own_decimals: int | None = None

    def places(self, source: Any) -> int:
        """The decimals of a figure from one source."""
        is_own = source == OWN and self.own_decimals is not None
        return int(self.own_decimals or 0) if is_own else self.decimals

    def placed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of figures with a column decimals: how many each is printed with.

        frame: with a column source.
        """
        places = [self.places(source) for source in frame["source"]]
        # Whole numbers, of no rows too: frames of several measures are joined.
        return frame.assign(decimals=pd.Series(places, index=frame.index, dtype="int64"))
