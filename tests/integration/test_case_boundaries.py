"""Open cases by age, phase transfers by their date, placements by area: each side of a boundary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.engine.duckdb import warehouse
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land, land_schools

ON = date(2026, 1, 15)
IN_FORCE = {"start_date": date(2019, 5, 4)}
HISTORY = {"assessment_outcome": "H"}
# Days since the request; the limits are 112, 140, 182 and 365.
DAYS = (111, 112, 113, 140, 141, 182, 183, 365, 366)
# Age on 31 August 2025, date due, date of the final plan.
TRANSFERS = (
    (10, date(2026, 2, 15), date(2026, 2, 15)),
    (10, date(2026, 2, 15), date(2026, 2, 16)),
    (10, date(2026, 2, 15), date(2025, 11, 30)),
    (10, date(2026, 2, 15), None),
    # A date due that is later than the law allows does not help.
    (10, date(2026, 3, 31), date(2026, 3, 1)),
    (15, date(2026, 3, 31), date(2026, 3, 31)),
    (15, date(2026, 3, 31), date(2026, 4, 1)),
    # Who is 15 now was 14 a year ago, and did not move on to post-16 then.
    (15, date(2025, 3, 31), date(2025, 3, 1)),
    (16, date(2025, 3, 31), date(2025, 3, 31)),
)


def open_cases() -> Return:
    made = Return(la_code="335", file_id="a" * 16)
    for days in DAYS:
        made.add(request=waiting(days))
    made.add(
        request=waiting(150) | {"request_outcome": "Y"},
        assessment={"assessment_outcome": "A", "has_week20_exception": True},
    )
    made.add(request=waiting(150, has_request_tribunal=True))
    return made


def waiting(days: int, **more: Any) -> dict[str, Any]:
    return {"request_outcome": "A", "received_date": ON - timedelta(days=days)} | more


def transfers() -> Return:
    made = Return(la_code="336", file_id="c" * 16)
    for age, due, final in TRANSFERS:
        made.add(
            person={"age_at_31_august": age},
            assessment=HISTORY,
            plan=IN_FORCE,
            active={"phase_transfer_due_date": due, "phase_transfer_final_date": final},
        )
    return made


def placed(la_code: str, file_id: str) -> Return:
    """At a school of 860, at one that no list holds, and at home."""
    made = Return(la_code=la_code, file_id=file_id)
    for where in ({"urn": "900001"}, {"urn": "912345"}, {"sen_setting": "EHE"}):
        place = {"placement_rank": "1", "entry_date": date(2022, 9, 1)} | where
        made.add(assessment=HISTORY, plan=IN_FORCE, active={}, placements=[place])
    return made


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("boundaries")
    for made in (open_cases(), transfers(), placed("860", "d" * 16), placed("334", "e" * 16)):
        land(folder, made.file_id, made.tables())
    land_schools(folder)
    with warehouse(build(folder).warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def row(
    connection: duckdb.DuckDBPyConnection, kpi: str, la_code: str, period: str = "2026-01"
) -> tuple[Any, ...]:
    (found,) = connection.execute(
        "select numerator, denominator from kpi.measure_row where kpi = ? and la_code = ? "
        "and period = ? and source = 'council' and breakdown_topic = 'All'",
        [kpi, la_code, period],
    ).fetchall()
    return found


@pytest.mark.parametrize(
    ("kpi", "count"),
    [
        ("open_cases", 11),
        ("open_cases_over_16_weeks", 9),
        ("open_cases_over_26_weeks", 3),
        ("open_cases_over_a_year", 1),
        ("open_cases_due_in_4_weeks", 3),
        ("overdue_cases", 5),
        ("open_cases_with_exception", 1),
        ("open_cases_disputed", 1),
    ],
)
def test_an_open_case_counts_from_the_day_after_the_limit(
    opened: duckdb.DuckDBPyConnection, kpi: str, count: int
) -> None:
    assert row(opened, kpi, "335") == (Decimal(count), None)


@pytest.mark.parametrize(("year", "in_time", "due"), [("2026", 3, 7), ("2025", 1, 2)])
def test_a_phase_transfer_is_held_to_the_date_due_and_to_the_law(
    opened: duckdb.DuckDBPyConnection, year: str, in_time: int, due: int
) -> None:
    found = row(opened, "phase_transfers_by_legal_date_share", "336", year)
    assert found == (Decimal(in_time), Decimal(due))


@pytest.mark.parametrize(("la_code", "outside"), [("860", 0), ("334", 1)])
def test_a_school_lies_in_the_area_that_the_register_names(
    opened: duckdb.DuckDBPyConnection, la_code: str, outside: int
) -> None:
    """A school that the register lacks, and a child at home, are on neither side."""
    assert row(opened, "out_of_area_share", la_code) == (Decimal(outside), Decimal(1))
    assert row(opened, "in_area_share", la_code) == (Decimal(1 - outside), Decimal(1))
    assert row(opened, "out_of_area_placements", la_code) == (Decimal(outside), None)
