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
from pipelines.judgement.asked import rows
from pipelines.judgement.rows import table_of

if TYPE_CHECKING:
    import duckdb

    from pipelines.judgement.make import Inputs

TABLE = "marts.plan_status"
COLUMNS = (
    *("la_code", "position", "plan_action", "plan_measure", "milestone", "plan_version"),
    *("kpi", "breakdown_topic", "breakdown", "polarity", "milestone_due", "level_value"),
    *("plan_status", "chance", "chance_from", "chance_detail", "chance_scenario"),
    "chance_as_now",
    *("reached_month_p10", "reached_month_p50", "reached_month_p90"),
    "why_not",
)
# What is told of a milestone that is still open.
TOLD = COLUMNS[COLUMNS.index("chance") : COLUMNS.index("why_not")]

Record = dict[str, Any]
# Chances are told in whole per cent.
CHANCES = ("chance", "chance_as_now")
CHANCE_DECIMALS = 2
NOT_HELD = "No value of this measure is held for the council."


def tables(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> Mapping[str, Any]:
    """The status of every milestone, as first promised and as moved since."""
    stated = _stated(connection, inputs)
    promises = rows(connection, "milestone_promise")
    return {TABLE: table_of(COLUMNS, [_judged(row, stated.get(_key(row), {})) for row in promises])}


def _stated(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> dict[tuple[str, ...], Record]:
    """The chance of each milestone: of a forecast, of the queue where that decides.

    What the officers are told of a whole measure goes before what the public figures alone say.
    """
    by_queue = inputs.told if inputs.is_public else rows(connection, "backlog_chance")
    found = (*rows(connection, "forecast_chance"), *by_queue)
    return {_key(row): _in_per_cent(row) for row in found}


def told_in_public(connection: duckdb.DuckDBPyConnection) -> tuple[Record, ...]:
    """The officers' chances that the public file is told: one promise has one chance.

    Those of whole measures and of the queue, in whole per cent: a share of possible values of the
    authority's totals; when the queue reaches the level, to the month; and the chance if nothing
    new is done about it. What rests on the months of a part of a measure stays with the officers.
    """
    stated = [row for row in rows(connection, "forecast_chance") if row["chance"] is not None]
    whole = [row for row in stated if row["is_about_whole"]]
    return *whole, *rows(connection, "backlog_chance")


def _in_per_cent(row: Record) -> Record:
    stated = {name: row[name] for name in CHANCES if row.get(name) is not None}
    return {**row, **{name: round(chance, CHANCE_DECIMALS) for name, chance in stated.items()}}


def _key(row: Record) -> tuple[str, ...]:
    return row["la_code"], row["milestone"], row["plan_version"]


def _judged(promise: Record, stated: Record) -> Record:
    """A chance is told only of what is still open; where there is none, why not."""
    if promise["plan_status"] == "not_measured":
        return {**promise, "why_not": NOT_HELD}
    if promise["plan_status"] != "not_yet_due":
        return promise
    if stated.get("chance") is None:
        return {**promise, "why_not": stated.get("why_not") or _nothing(promise)}
    told = {name: stated.get(name) for name in TOLD}
    is_at_risk = float(stated["chance"]) < AT_RISK_BELOW
    return {**promise, **told, "plan_status": "at_risk" if is_at_risk else "not_yet_due"}


def _nothing(promise: Record) -> str:
    if promise["breakdown_topic"] != "All":
        return "This milestone is about a part of a measure, of which no months are held."
    return "Nothing forecasts this measure."
