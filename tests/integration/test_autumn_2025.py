"""The sample county's autumn 2025 at full size: 300 overdue cases, and a team since September.

The rows come from the generator itself, as its returns hold them, without files or door between.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipelines.judgement.make import Inputs, make_judgements
from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.county import County, make_county
from pipelines.synthetic.snapshot import Period, annual, blocks, in_year
from tests.unit.judgement.queue_rows import fill, milestone, rows

COUNCIL = PROJECT_ROOT / "data" / "councils" / "999"
CHRISTMAS = date(2025, 12, 25)
NEVER = np.datetime64("NaT", "D")
# core.open_case in the columns that the queue reads, by the law's 140 days.
OPEN_CASES = """
    create table core.open_case as
    select
        request.file_id,
        reference_date - received_date as days_open,
        case when request_outcome = 'A' then 'awaiting_decision' else 'in_assessment' end
            as case_stage,
        coalesce(has_week20_exception, false) as has_week20_exception,
        has_request_mediation or has_request_tribunal as is_disputed,
        reference_date - received_date > 140
        and not coalesce(has_week20_exception, false)
        and not has_request_mediation
        and not has_request_tribunal as is_overdue
    from core.request
    inner join core.case_return using (file_id)
    where
        exported_la_code is null
        and (
            request_outcome = 'A'
            or assessment_outcome = 'A'
            or (assessment_outcome = 'Y' and assessment_outcome_date is null)
        )
"""


def requests(county: County, name: str, period: Period) -> dict[str, Any]:
    """Requests of one return with their assessments, by column."""
    held = blocks(county, period)
    is_request = held.request >= 0
    place, outcome = held.request[is_request], held.outcome[is_request]
    result, day = held.assessment[is_request], held.assessment_day[is_request]
    ends, received = county.assessed, county.requests.received[place]
    is_appealed = ends.appealed[place] <= period.on
    has_left = (ends.ended[place] <= period.on) & (result == "W")
    is_settled = (day >= period.begins) & (day <= period.ends)
    return {
        "file_id": np.full(len(place), name),
        "request_record": np.arange(len(place)),
        "pseudonym": place.astype(str),
        "received_date": received,
        "request_outcome": outcome,
        "exported_la_code": _or_none(np.where(has_left, ends.exported_to[place], "")),
        "has_request_mediation": is_appealed & ends.is_mediation[place],
        "has_request_tribunal": is_appealed & ends.is_tribunal[place],
        "is_received_in_period": (outcome != "H")
        & (received >= period.begins)
        & (received <= period.ends),
        "assessment_outcome": _or_none(result),
        "assessment_outcome_date": day,
        "assessment_result": _or_none(
            np.select([is_settled & (result == "Y"), is_settled & (result == "N")], RESULTS, "")
        ),
        "has_week20_exception": ends.is_excepted[place],
        "has_assessment_mediation": np.zeros(len(place), bool),
        "has_assessment_tribunal": np.zeros(len(place), bool),
    }


RESULTS = ["issued", "refused"]


def _or_none(texts: Any) -> list[str | None]:
    return [text or None for text in texts.tolist()]


def returns() -> dict[str, Period]:
    """The return of January 2025, and the extract of September."""
    return {"annual": annual(2025), "september": in_year(np.datetime64("2025-09-30"))}


def _return_row(name: str, period: Period) -> dict[str, Any]:
    return {
        "file_id": name,
        "la_code": "999",
        "return_kind": "in_year" if period.is_in_year else "annual",
        "return_year": period.year,
        "reference_date": period.on.astype(object),
        "activity_start": period.begins.astype(object),
        "activity_end": period.ends.astype(object),
        "is_newest": True,
    }


@pytest.fixture(scope="module")
def told() -> Any:
    """The judged tables as of 30 September 2025."""
    county = make_county()
    with duckdb.connect() as connection:
        fill(connection, "core.case_return", [_return_row(*item) for item in returns().items()])
        parts = [pa.table(requests(county, *item)) for item in returns().items()]
        connection.register("asked", pa.concat_tables(parts))
        connection.execute("create table core.request as from asked")
        connection.execute(
            "create table core.assessment as from asked where assessment_outcome is not null"
        )
        for name in ("clock", "queue_week"):
            text = (PROJECT_ROOT / "sql" / "core" / f"{name}.sql").read_text(encoding="utf-8")
            connection.execute(f"create table core.{name} as {text}")
        connection.execute(OPEN_CASES)
        fill(connection, "marts.plan_milestone", [milestone(CHRISTMAS)])
        fill(connection, "marts.forecast_chance", [])
        fill(connection, "marts.kpi_value", [])
        inputs = Inputs(PROJECT_ROOT, COUNCIL)
        for _ in make_judgements(connection, inputs, ("backlog", "queue_chance", "plan_status")):
            pass
        yield connection


def forecast(told: Any, scenario: str, order: str = "oldest_first") -> dict[str, Any]:
    (found,) = rows(
        told,
        f"from marts.backlog_forecast where scenario = '{scenario}' and work_order = '{order}'",
    )
    return found


def test_about_three_hundred_cases_are_overdue_at_the_end_of_september(told: Any) -> None:
    assert 290 <= forecast(told, "as-now")["overdue_count"] <= 310


def test_as_the_past_year_ran_they_are_not_cleared_in_two_years(told: Any) -> None:
    now = forecast(told, "as-now")
    assert now["queue_load"] > 1
    assert (now["never_share"], now["chance"], now["clear_date_p50"]) == (1, 0, None)


def test_with_the_team_oldest_first_they_are_cleared_by_about_christmas(told: Any) -> None:
    team = forecast(told, "team-of-september")
    assert team["is_being_done"]
    assert date(2025, 11, 15) < team["clear_date_p50"] < date(2025, 12, 31)
    assert team["chance"] > 0.5
    assert team["queue_load"] < 1


def test_with_the_team_newest_first_they_are_not(told: Any) -> None:
    newest = forecast(told, "team-of-september", "newest_first")
    assert newest["chance"] < 0.5
    assert newest["clear_date_p50"] > CHRISTMAS


def test_the_rate_is_low_while_old_cases_are_cleared_and_rises_after(told: Any) -> None:
    found = rows(
        told,
        "from marts.backlog_week where scenario = 'team-of-september' "
        "and work_order = 'oldest_first' and week_number in (4, 24) order by week_number",
    )
    first, later = (row["on_time_pct_p50"] for row in found)
    assert first < 20
    assert later > 80


def test_the_milestone_of_christmas_is_not_at_risk_because_of_the_team(told: Any) -> None:
    found = rows(told, "from marts.plan_status where plan_version = 'current'")
    assert [(row["plan_status"], row["chance_detail"]) for row in found] == [
        ("not_yet_due", "team-of-september")
    ]
