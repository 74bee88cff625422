"""What happened counts over years, months, the year so far and 12 months, by one text for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.engine.duckdb import warehouse
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land, land_schools

LA = "330"
# Days on which requests came in, by the return or extract that knows of them.
FIRST_YEAR = (date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1), date(2024, 12, 31))
MARCH = (date(2025, 1, 31), date(2025, 2, 1), date(2025, 3, 20))
APRIL = (*MARCH, date(2025, 3, 31), date(2025, 4, 9))
SECOND_YEAR = (*APRIL, date(2025, 3, 30), date(2025, 12, 31))


def received(made: Return, days: tuple[date, ...]) -> Return:
    """A request a day, each refused 20 days later."""
    for day in days:
        made.add(request={"request_outcome": "A", "received_date": day})
    return made


def extract(on: date, place: int) -> Return:
    return Return(
        la_code=LA,
        year=on.year + 1,
        vintage=f"{on:%Y-%m}",
        file_id=f"{place:016x}",
        kind="in_year",
        reference_date=on,
    )


def annual(year: int, place: int) -> Return:
    on = date(year, 1, 16)
    return Return(
        la_code=LA, year=year, vintage=str(year), file_id=f"{place:016x}", reference_date=on
    )


def second_year() -> Return:
    made = received(annual(2026, 4), SECOND_YEAR)
    # Three plans of May, and one case that was withdrawn on a day that nobody recorded.
    for _ in range(3):
        made.add(
            request={"request_outcome": "Y", "received_date": date(2024, 12, 1)},
            assessment={"assessment_outcome": "Y", "assessment_outcome_date": date(2025, 5, 2)},
            plan={"start_date": date(2025, 5, 2)},
        )
    made.add(request={"request_outcome": "H"}, assessment={"assessment_outcome": "W"})
    return made


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A year, two extracts of the next, and its return."""
    folder: Path = tmp_path_factory.mktemp("windows")
    returns = (
        received(annual(2025, 1), FIRST_YEAR),
        received(extract(date(2025, 3, 31), 2), MARCH),
        received(extract(date(2025, 4, 30), 3), APRIL),
        second_year(),
    )
    for made in returns:
        tables = made.tables()
        if made.kind == "in_year":
            tables["received_file"][0]["vintage_order"] = int(made.vintage.replace("-", "")) * 1000
        land(folder, made.file_id, tables)
    land_schools(folder)
    with warehouse(build(folder).warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def values(
    connection: duckdb.DuckDBPyConnection, kpi: str, period: str
) -> list[tuple[str, Decimal, bool]]:
    """Edition, value and whether it is shown, the oldest first."""
    return connection.execute(
        "select vintage, value, is_shown from marts.kpi_value "
        "where kpi = ? and period = ? and la_code = ? and breakdown_topic = 'All' "
        "order by vintage_order",
        [kpi, period, LA],
    ).fetchall()


@pytest.mark.parametrize(
    ("period", "count"),
    [("2024-01", 1), ("2024-02", 0), ("2024-03", 1), ("2024-04", 1), ("2024-12", 1)],
)
def test_a_return_gives_each_month_of_its_year_and_nought_where_nothing_came(
    opened: duckdb.DuckDBPyConnection, period: str, count: int
) -> None:
    assert values(opened, "requests_received", period) == [("2025", Decimal(count), True)]


def test_the_newest_file_that_covers_a_month_is_shown_and_the_others_stay(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert values(opened, "requests_received", "2025-03") == [
        ("2025-03", Decimal(1), False),
        ("2025-04", Decimal(2), False),
        ("2026", Decimal(3), True),
    ]
    revised = opened.execute(
        "select is_revised, previous_value from marts.kpi_value where kpi = 'requests_received' "
        "and period = '2025-03' and la_code = ? and is_shown",
        [LA],
    ).fetchall()
    assert revised == [(True, Decimal(2))]


def test_the_year_so_far_ends_with_the_extract(opened: duckdb.DuckDBPyConnection) -> None:
    assert values(opened, "requests_received", "2025-YTD-03") == [("2025-03", Decimal(3), True)]
    assert values(opened, "requests_received", "2025-YTD-04") == [("2025-04", Decimal(5), True)]


def test_twelve_months_reach_back_into_the_return_of_the_year_before(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    """April to December 2024 hold two; January to March 2025 three, and five once all are in."""
    assert values(opened, "requests_received", "2025-R12-03") == [
        ("2025-03", Decimal(5), False),
        ("2026", Decimal(7), True),
    ]


def test_twelve_months_that_end_with_december_are_the_year(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    for period in ("2025", "2025-R12-12"):
        assert values(opened, "requests_received", period) == [("2026", Decimal(7), True)]


def test_without_the_year_before_there_are_no_twelve_months(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert values(opened, "requests_received", "2024-R12-11") == []
    assert values(opened, "requests_received", "2024-R12-12") == [("2025", Decimal(4), True)]


def test_months_of_a_year_add_up_to_the_year(opened: duckdb.DuckDBPyConnection) -> None:
    found = opened.execute(
        "select dataset, indicator, sum(value) filter (where period_kind = 'month') as months, "
        "sum(value) filter (where period_kind = 'flow') as year from core.council_figure "
        "where la_code = ? and vintage = '2026' and breakdown_topic = 'All' "
        "and indicator not like '%weeks%' "
        "and dataset not in ('caseload', 'open_cases', 'transfers_in') "
        "group by dataset, indicator having months is not null and year is not null",
        [LA],
    ).fetchall()
    assert len(found) > 30
    assert [row for row in found if row[2] != row[3]] == []


def test_what_carries_no_date_is_in_the_year_and_in_no_month(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert values(opened, "assessments_completed", "2025") == [("2026", Decimal(4), True)]
    assert values(opened, "assessments_completed", "2025-05") == []
    assert values(opened, "plans_issued", "2025-05")[-1] == ("2026", Decimal(3), True)
    assert values(opened, "plans_issued", "2025-06")[-1] == ("2026", Decimal(0), True)


def test_a_share_of_a_month_without_a_case_says_so(opened: duckdb.DuckDBPyConnection) -> None:
    found = opened.execute(
        "select symbol from marts.kpi_value where kpi = 'plans_within_20_weeks_share' "
        "and period = '2025-06' and la_code = ?",
        [LA],
    ).fetchall()
    assert found == [("z",)]


def test_a_window_says_from_which_day_to_which_it_runs(opened: duckdb.DuckDBPyConnection) -> None:
    found = opened.execute(
        "select distinct period_kind, period, first_day, last_day from core.case_window "
        "where file_id = ? and not is_stock and period like '2025%03' order by period",
        [f"{2:016x}"],
    ).fetchall()
    assert found == [
        ("month", "2025-03", date(2025, 3, 1), date(2025, 3, 31)),
        ("rolling_year", "2025-R12-03", date(2024, 4, 1), date(2025, 3, 31)),
        ("year_to_date", "2025-YTD-03", date(2025, 1, 1), date(2025, 3, 31)),
    ]
