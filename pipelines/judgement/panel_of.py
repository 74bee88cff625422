"""Yearly values of all authorities, out of marts.kpi_value into the panels that rules read.

What belongs here: which years and authorities make a panel, and why the others are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.analysis.coarse import CHILDREN, REQUESTS
from pipelines.analysis.panel import Kind, Panel
from pipelines.analysis.ranges import Floats
from pipelines.judgement.asked import frame

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# Before January 2019 statements are counted together with plans.
FIRST_YEAR = 2019
NATION = "E92000001"
# A rule looks two changes back from its first origin, and one year ahead of it.
LEAST_YEARS = 4
# A year belongs to the panel where at least this share of the authorities has it.
YEAR_SHARE = 0.5
# With fewer authorities no model is fitted, and simple rules stand alone.
LEAST_FOR_MODEL = 30
LEAST_AUTHORITIES = 5
# Its denominator is how many children live in an area.
CHILDREN_RATE = "plans_per_1000_aged_0_17"


@dataclass(frozen=True)
class Gathered:
    """One measure's panel, and what stands outside it.

    Args:
        kpi: the measure.
        kind: relative for counts, points for percentages.
        panel: authorities that have every year; None where too few have.
        newer: by authority, its values in the years after the panel's last, without a gap.
        england_newer: England's, likewise.
        why_not: by authority, why it is not in the panel.
        newest: by area, the newest year that has a value, and that value.
    """

    kpi: str
    kind: Kind
    panel: Panel | None
    newer: Mapping[str, Floats]
    england_newer: Floats
    why_not: Mapping[str, str]
    newest: Mapping[str, tuple[int, float]]

    def newer_years(self, la_code: str) -> int:
        """By how many years the authority and England are both ahead of the panel."""
        return min(len(self.newer.get(la_code, ())), len(self.england_newer))


def gathered(
    connection: duckdb.DuckDBPyConnection, kpi: str, unit: str, period_kind: str
) -> Gathered:
    """The panel of one measure, as far as the tables at hand hold it."""
    kind: Kind = "points" if unit == "percent" else "relative"
    frame = yearly(connection, kpi)
    wide = frame.pivot(index="area_key", columns="year", values="value")
    if kind == "relative":
        wide = wide.where(wide > 0)
    nation = wide.T[NATION] if NATION in wide.index else None
    authorities = wide.drop(index=NATION, errors="ignore")
    years = _years(authorities)
    newest = {str(key): _newest(row) for key, row in wide.iterrows()}
    if nation is None or len(years) < LEAST_YEARS:
        reason = f"Fewer than {LEAST_YEARS} years of published figures are held."
        return _none(kpi, kind, authorities, newest, reason)
    held = authorities.reindex(columns=years)
    is_whole = held.notna().all(axis=1)
    if nation.reindex(years).isna().any():
        return _none(kpi, kind, authorities, newest, "England has no value for each of the years.")
    if kind == "points" and ((held < 0) | (held > 100)).any(axis=None):
        wide_range = "A percentage that can lie outside 0 to 100 is not forecast."
        return _none(kpi, kind, authorities, newest, wide_range)
    if is_whole.sum() < LEAST_AUTHORITIES:
        few = f"Fewer than {LEAST_AUTHORITIES} authorities have every year."
        return _none(kpi, kind, authorities, newest, few)
    whole = held[is_whole]
    panel = Panel(
        tuple(map(str, whole.index)),
        years,
        whole.to_numpy(np.float64),
        nation.reindex(years).to_numpy(np.float64),
    )
    later = list(range(years[-1] + 1, int(wide.columns.max()) + 1))
    rest = authorities.reindex(columns=later)
    return Gathered(
        kpi=kpi,
        kind=kind,
        panel=panel,
        newer={str(code): _run(row) for code, row in rest.iterrows() if code in panel.la_codes},
        england_newer=_run(nation.reindex(later)),
        why_not=_missing(held[~is_whole], period_kind),
        newest=newest,
    )


def with_known(connection: duckdb.DuckDBPyConnection, plans: Gathered) -> Gathered:
    """The panel of plans with the requests and children that the coarse model looks at.

    The year before each January: requests received in it, children at the middle of it. What is
    not held is left out, and counts as the median authority's.
    """
    if plans.panel is None:
        return plans
    requests = yearly(connection, "requests_received")
    requests["year"] += 1
    children = yearly(connection, CHILDREN_RATE)
    children["value"] = children["denominator"]
    known = {
        name: table
        for name, frame in ((REQUESTS, requests), (CHILDREN, children))
        if np.isfinite(table := _known(frame, plans.panel)).any()
    }
    return replace(plans, panel=replace(plans.panel, known=known))


def yearly(connection: duckdb.DuckDBPyConnection, kpi: str) -> pd.DataFrame:
    """Every authority's and England's yearly values of a measure, with its counts."""
    first = str(FIRST_YEAR)
    return frame(connection, "yearly_value", kpi=kpi, first_period=first, nation=NATION)


def _known(frame: pd.DataFrame, panel: Panel) -> Floats:
    wide = frame.pivot(index="area_key", columns="year", values="value")
    return wide.reindex(index=panel.la_codes, columns=panel.years).to_numpy(np.float64)


def _years(authorities: pd.DataFrame) -> tuple[int, ...]:
    """The unbroken years that most authorities have, up to the newest of them."""
    counts = authorities.notna().sum()
    usual = {int(str(year)) for year, count in counts.items() if count >= YEAR_SHARE * counts.max()}
    years: list[int] = []
    year = max(usual, default=0)
    while year in usual:
        years.insert(0, year)
        year -= 1
    return tuple(years)


def _newest(row: pd.Series[float]) -> tuple[int, float]:
    held = row.dropna()
    return (int(held.index[-1]), float(held.iloc[-1])) if len(held) else (0, np.nan)


def _run(row: pd.Series[float]) -> Floats:
    """The values up to the first gap."""
    values = row.to_numpy(np.float64)
    gaps = np.flatnonzero(np.isnan(values))
    return np.asarray(values[: gaps[0]] if len(gaps) else values)


def _missing(held: pd.DataFrame, period_kind: str) -> dict[str, str]:
    name = "January " if period_kind == "stock" else ""
    return {
        str(code): "No value for "
        + _listed([f"{name}{year}" for year in held.columns[row.isna()]])
        + "."
        for code, row in held.iterrows()
    }


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _none(
    kpi: str,
    kind: Kind,
    authorities: pd.DataFrame,
    newest: Mapping[str, tuple[int, float]],
    reason: str,
) -> Gathered:
    why = {str(code): reason for code in authorities.index}
    return Gathered(kpi, kind, None, {}, np.empty(0), why, newest)
