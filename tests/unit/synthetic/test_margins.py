"""The rows of the sample county add up to what the DfE published for Staffordshire.

The measures are computed here once more, straight from the rows as a return holds them, by the
DfE's definitions; the published figures are read from the table that the product ships.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.ingest.modules import Modules
from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.county import County
from pipelines.synthetic.faults import with_faults
from pipelines.synthetic.margins import published, scaled, shares
from pipelines.synthetic.returns import annual_return

HEADLINES = PROJECT_ROOT / "data" / "reference" / "headline_figures.csv"
STAFFORDSHIRE = "860"
RETURNS = (2023, 2024, 2025, 2026)
TYPES = PROJECT_ROOT / "data" / "reference" / "establishment_type.csv"

ACTIVE = """
    create view active as
    select active_plan.record, named_plan.start_date, placement.*
    from active_plan
    inner join request on active_plan.parent = request.record
    inner join assessment on assessment.parent = request.record
    inner join named_plan on named_plan.parent = assessment.record
    left join placement_detail as placement
        on placement.parent = active_plan.record and placement.placement_rank = '1'
        and placement.leaving_date is null
"""


@cache
def printed() -> dict[tuple[str, str, str], float]:
    """Published figures of Staffordshire by data set, indicator and period; the newest edition."""
    with HEADLINES.open(encoding="utf-8", newline="") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["vintage"])
    return {
        (row["dataset"], row["indicator"], row["time_period"]): float(row["value_text"])
        for row in rows
        if row["la_code"] == STAFFORDSHIRE and row["value_text"] not in ("x", "z", "-", "..")
        if row["source"] == "dfe" and row["breakdown"] == "All"
    }


def flow(dataset: str, indicator: str, return_year: int) -> float | None:
    return printed().get((dataset, indicator, str(return_year - 1)))


def stock(dataset: str, indicator: str, return_year: int) -> float | None:
    return printed().get((dataset, indicator, f"{return_year - 1}{return_year % 100:02d}"))


def connected(modules: Modules) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, table in modules.tables.items():
        connection.register(f"{name}_read", table)
        connection.table(f"{name}_read").create(name)
    connection.execute(ACTIVE)
    return connection


@pytest.fixture(scope="module", params=RETURNS, ids=str)
def opened(
    request: pytest.FixtureRequest, county: County
) -> Iterator[tuple[int, duckdb.DuckDBPyConnection]]:
    """A return with its faults, as tables."""
    year = request.param
    modules, planted = with_faults(annual_return(county, year), year, county.seed)
    assert planted
    connection = connected(modules)
    schools = county.schools
    connection.execute("create table school (urn varchar, type_code varchar)")
    rows = zip(schools.urn.tolist(), schools.type_code.tolist(), strict=True)
    connection.executemany("insert into school values (?, ?)", [row for row in rows if row[0]])
    connection.execute("create table kind as from read_csv(?, all_varchar = true)", [str(TYPES)])
    yield year, connection
    connection.close()


def one(connection: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> Any:
    (row,) = connection.execute(sql, list(values)).fetchall()
    return row[0] if len(row) == 1 else row


def test_plans_in_place_are_those_published(opened: Any) -> None:
    year, connection = opened
    plans = one(connection, "select count(*) from active")
    assert plans == stock("caseload", "ehcplans", year)
    assert plans == {2023: 6830, 2024: 7490, 2025: 8461, 2026: 9979}[year]


def test_plans_by_group_of_placement_are_those_published(opened: Any) -> None:
    """The group follows from the register of schools, the type of provider or the code."""
    year, connection = opened
    groups = dict(
        connection.execute(
            """
            select
                case
                    when kind.placement_group is not null then kind.placement_group
                    when ukprn is not null then 'further_education'
                    when sen_setting = 'EYP' then 'early_years'
                    when sen_setting is not null then 'educated_elsewhere'
                    else 'unknown'
                end as placement_group,
                count(*)
            from active
            left join school on active.urn = school.urn
            left join kind on school.type_code = kind.establishment_type_code
            group by all
            """
        ).fetchall()
    )
    columns = {
        "mainstream": "mainstream_total",
        "special": "special_total",
        "alternative_provision": "ap_pru_total",
        "further_education": "fe_total",
        "educated_elsewhere": "ed_elsewhere",
        "unknown": "placement_unknown",
    }
    assert {name: groups[name] for name in columns} == {
        name: stock("caseload", column, year) for name, column in columns.items()
    }
    share = round(100 * groups["mainstream"] / sum(groups.values()) + 1e-9, 1)
    assert share == {2023: 30.6, 2024: 32.1, 2025: 32.8, 2026: 35.1}[year]


def test_new_and_ceased_plans_and_the_balance_of_those_moved_in(opened: Any) -> None:
    year, connection = opened
    new = one(
        connection,
        """
        select count(*) from named_plan
        inner join assessment on named_plan.parent = assessment.record
        where assessment_outcome <> 'H' and start_date like ?
        """,
        f"{year - 1}-%",
    )
    ceased = one(
        connection, "select count(*) from named_plan where cease_date like ?", f"{year - 1}-%"
    )
    moved = one(connection, "select count(transfer_la_code) from active_plan")
    assert new == {2023: 784, 2024: 1010, 2025: 1236, 2026: 1678}[year]
    assert new == flow("newplans", "new_ehc_plans", year) or year == 2026
    assert ceased == flow("ceased_plans", "total_ceased", year) or year == 2026
    before = stock("caseload", "ehcplans", year - 1)
    assert stock("caseload", "ehcplans", year) == before + new + moved - ceased


def test_twenty_week_rates_are_those_published(opened: Any) -> None:
    """Plans issued in the year without mediation or tribunal; excepted ones in and out."""
    year, connection = opened
    counts = one(
        connection,
        """
        with issued as (
            select
                date_diff('day', received_date::date, assessment_outcome_date::date) as days,
                has_week20_exception = '1' as is_excepted
            from assessment inner join request on assessment.parent = request.record
            where assessment_outcome = 'Y' and assessment_outcome_date like ?
                and request_outcome <> 'H'
                and '1' not in (
                    has_request_mediation, has_request_tribunal,
                    has_assessment_mediation, has_assessment_tribunal
                )
        )
        select
            count(*), count(*) filter (not is_excepted),
            count(*) filter (days <= 140), count(*) filter (days <= 140 and not is_excepted),
            count(*) filter (days > 365), count(*) filter (days > 365 and not is_excepted)
        from issued
        """,
        f"{year - 1}-%",
    )
    indicators = (
        "plans_issued_den",
        "plans_issued_den_ex",
        "plans_issued_within_20_weeks",
        "plans_issued_20_weeks_ex",
        "plans_issued_gt_1_year",
        "plans_issued_gt_1_year_ex",
    )
    wanted = [flow("timeliness_20_week", name, year) for name in indicators]
    assert wanted[:4] == list(counts[:4])
    assert [
        count for count, want in zip(counts, wanted, strict=True) if want not in (count, None)
    ] == []


def test_requests_are_those_published(opened: Any) -> None:
    year, connection = opened
    received, refused = one(
        connection,
        """
        select count(*), count(*) filter (request_outcome = 'N') from request
        where received_date like ? and request_outcome <> 'H'
        """,
        f"{year - 1}-%",
    )
    assert received == flow("requests", "requests_received_in_year", year)
    assert refused == flow("requests", "requests_decided_not_to_assess", year)
    outstanding = one(
        connection,
        "select count(*) from request where request_outcome = 'A' and received_date like ?",
        f"{year - 1}-%",
    )
    assert outstanding == {2023: 24, 2024: 181, 2025: 158, 2026: 154}[year]


def test_decisions_in_six_weeks_are_those_published(opened: Any) -> None:
    year, connection = opened
    in_time, late = one(
        connection,
        """
        select count(*) filter (days <= 42), count(*) filter (days > 42) from (
            select date_diff('day', received_date::date, request_outcome_date::date) as days
            from request
            where request_outcome in ('Y', 'N') and request_outcome_date like ?
        )
        """,
        f"{year - 1}-%",
    )
    if year > 2023:
        assert in_time == flow("requests", "request_outcome_six_weeks", year)
        assert late == flow("requests", "request_outcome_over_6_weeks", year)
    assert in_time + late == {2023: 1649, 2024: 1857, 2025: 2248, 2026: 2383}[year]


def test_who_asked_in_2025_is_as_published(county: County) -> None:
    connection = connected(annual_return(county, 2026))
    found = dict(
        connection.execute(
            """
            select coalesce(request_source, ''), count(*) from request
            where request_outcome <> 'H' and received_date like '2025-%' group by all
            """
        ).fetchall()
    )
    connection.close()
    assert found == {"1": 801, "2": 1229, "3": 4, "4": 16, "": 377}


def test_reviews_at_the_census_of_2025_are_those_published(county: County) -> None:
    connection = connected(annual_return(county, 2025))
    expected, met, in_time, late = one(
        connection,
        """
        select
            count(*), count(review_meeting_date),
            count(*) filter (days <= 28), count(*) filter (days > 28)
        from (
            select
                review_meeting_date,
                date_diff('day', review_meeting_date::date, last_review_date::date) as days
            from active
            inner join active_plan on active.record = active_plan.record
            where start_date < '2024-01-01'
        )
        """,
    )
    connection.close()
    assert expected == flow("annual_reviews", "review_expected", 2025)
    assert met == flow("annual_reviews", "total_review_meeting", 2025)
    assert in_time == flow("annual_reviews", "number_decsion_4weeks", 2025)
    assert late == flow("annual_reviews", "number_decision_gt_4weeks", 2025)


def test_parts_add_up_to_their_total_by_the_largest_remainder() -> None:
    assert shares({"a": 1, "b": 1, "c": 1}, 10) == {"a": 4, "b": 3, "c": 3}
    assert shares({"a": 0, "b": 5}, 3) == {"a": 0, "b": 3}


@pytest.mark.parametrize("scale", [0.01, 0.03, 0.5, 70])
def test_at_any_size_plans_are_the_balance_and_no_part_is_negative(scale: float) -> None:
    margins = scaled(published(Path(PROJECT_ROOT)), scale)
    for year, wanted in margins.years.items():
        moved = margins.transfers_in(year)
        assert moved >= 0
        assert margins.plans(year + 1) == (
            margins.plans(year) + wanted.new_plans.all + moved - margins.ceased(year)
        )
        assert wanted.timeliness.middle >= 0
        assert wanted.requests.agreed > 0
