"""What the public is told of officers' chances: one promise, one chance, no small parts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.judgement.make import Inputs, make_judgements
from pipelines.judgement.plan_status import told_in_public
from pipelines.settings import PROJECT_ROOT
from tests.unit.judgement.queue_rows import fill, milestone, rows

DUE = date(2028, 1, 31)
VERSIONS = ("original", "current")
REACHED = {"p10": date(2027, 11, 17), "p50": date(2028, 1, 5), "p90": None}


def stated(name: str, chance: float | None, why_not: str | None = None) -> list[dict[str, Any]]:
    """The officers' forecast of a milestone's measure, as first promised and as moved."""
    said = {"chance": chance, "why_not": why_not, "forecast": "own_months/mainstream_share/999"}
    return [
        {"la_code": "999", "milestone": name, "plan_version": version, **said}
        for version in VERSIONS
    ]


@pytest.fixture
def held(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """An officers' file: a whole measure, a part of one, and one that nothing reaches."""
    connection = duckdb.connect()
    whole = milestone(DUE, 40, kpi="mainstream_share", polarity="high_is_good")
    part = {"breakdown_topic": "District", "breakdown": "Northmoor"}
    promises = [whole | {"milestone": "whole"}, whole | part | {"milestone": "part"}]
    overdue = milestone(DUE, 0, kpi="overdue_cases") | {"milestone": "queued"}
    fill(connection, "marts.plan_milestone", [*promises, whole | {"milestone": "none"}, overdue])
    found = [*stated("whole", 0.123456), *stated("part", 0.9), *stated("none", None, "A reason.")]
    fill(connection, "marts.forecast_chance", found)
    fill(connection, "marts.backlog_chance", [queued()])
    return connection


def queued() -> dict[str, Any]:
    """The simulated queue's word of a milestone, to the day."""
    days = {f"clear_date_{share}": REACHED[share] for share in REACHED}
    return {
        "la_code": "999",
        "milestone": "queued",
        "plan_version": "current",
        "kpi": "overdue_cases",
        "milestone_due": DUE,
        "scenario": "team",
        "scenario_title": "A team comes",
        "chance": 0.456,
        "chance_as_now": 0.2345,
        "is_deciding": True,
        **days,
    }


def test_only_chances_of_whole_measures_are_told(held: duckdb.DuckDBPyConnection) -> None:
    told = told_in_public(held)
    assert {(row["milestone"], row["plan_version"]) for row in told} == {
        *(("whole", version) for version in VERSIONS),
        ("queued", "current"),
    }


def test_the_public_file_says_the_officers_chance_in_whole_per_cent(
    held: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    told = told_in_public(held)
    # What the public figures alone would say: something else, and more certain.
    held.execute("update marts.forecast_chance set chance = 0.7 where milestone != 'none'")
    inputs = Inputs(PROJECT_ROOT, tmp_path / "999", is_public=True, told=told)
    for _ in make_judgements(held, inputs, ("plan_status",)):
        pass
    said = {
        (row["milestone"], str(row["chance"] or "")[:6], row["plan_status"])
        for row in rows(held, "from marts.plan_status")
    }
    assert said == {
        ("whole", "0.1200", "at_risk"),
        ("part", "0.7000", "not_yet_due"),
        ("none", "", "not_yet_due"),
        ("queued", "0.4600", "at_risk"),
        ("queued", "", "not_yet_due"),
    }


def test_the_public_file_says_when_the_queue_reaches_the_level_to_the_month(
    held: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    inputs = Inputs(PROJECT_ROOT, tmp_path / "999", is_public=True, told=told_in_public(held))
    for _ in make_judgements(held, inputs, ("plan_status",)):
        pass
    (said,) = rows(
        held,
        "from marts.plan_status where milestone = 'queued' and plan_version = 'current'",
    )
    assert said["reached_month_p10"] == date(2027, 11, 1)
    assert said["reached_month_p50"] == date(2028, 1, 1)
    assert said["reached_month_p90"] is None


def said_of_the_queue(held: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Any, Any]:
    """What the public file says that its milestone takes to hold, and its chance as things are."""
    inputs = Inputs(PROJECT_ROOT, folder / "999", is_public=True, told=told_in_public(held))
    for _ in make_judgements(held, inputs, ("plan_status",)):
        pass
    (said,) = rows(
        held,
        "from marts.plan_status where milestone = 'queued' and plan_version = 'current'",
    )
    return said["chance_scenario"], said["chance_as_now"]


def test_a_chance_says_what_it_takes_to_hold_and_stands_beside_the_chance_as_things_are(
    held: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert said_of_the_queue(held, tmp_path) == ("A team comes", Decimal("0.23"))


def test_where_no_chance_is_stated_nothing_is_said_to_hold(
    held: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    held.execute("update marts.backlog_chance set chance = null")
    assert said_of_the_queue(held, tmp_path) == (None, None)
