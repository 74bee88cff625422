"""Where each milestone of the delivery plan stands, with its chance: marts.plan_status.

Date and value alone say met, missed, not yet due or not measured (marts.plan_milestone). What is
not yet due is at risk where something forecasts it and gives it less than an even chance; the
forecasts of measures state theirs in marts.forecast_chance. A status never speaks of trend.
Method: docs/methods.md, "How good were our forecasts?".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipelines.analysis.scoring import AT_RISK_BELOW
from pipelines.judgement.rows import table_of
from pipelines.judgement.series import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipelines.judgement.make import Inputs

TABLE = "marts.plan_status"
COLUMNS = (
    *("la_code", "position", "plan_action", "plan_measure", "milestone", "plan_version"),
    *("kpi", "breakdown_topic", "breakdown", "polarity", "milestone_due", "level_value"),
    *("plan_status", "chance", "chance_from", "chance_detail"),
    "why_not",
)

Record = dict[str, Any]
# A chance is told in whole per cent.
CHANCE_DECIMALS = 2


def tables(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> Mapping[str, Any]:
    """The status of every milestone, as first promised and as moved since."""
    stated = _stated(connection, inputs)
    promises = rows_of(connection, inputs.root, "milestone_promise").to_pylist()
    return {TABLE: table_of(COLUMNS, [_judged(row, stated.get(_key(row), {})) for row in promises])}


def _stated(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> dict[tuple[str, ...], Record]:
    """The chance of each milestone; of two, the queue's own counts."""
    found = rows_of(connection, inputs.root, "forecast_chance").to_pylist()
    found += inputs.queue_chances if inputs.is_public else queue_chances(connection, inputs.root)
    return {_key(row): row for row in found}


def queue_chances(connection: duckdb.DuckDBPyConnection, root: Path) -> tuple[Record, ...]:
    """The chance of each milestone for overdue cases, in whole per cent, from the simulated queue.

    The one thing that the public file is told of the queue: a share of simulated runs, of the
    authority's own totals, which are public as they are.
    """
    found = rows_of(connection, root, "backlog_chance").to_pylist()
    return tuple({**row, "chance": round(row["chance"], CHANCE_DECIMALS)} for row in found)


def _key(row: Record) -> tuple[str, ...]:
    return row["la_code"], row["milestone"], row["plan_version"]


def _judged(promise: Record, stated: Record) -> Record:
    """A chance is told only of what is still open; where there is none, why not."""
    if promise["plan_status"] != "not_yet_due":
        return promise
    if stated.get("chance") is None:
        return {**promise, "why_not": stated.get("why_not") or _nothing(promise)}
    told = {name: stated[name] for name in ("chance", "chance_from", "chance_detail")}
    is_at_risk = float(stated["chance"]) < AT_RISK_BELOW
    return {**promise, **told, "plan_status": "at_risk" if is_at_risk else "not_yet_due"}


def _nothing(promise: Record) -> str:
    if promise["breakdown_topic"] != "All":
        return "Forecasts are made of whole measures, and this milestone is about a part of one."
    return "Nothing forecasts this measure."
