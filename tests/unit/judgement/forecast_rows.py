"""Made-up authorities as the marts that forecasts are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np

from tests.unit.judgement.queue_rows import fill

ENGLAND = "E92000001"
YEARS = tuple(range(2019, 2026))
MEASURES = {
    "plans_maintained": ("count", "stock"),
    "mainstream_share": ("percent", "stock"),
    "new_plans": ("count", "flow"),
    "overdue_cases": ("count", "stock"),
    "places_delivered": ("count", "stock"),
}
Row = dict[str, Any]


def value(kpi: str, area: str, period: str, amount: float, **other: Any) -> Row:
    """A row of marts.kpi_value as a reader sees it."""
    is_nation = area == ENGLAND
    return {
        "kpi": kpi,
        "source": "dfe",
        "vintage": "2025",
        "vintage_order": 2025000,
        "period": period,
        "period_kind": MEASURES[kpi][1],
        "period_label": period,
        "la_code": None if is_nation else area,
        "area_code": area if is_nation else f"E10000{area}",
        "area_name": area,
        "area_kind": "nation" if is_nation else "authority",
        "breakdown_topic": "All",
        "breakdown": "All",
        "value": amount,
        "is_shown": True,
        "is_newest_of_source": True,
        "is_revised": False,
        **other,
    }


def yearly(kpi: str, table: Mapping[str, Sequence[float | None]]) -> list[Row]:
    """Rows of areas by years; nothing where there is no value."""
    form = "{}-01" if MEASURES[kpi][1] == "stock" else "{}"
    return [
        value(kpi, area, form.format(2019 + place), amount)
        for area, amounts in table.items()
        for place, amount in enumerate(amounts)
        if amount is not None
    ]


def grown(authorities: int, seed: int = 0) -> dict[str, list[float]]:
    """Plans of authorities, from 801 on, and of England: growth differs, and differs again."""
    generator = np.random.default_rng(seed)
    growth = generator.normal(0.1, 0.03, (authorities, len(YEARS) - 1))
    start = generator.uniform(1_000, 9_000, (authorities, 1))
    plans = np.hstack([start, start * np.exp(np.cumsum(growth, axis=1))]).round()
    rows = {str(801 + row): amounts for row, amounts in enumerate(plans.tolist())}
    return rows | {ENGLAND: (plans.sum(axis=0) * 5).tolist()}


def marts(
    rows: Sequence[Row], milestones: Sequence[Row] = (), areas: Sequence[str] = ()
) -> duckdb.DuckDBPyConnection:
    """A connection with the marts that forecasts read."""
    connection = duckdb.connect()
    fill(connection, "marts.kpi_value", rows)
    fill(
        connection,
        "marts.measure",
        [{"kpi": kpi, "unit": unit, "period_kind": kind} for kpi, (unit, kind) in MEASURES.items()],
    )
    held = sorted({row["la_code"] for row in rows if row["la_code"]} | {*areas})
    named = [
        {"area_code": f"E10000{code}", "la_code": code, "area_kind": "authority"} for code in held
    ]
    fill(connection, "marts.area", named)
    fill(connection, "marts.plan_milestone", milestones)
    fill(connection, "marts.backlog_forecast", [])
    return connection


def milestone(**cells: Any) -> Row:
    """A row of marts.plan_milestone that was never moved."""
    due, level = cells.pop("due"), cells.pop("level", None)
    return {
        "la_code": "801",
        "milestone": "m",
        "breakdown_topic": "All",
        "breakdown": "All",
        "polarity": "high_is_good",
        "original_due_date": due,
        "current_due_date": due,
        "original_value": level,
        "current_value": level,
        **cells,
    }
