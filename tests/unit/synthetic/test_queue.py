"""The queue of autumn 2025, counted in the extracts as the product counts it."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.synthetic.county import County
from pipelines.synthetic.draw import day, years_of
from pipelines.synthetic.returns import extract

OVERDUE = """
    select
        count(*) filter (where not is_excepted), count(*) filter (where is_excepted)
    from (
        select
            coalesce(assessment.has_week20_exception = '1', false) as is_excepted,
            request.*, assessment.assessment_outcome, assessment.assessment_outcome_date
        from request left join assessment on assessment.parent = request.record
    )
    where exported_la_code is null
        and coalesce(has_request_mediation, '0') = '0' and coalesce(has_request_tribunal, '0') = '0'
        and (
            request_outcome = 'A' or assessment_outcome = 'A'
            or (assessment_outcome = 'Y' and assessment_outcome_date is null)
        )
        and date_diff('day', received_date::date, $on::date) > 140
"""


def overdue(county: County, on: str) -> tuple[int, int]:
    """Cases over 20 weeks in the extract of a day: those that count, those with an exception."""
    connection = duckdb.connect()
    for name in ("request", "assessment"):
        connection.register(name, extract(county, day(on)).tables[name])
    (found,) = connection.execute(OVERDUE, {"on": on}).fetchall()
    connection.close()
    return int(found[0]), int(found[1])


def test_300_cases_are_overdue_at_the_end_of_september(county: County) -> None:
    counted, excepted = overdue(county, "2025-09-30")
    assert 295 <= counted <= 305
    assert excepted > 0


def test_the_queue_grows_until_the_team_begins_and_is_all_but_cleared_by_christmas(
    county: County,
) -> None:
    days = ("2025-02-28", "2025-05-31", "2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30")
    winter, spring, summer, *autumn = (overdue(county, on)[0] for on in days)
    assert winter < spring < summer
    assert summer > autumn[0] > autumn[1] > autumn[2]
    assert overdue(county, "2025-12-31")[0] <= 10


def test_few_plans_are_in_time_while_old_cases_are_cleared(county: County) -> None:
    received, ends = county.requests.received, county.assessed
    issued = (ends.outcome == "Y") & (county.requests.decision == "Y")
    within = issued & ((ends.ended - received).astype(int) <= 140)
    of_2025 = issued & (years_of(ends.ended) == 2025)
    assert round(100 * int((within & of_2025).sum()) / int(of_2025.sum()), 1) == 22.8
    autumn = of_2025 & (ends.ended >= day("2025-09-01"))
    assert autumn.sum() > of_2025.sum() / 2


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_at_the_end_of_a_year_as_many_are_overdue_as_the_margins_say(
    county: County, year: int
) -> None:
    requests, ends = county.requests, county.assessed
    on = day(f"{year}-12-31")
    waiting = (requests.decision == "Y") & (requests.decided <= on) & ~(ends.ended <= on)
    counted = waiting & ((on - requests.received).astype(int) > 140)
    assert abs(int(counted.sum()) - county.margins.overdue.left[year]) <= 3


def test_a_small_county_has_a_small_queue(small_county: County) -> None:
    assert abs(overdue(small_county, "2025-09-30")[0] - small_county.margins.overdue.in_autumn) <= 3
