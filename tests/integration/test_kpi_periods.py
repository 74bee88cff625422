"""`send kpi` prints one line of periods at a time: years, months, a year so far, a day's last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.engine.duckdb import warehouse
from pipelines.errors import InputError
from pipelines.release.kpi_json import Selection, kpi_values
from pipelines.release.kpi_periods import LINES, Periods
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land, land_schools

LA = "330"
HISTORY = {"assessment_outcome": "H"}
# Reference date -> plans in force; the January return counts among the months.
PLANS = {date(2025, 11, 30): 4, date(2025, 12, 31): 5, date(2026, 1, 15): 6, date(2026, 2, 28): 8}


def a_return(on: date, plans: int) -> Return:
    """Plans of long ago at two schools, and one request of the year's first month."""
    is_annual = on.month == 1
    made = Return(
        la_code=LA,
        year=on.year + (not is_annual),
        vintage=str(on.year) if is_annual else f"{on:%Y-%m}",
        file_id=f"{on:%Y%m%d}".ljust(16, "0"),
        kind="annual" if is_annual else "in_year",
        reference_date=on,
    )
    for number in range(plans):
        place = {"urn": "900001", "placement_rank": "1", "entry_date": date(2022, 9, 1)}
        made.add(
            assessment=HISTORY,
            plan={"start_date": date(2021, 5, 4)},
            active={},
            placements=[place] if number else [],
        )
    received = date(made.year - 1, 1, 20)
    made.add(request={"request_outcome": "A", "received_date": received})
    return made


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder: Path = tmp_path_factory.mktemp("periods")
    for on, plans in PLANS.items():
        made = a_return(on, plans)
        tables = made.tables()
        if made.kind == "in_year":
            tables["received_file"][0]["vintage_order"] = int(f"{on:%Y%m}") * 1000
        land(folder, made.file_id, tables)
    land_schools(folder)
    with warehouse(build(folder).warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def found(
    connection: duckdb.DuckDBPyConnection, kpi: str, topic: str | None = None, **asked: Any
) -> list[tuple[str, int]]:
    wanted = Selection(kpi, LA, Periods(**asked), topic)
    return [(value["period"], int(value["value"])) for value in kpi_values(connection, wanted)]


def test_years_are_printed_unless_something_else_is_asked_for(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert found(opened, "plans_maintained") == [("2026-01", 6)]
    assert found(opened, "requests_received") == [("2025", 1)]
    assert found(opened, "requests_received", line="year") == [("2025", 1)]


def test_the_return_of_january_holds_its_month_of_a_monthly_line(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert found(opened, "plans_maintained", line="month") == [
        ("2025-11", 4),
        ("2025-12", 5),
        ("2026-01", 6),
        ("2026-02", 8),
    ]


def test_months_of_what_happened_are_listed_once_each(opened: duckdb.DuckDBPyConnection) -> None:
    months = found(opened, "requests_received", line="month")
    assert [period for period, _ in months] == [
        *(f"2025-{month:02}" for month in range(1, 13)),
        "2026-01",
        "2026-02",
    ]
    assert sum(count for _, count in months) == 2


@pytest.mark.parametrize(
    ("period", "value"),
    [("2025", 1), ("2025-01", 1), ("2025-02", 0), ("2025-YTD-11", 1), ("2025-R12-12", 1)],
)
def test_a_period_is_found_in_each_of_its_forms(
    opened: duckdb.DuckDBPyConnection, period: str, value: int
) -> None:
    assert found(opened, "requests_received", named=period) == [(period, value)]


def test_a_year_so_far_and_twelve_months_have_a_line_each(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert found(opened, "requests_received", line="year-to-date") == [
        ("2025-YTD-11", 1),
        ("2025-YTD-12", 1),
        ("2026-YTD-02", 1),
    ]
    rolling = found(opened, "requests_received", line="rolling-year")
    assert rolling == [("2025-R12-12", 1), ("2026-R12-02", 1)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 30), [("2025-11", 4)]),
        (date(2025, 12, 31), [("2025-12", 5)]),
        (date(2026, 2, 27), [("2026-01", 6)]),
        (date(2030, 1, 1), [("2026-02", 8)]),
        (date(2020, 1, 1), []),
    ],
)
def test_at_a_day_the_newest_month_counts_that_had_ended(
    opened: duckdb.DuckDBPyConnection, day: date, expected: list[tuple[str, int]]
) -> None:
    assert found(opened, "plans_maintained", at=day) == expected


def test_what_happens_over_time_has_no_figure_at_a_day(opened: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(InputError, match="no figure at a day"):
        found(opened, "requests_received", at=date(2025, 12, 31))


def test_two_ways_of_naming_periods_are_refused() -> None:
    with pytest.raises(InputError, match="--period, --by and --at"):
        Periods(named="2025", line="month")


def test_a_school_is_a_breakdown_for_officers(opened: duckdb.DuckDBPyConnection) -> None:
    wanted = Selection("plans_maintained", LA, breakdown_topic="School")
    values = {row["breakdown"]: int(row["value"]) for row in kpi_values(opened, wanted)}
    assert values == {"All": 6, "900001 (900001)": 5, "No school": 1}


def test_the_command_offers_the_lines_that_there_are() -> None:
    from commands.figures import Line

    assert {line.value for line in Line} == set(LINES)
