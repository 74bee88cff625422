"""A made-up council's queue as tables of core, and the tables that judgements make of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from pipelines.judgement.make import Inputs, make_judgements
from pipelines.registry.suites import columns_by_table
from pipelines.settings import PROJECT_ROOT

SQL = PROJECT_ROOT / "sql"
Row = dict[str, Any]


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Make a table of the house with these rows; what a row leaves out is empty."""
    columns = columns_by_table(PROJECT_ROOT / "expectations", SQL)[table]
    schema = table.split(".")[0]
    connection.execute(f"create schema if not exists {schema}")
    spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create table {table} ({spelled})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        cells = [[row.get(name) for name in columns] for row in rows]
        connection.executemany(f"insert into {table} values ({marks})", cells)  # noqa: S608


def weeks(
    first: date, joined: Sequence[int], finished: Sequence[int], late_share: float = 0.0
) -> list[Row]:
    """Consecutive weeks of core.queue_week; late_share: of the finished, those after 20 weeks."""
    return [
        {
            "la_code": "999",
            "week": f"{first + timedelta(weeks=number):%G-W%V}",
            "week_start": first + timedelta(weeks=number),
            "file_id": "a" * 16,
            "joined_agreed": came,
            "joined_undecided": 0,
            "not_joined": came // 3,
            "finished_count": gone,
            "late_count": round(late_share * gone),
            "left_count": 0,
            "left_estimated": 0,
            "is_estimated": False,
        }
        for number, (came, gone) in enumerate(zip(joined, finished, strict=True))
    ]


def cases(file_id: str, days_open: Sequence[int]) -> list[Row]:
    """Open cases on the day of a file, all of them being assessed."""
    return [
        {
            "file_id": file_id,
            "row_number": number,
            "request_record": number,
            "days_open": days,
            "case_stage": "in_assessment",
            "has_week20_exception": False,
            "is_disputed": False,
            "is_overdue": days > 140,
        }
        for number, days in enumerate(days_open)
    ]


def a_return(file_id: str, day: date) -> Row:
    """An extract of a day."""
    return {
        "file_id": file_id,
        "la_code": "999",
        "return_kind": "in_year",
        "reference_date": day,
        "is_newest": True,
    }


def milestone(due: date, level: int = 0, **others: Any) -> Row:
    """A milestone for overdue cases."""
    return {
        "la_code": "999",
        "position": 1,
        "plan_action": "clear",
        "plan_measure": "overdue",
        "milestone": "cleared",
        "kpi": "overdue_cases",
        "breakdown_topic": "All",
        "breakdown": "All",
        "polarity": "low_is_good",
        "original_due_date": due,
        "original_value": level,
        "current_due_date": due,
        "current_value": level,
        "level_value": level,
        "milestone_status": "not_yet_due",
        "original_status": "not_yet_due",
        **others,
    }


def autumn_2025() -> tuple[list[Row], list[Row]]:
    """Weeks up to September 2025 and open cases then: 300 of 860 overdue, as many in as out."""
    generator = np.random.default_rng(2025)
    came, gone = (generator.poisson(28, 52).tolist() for _ in range(2))
    young = generator.uniform(0, 140, 560).astype(int).tolist()
    late = generator.uniform(141, 430, 300).astype(int).tolist()
    return weeks(date(2024, 9, 2), came, gone), cases("autumn", [*young, *late])


def judged(
    council_folder: Path,
    weeks_held: Sequence[Row],
    cases_by_day: dict[date, Sequence[Row]],
    milestones: Sequence[Row] = (),
    chances: Sequence[Row] = (),
    months: Sequence[Row] = (),
) -> duckdb.DuckDBPyConnection:
    """A connection with the judged tables of these modules."""
    connection = duckdb.connect()
    fill(connection, "core.queue_week", weeks_held)
    files = {day: f"file of {day}" for day in cases_by_day}
    fill(connection, "core.case_return", [a_return(name, day) for day, name in files.items()])
    open_cases = [
        {**case, "file_id": files[day]} for day, held in cases_by_day.items() for case in held
    ]
    fill(connection, "core.open_case", open_cases)
    fill(connection, "marts.plan_milestone", milestones)
    fill(connection, "marts.forecast_chance", chances)
    fill(connection, "marts.kpi_value", months)
    inputs = Inputs(PROJECT_ROOT, council_folder)
    for _ in make_judgements(connection, inputs, ("backlog", "queue_chance", "plan_status")):
        pass
    return connection


def rows(connection: duckdb.DuckDBPyConnection, question: str) -> list[Row]:
    """The answer as records."""
    found = connection.sql(question)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
