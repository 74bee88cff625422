"""The newest figure of an area and what it may be compared with; pure functions of frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.measure import OWN, Measure
from dashboards.words.timeliness import counted_day


@dataclass(frozen=True)
class Latest:
    """The newest period for which an area has a value; later symbols are kept apart.

    Attributes:
        change: None where the period before has no value, or where a break lies between.
        since: label of the period before.
        is_break: the series changes its meaning at this very period.
        pending: label and symbol of a newer period without a value, both empty otherwise.
        symbol: what stands in place of the value; empty where there is one.
        decimals: with which value and change are printed.
        is_own: counted from the council's own returns.
        day: that was counted, where the council's own return says it; otherwise empty.
    """

    period: str
    period_label: str
    value: float | None
    numerator: float | None
    denominator: float | None
    change: float | None
    since: str
    is_break: bool
    is_revised: bool
    pending: tuple[str, str]
    symbol: str = ""
    decimals: int = 0
    is_own: bool = False
    day: str = ""

    def counted(self, unit: str, decimals: int) -> float | None:
        """The percentage of the counts as printed, where it is rounded more than others are.

        decimals: of the measure. None where the counts are not held, are of another basis, or where
        the value itself is as exact as those beside it.
        """
        is_rounded = unit == "percent" and self.decimals < decimals
        if not is_rounded or self.value is None or self.numerator is None or not self.denominator:
            return None
        share = 100 * self.numerator / self.denominator
        return share if abs(share - self.value) <= 0.5 * 10**-self.decimals + 1e-9 else None


def latest(frame: pd.DataFrame, measure: Measure) -> Latest | None:
    """The newest figure in one area's series, or None for an empty series.

    frame: as figures.series gives it, for one area.
    """
    if frame.empty:
        return None
    ordered = frame.sort_values("period")
    known = ordered[ordered["value"].notna()]
    row = (known if not known.empty else ordered).iloc[-1]
    newest = ordered.iloc[-1]
    is_later = newest["period"] > row["period"]
    is_break = row["period"] in {period for period, _ in measure.breaks}
    before = formats.period_before(row["period"])
    return Latest(
        period=row["period"],
        period_label=row["period_label"],
        value=formats.known(row["value"]),
        numerator=formats.known(row["numerator"]),
        denominator=formats.known(row["denominator"]),
        change=None if is_break else formats.known(row["change"]),
        since=formats.period_label(before, str(row["period_kind"])),
        is_break=is_break,
        is_revised=bool(row["is_revised"]),
        pending=(newest["period_label"], _symbol(newest["symbol"])) if is_later else ("", ""),
        symbol="" if formats.is_number(row["value"]) else _symbol(row["symbol"]),
        decimals=measure.places(row.get("source")),
        is_own=row.get("source") == OWN,
        day=counted_day(str(row["period"]), row.get("source"), row.get("vintage")),
    )


def at(benchmark: pd.DataFrame, period: str, column: str) -> float | None:
    """One comparator's figure for a period, None where there is none."""
    found = benchmark.loc[benchmark["period"] == period, column]
    return None if found.empty else formats.known(found.iloc[0])


def recent(frame: pd.DataFrame, periods: Sequence[str]) -> list[float | None]:
    """The values of one area for given periods in order, None where there is no figure."""
    values = dict(zip(frame["period"], frame["value"], strict=True))
    return [formats.known(values.get(period)) for period in periods]


def every_period(frame: pd.DataFrame) -> list[str]:
    """All yearly periods from the first to the last, the missing ones included."""
    if frame.empty:
        return []
    first, last = frame["period"].min(), frame["period"].max()
    return [f"{year}{last[4:]}" for year in range(int(first[:4]), int(last[:4]) + 1)]


def _symbol(cell: Any) -> str:
    """The symbol that stands in place of a figure; x where the release gives none."""
    return cell if isinstance(cell, str) and cell else "x"
