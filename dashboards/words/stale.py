"""Where the figures of a release end although newer ones should be there: by publisher, and own.

A banner that stands there without need is soon read by nobody. A publisher's year is missed only
some weeks after its month, a council's month only after two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dashboards import formats

# Months from the one in which a publisher prints until its absence is said. The DfE's own release
# is what most pages show. What others print beside it, or after it, is in one or two charts that
# name its year, so it is said only once the edition after it is due too.
_GRACE = {"dfe": 2}
_GRACE_OF_OTHERS = 14
# A publisher that names no month: within the year.
_LAST_MONTH = 12
# From this month on the return of January should have been handed in here as well.
_RETURN_HELD_BY = 5
# The month after the newest extract, and one more, may pass without one.
_MONTHS_WITHOUT = 2


@dataclass(frozen=True)
class Published:
    """The newest that a release holds of one publisher.

    Attributes:
        name: 'Department for Education'.
        stock: newest period of what is counted on a day, '2026-01'; empty for none.
        flow: newest period of what is counted over a year, '2025'; empty for none.
        next_updates: of its measures, as their .yml says: 'June 2027', or words without a month.
    """

    source: str
    name: str
    stock: str
    flow: str
    next_updates: tuple[str, ...] = ()

    @property
    def edition(self) -> int:
        """The year of the newest edition held: it has its own January and the year before."""
        return max(_year(self.stock), _year(self.flow) + 1)

    def period_of(self, edition: int) -> str:
        """What an edition brings, by what is held now: 'January 2026', or '2025'."""
        is_stock = _year(self.stock) == self.edition
        return f"January {edition}" if is_stock else str(edition - 1)

    @property
    def month(self) -> int:
        """The month of each year in which it prints."""
        return max(filter(None, map(_month, self.next_updates)), default=_LAST_MONTH)

    def due(self, today: date) -> int:
        """The year of the edition that should be held by now."""
        months = 12 * today.year + today.month - self.month
        return (months - _GRACE.get(self.source, _GRACE_OF_OTHERS)) // 12


@dataclass(frozen=True)
class Own:
    """The newest of a council's own SEN2 files in a release.

    Attributes:
        extract: newest month of an extract within the year, '2026-01'; empty for none.
        returned: year of the newest return, '2026'; empty for none.
        day: that the newest of both counts, where the reader's file says so.
    """

    extract: str
    returned: str
    day: date | None = None

    @property
    def newest(self) -> str:
        """The newest month of which anything is known."""
        return max(self.extract, f"{self.returned}-01" if self.returned else "")

    @property
    def is_monthly(self) -> bool:
        """Whether extracts come in still: one since the return before the newest."""
        before = f"{_year(self.returned) - 1}-01" if self.returned else ""
        return bool(self.extract) and self.extract >= before


def publisher_sentence(held: Published, today: date) -> str:
    """Which edition should be held by today and is not; empty where none is missing."""
    due = held.due(today)
    if held.edition >= due:
        return ""
    return (
        f"The newest figures from the {held.name} in this release are of "
        f"{held.period_of(held.edition)}. Those of {held.period_of(due)} were due by "
        f"{formats.month(f'{due}-{held.month:02}')}."
    )


def council_sentence(own: Own, council: str, today: date) -> str:
    """Where a council's own figures end, once a later file should have come; otherwise empty.

    council: the name of the one whose own files the release holds.
    """
    if not own.newest:
        return ""
    if own.is_monthly:
        months = 12 * (today.year - _year(own.newest)) + today.month - int(own.newest[5:])
        if months <= _MONTHS_WITHOUT:
            return ""
        return f"{_end(own, council)}: no later extract has come in, so nothing since then shows."
    due = today.year if today.month >= _RETURN_HELD_BY else today.year - 1
    if _year(own.newest) >= due:
        return ""
    return f"{_end(own, council)}: the SEN2 return of January {due} has not come in."


def _end(own: Own, council: str) -> str:
    when = f"on {formats.day(own.day)}" if own.day else f"with {formats.month(own.newest)}"
    return f"{council}'s own figures on plans and requests end {when}"


def _year(period: str) -> int:
    return int(period[:4]) if period[:4].isdigit() else 0


def _month(text: str) -> int | None:
    try:
        return datetime.strptime(text.strip(), "%B %Y").month
    except ValueError:
        return None
