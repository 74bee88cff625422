"""What officers alone read otherwise than before: exact figures, months, groups, hidden counts.

Whoever approves a release is told how many of them differ, measure by measure, and if asked for
each old and new value. The values are told at the terminal and written nowhere; the counts stay
with the approval.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from pipelines.release.diff import FIGURE, opened
from pipelines.release.reader import Release

# A figure that is public and differs there too is told in diff.json.
OFFICERS_ONLY = f"""
    with earlier as (
        select {FIGURE}, value, symbol from before_officer.marts.kpi_value where is_shown
    ),
    later as (
        select {FIGURE}, value, symbol from now_officer.marts.kpi_value where is_shown
    ),
    apart as (
        select
            {FIGURE}, earlier.value as old_value, earlier.symbol as old_symbol,
            later.value as new_value, later.symbol as new_symbol,
            earlier.kpi is null as is_new, later.kpi is null as is_gone
        from earlier full join later using ({FIGURE})
        where (earlier.kpi is null) <> (later.kpi is null)
            or earlier.value is distinct from later.value
            or earlier.symbol is distinct from later.symbol
    ),
    told_before as (
        select {FIGURE}, value, symbol from before_public.marts.kpi_value where is_shown
    ),
    told_now as (
        select {FIGURE}, value, symbol from now_public.marts.kpi_value where is_shown
    ),
    told as (
        select {FIGURE}
        from told_before full join told_now using ({FIGURE})
        where (told_before.kpi is null) <> (told_now.kpi is null)
            or told_before.value is distinct from told_now.value
            or told_before.symbol is distinct from told_now.symbol
    )
    select apart.* from apart anti join told using ({FIGURE})
    order by kpi, period desc, period_kind, area_code, breakdown_topic, breakdown
"""  # noqa: S608


class OfficersFigure(NamedTuple):
    """One figure that differs for officers; None stands for no figure, and for one without value.

    Its fields are the columns of OFFICERS_ONLY.
    """

    kpi: str
    area_code: str
    period_kind: str
    period: str
    breakdown_topic: str
    breakdown: str
    old_value: Any
    old_symbol: str | None
    new_value: Any
    new_symbol: str | None
    is_new: bool
    is_gone: bool


@dataclass(frozen=True)
class OfficersMeasure:
    """A measure of which figures differ that only officers read."""

    kpi: str
    figures: tuple[OfficersFigure, ...]

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the audit log and with the approval: its name and counts, no value.

        That one hidden count of a measure changed can tell something to a reader who may not know
        it. So they stand only where auditors read: in the log, which the pipeline's account alone
        can open, and in approval.json, of which every page but Evidence reads no more than who
        approved, when and after which release. No .duckdb holds them, nor does diff.json.
        """
        return {"kpi": self.kpi} | self.count()

    def count(self) -> dict[str, int]:
        """How many figures changed, are new and are gone."""
        new, gone = (sum(getattr(item, name) for item in self.figures) for name in NEW_OR_GONE)
        return {"changed": len(self.figures) - new - gone, "new": new, "gone": gone}


NEW_OR_GONE = ("is_new", "is_gone")


def for_officers(release: Release, before: Release | None) -> tuple[OfficersMeasure, ...]:
    """By measure, what officers alone read otherwise than in the release before."""
    if before is None:
        return ()
    with closing(opened(release, before)) as connection:
        found = map(OfficersFigure._make, connection.execute(OFFICERS_ONLY).fetchall())
        return tuple(_by_measure(found))


def _by_measure(found: Iterable[OfficersFigure]) -> Iterable[OfficersMeasure]:
    for kpi, figures in groupby(found, key=lambda item: item.kpi):
        yield OfficersMeasure(kpi, tuple(figures))
