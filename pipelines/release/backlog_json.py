"""The forecast of the backlog as one JSON document: what `send forecast backlog --json` prints.

Everything is read from the release; nothing is simulated here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.analysis.scoring import score
from pipelines.errors import InputError
from pipelines.registry.plan_day import AWAITED, status_on
from pipelines.release.json_values import plain

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]

QUANTILES = ("p10", "p50", "p90")
WEEKLY = ("overdue", "open")
MONTHLY = ("on_time_pct", "finished", "late_finished")
MODEL = (
    "Weeks drawn in blocks of four from the observed ones; cases are finished oldest first or "
    "newest first. docs/methods.md, When will the backlog clear?"
)
INPUTS = (
    *("queue_date", "open_count", "overdue_count", "history_from", "history_weeks"),
    *("ready_weeks", "is_estimated", "run_count", "horizon_weeks", "seed"),
    "stray_a_week",
)
ANSWER = (
    *("scenario", "scenario_title", "is_being_done", "is_size_assumed", "work_order"),
    *("arrivals_a_week", "completions_a_week", "queue_load", "target_queue"),
    *("relief_weeks", "relief_capacity", "never_share", "back_share"),
    *("goal", "milestone", "goal_date", "chance", "needed_capacity", "forecast_note"),
)
OF_CHANCE = ("chance", "chance_from", "chance_detail", "why_not")
MILESTONE = ("milestone", "plan_version", "milestone_due", "level_value", "plan_status", *OF_CHANCE)


def backlog_document(
    connection: duckdb.DuckDBPyConnection, release_id: str, la_code: str
) -> Record:
    """What is known, the model, its answers, milestones, back_test, and the record of earlier ones.

    connection: to a release's officer.duckdb.

    Raises:
        InputError: the release holds no queue of this authority, or too few weeks of it.
    """
    from pipelines.judgement.record import record

    answers = records(connection, "marts.backlog_forecast", {"la_code": la_code})
    if not answers:
        raise InputError(
            f"this release holds no forecast of the backlog of authority {la_code}",
            remedy="It needs the council's own returns or extracts, over half a year at least: "
            "send ingest FILE, then send build",
        )
    weeks = records(connection, "marts.backlog_week", {"la_code": la_code})
    tests = records(connection, "marts.backlog_test", {"la_code": la_code})
    return {
        "release": release_id,
        "forecast": "backlog",
        "la_code": la_code,
        "model": MODEL,
        "inputs": {name: answers[0][name] for name in INPUTS},
        "answers": [_answer(answer, weeks) for answer in answers],
        "milestones": milestones(connection, la_code, ("overdue_cases",)),
        "back_test": _back_test(tests),
        "record": record(connection, ("overdue_cases",), la_code),
    }


def records(
    connection: duckdb.DuckDBPyConnection, table: str, wanted: dict[str, Any]
) -> list[Record]:
    """The rows of a table of the release whose cells are these; none where it lacks the table."""
    from duckdb import ColumnExpression as Column
    from duckdb import ConstantExpression as Constant

    schema, name = table.split(".")
    held = connection.execute(
        "select 1 from duckdb_tables() where schema_name = ? and table_name = ?", [schema, name]
    ).fetchone()
    if held is None:
        return []
    rows = connection.table(table)
    for column, cell in wanted.items():
        rows = rows.filter(Column(column) == Constant(cell))
    return [
        {column: json_cell(cell) for column, cell in zip(rows.columns, row, strict=True)}
        for row in rows.fetchall()
    ]


def json_cell(cell: Any) -> Any:
    """A cell as JSON says it: dates as text, whole decimals as integers."""
    return cell.isoformat() if isinstance(cell, date) else plain(cell)


def milestones(
    connection: duckdb.DuckDBPyConnection,
    la_code: str,
    kpis: tuple[str, ...],
    read_on: date | None = None,
) -> list[Record]:
    """Where the milestones of these measures stand, as first promised and as moved since.

    read_on: the day of reading; without it today.
    """
    rows = records(connection, "marts.plan_status", {"la_code": la_code})
    day = read_on or date.today()
    return [
        {name: row[name] for name in MILESTONE} | _awaited(row, day)
        for row in rows
        if row["kpi"] in kpis
    ]


def _awaited(row: Record, read_on: date) -> Record:
    """What holds instead once the day has passed without a figure that decides it."""
    due = date.fromisoformat(row["milestone_due"])
    status = status_on(read_on, row["plan_status"], due, row["la_code"])
    return {"plan_status": AWAITED, **dict.fromkeys(OF_CHANCE)} if status == AWAITED else {}


def _answer(answer: Record, weeks: list[Record]) -> Record:
    """One scenario under one order, with its weeks and its periods of four weeks."""
    own = [
        week
        for week in weeks
        if all(week[name] == answer[name] for name in ("scenario", "work_order"))
    ]
    return {
        **{name: answer[name] for name in ANSWER},
        "clear_date": {share: answer[f"clear_date_{share}"] for share in QUANTILES},
        "weeks": [_period(week, WEEKLY) | {"goal_share": week["goal_share"]} for week in own],
        "four_weeks": [_period(week, MONTHLY) for week in own if week["finished_p50"] is not None],
    }


def _period(week: Record, names: tuple[str, ...]) -> Record:
    cells = {name: {share: week[f"{name}_{share}"] for share in QUANTILES} for name in names}
    return {"week": week["week_number"], "to": week["week_end"], **cells}


def _back_test(tests: list[Record]) -> list[Record]:
    """How earlier forecasts of the same kind did, by order of work and months ahead."""
    groups: dict[tuple[str, int], list[Record]] = {}
    for row in tests:
        groups.setdefault((row["work_order"], row["months_ahead"]), []).append(row)
    return [
        {"work_order": order, "months_ahead": months, **_score(rows)}
        for (order, months), rows in sorted(groups.items())
    ]


def _score(rows: list[Record]) -> Record:
    names = ("overdue_p50", "overdue_p10", "overdue_p90", "overdue_count", "actual_count")
    told = score(*([row[name] for row in rows] for name in names))
    return {
        "forecasts": told.count,
        "signed_error": _rounded(told.signed_error),
        "mean_absolute_error": _rounded(told.mean_absolute_error),
        "against_same_as_now": _rounded(told.against_naive),
        "range_held_pct": _rounded(told.coverage_pct),
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)
