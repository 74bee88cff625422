"""In-year extracts give months and years to date, and never a point of a yearly line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.queries import figures
from dashboards.queries.frozen import Key
from pipelines.engine.duckdb import warehouse
from pipelines.registry.measures import measures
from pipelines.release.disclosure import write_public_marts
from pipelines.settings import PROJECT_ROOT, Settings
from tests.case_rows import Return, build, land, land_schools

HISTORY = {"assessment_outcome": "H"}
IN_FORCE = {"start_date": date(2021, 5, 4)}
# Reference date -> plans in force and requests without a decision, in one order of arrival: of
# September the extract of the later day came in first.
EXTRACTS = {
    date(2025, 8, 31): (4, 1),
    date(2025, 9, 30): (6, 3),
    date(2025, 9, 10): (5, 2),
    date(2026, 1, 31): (9, 7),
    date(2026, 2, 28): (11, 4),
}


def extract(on: date, plans: int, requests: int, place: int) -> Return:
    made = Return(
        year=on.year + 1,
        vintage=f"{on:%Y-%m}" + ("-r2" if on == date(2025, 9, 10) else ""),
        file_id=f"{place:016x}",
        kind="in_year",
        reference_date=on,
    )
    fill(made, plans, requests)
    return made


def fill(made: Return, plans: int, requests: int) -> None:
    """Plans of long ago, and requests of 20 January of the year before the return's."""
    for _ in range(plans):
        made.add(assessment=HISTORY, plan=IN_FORCE, active={})
    for _ in range(requests):
        received = date(made.year - 1, 1, 20)
        made.add(request={"request_outcome": "A", "received_date": received})


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """330 with five extracts and the January return of 2026."""
    folder = tmp_path_factory.mktemp("months")
    annual = Return(la_code="330", file_id="a" * 16)
    fill(annual, 8, 5)
    land(folder, annual.file_id, annual.tables())
    for place, (on, (plans, requests)) in enumerate(EXTRACTS.items(), 1):
        made = extract(on, plans, requests, place)
        made.la_code = "330"
        tables = made.tables()
        (received,) = tables["received_file"]
        revision = int(made.vintage.endswith("-r2"))
        received["vintage_order"] = int(f"{on:%Y%m}") * 1000 + revision
        land(folder, made.file_id, tables)
    land_schools(folder)
    return build(folder)


@pytest.fixture(scope="module")
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def shown(connection: duckdb.DuckDBPyConnection, kpi: str, kind: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select period, value, change from marts.kpi_value where kpi = ? and period_kind = ? "
        "and source = 'council' and la_code = '330' and breakdown_topic = 'All' order by period",
        [kpi, kind],
    ).fetchall()


def test_the_newest_extract_of_a_month_gives_the_stock_of_that_month(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert shown(opened, "open_cases", "month") == [
        ("2025-08", Decimal(1), None),
        ("2025-09", Decimal(3), Decimal(2)),
        ("2026-02", Decimal(4), Decimal(-1)),
    ]


def test_the_january_return_holds_january_beside_an_extract_of_that_month(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    found = opened.sql(
        "select kpi, value, period_kind, is_shown from marts.kpi_value "
        "where period = '2026-01' and source = 'council' and la_code = '330' "
        "and kpi in ('open_cases', 'overdue_decisions') and breakdown_topic = 'All' order by kpi"
    ).fetchall()
    assert [row[0] for row in found] == ["open_cases", "overdue_decisions"]
    assert found[0] == ("open_cases", Decimal(5), "stock", True)


def test_what_happened_counts_from_the_first_of_january_to_the_day_of_the_extract(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert shown(opened, "requests_received", "year_to_date") == [
        ("2025-YTD-08", Decimal(1), None),
        ("2025-YTD-09", Decimal(3), None),
        ("2026-YTD-01", Decimal(7), None),
        ("2026-YTD-02", Decimal(4), None),
    ]


def test_a_month_and_a_year_to_date_say_so_in_words(opened: duckdb.DuckDBPyConnection) -> None:
    labels = opened.sql(
        "select distinct period_label from marts.kpi_value "
        "where period in ('2025-09', '2025-YTD-09') order by period_label"
    ).fetchall()
    assert labels == [("2025 to September",), ("September 2025",)]


def test_an_extract_gives_whole_figures_only(opened: duckdb.DuckDBPyConnection) -> None:
    topics = opened.sql(
        "select distinct breakdown_topic, breakdown from core.council_figure "
        "where period_kind in ('month', 'year_to_date')"
    ).fetchall()
    assert topics == [("All", "All")]


def test_the_lines_of_the_pages_stay_yearly(
    opened: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    target = tmp_path / "officer.duckdb"
    opened.execute(f"attach '{target}' as officer")
    opened.execute("create schema officer.marts")
    opened.execute("create table officer.marts.kpi_value as from marts.kpi_value")
    opened.execute("detach officer")
    (area,) = opened.sql("select area_code from core.area where la_code = '330'").fetchone() or ()
    key = Key("months", "officer", str(target))
    assert list(figures.series(key, "open_cases", (area,))["period"]) == ["2026-01"]
    assert dict(figures.data_versions(key))["council"] == "2026"


def test_of_months_the_public_reads_exact_totals_only(
    opened: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Two months beside each other would tell of single cases."""
    target = tmp_path / "public.duckdb"
    write_public_marts(opened, target, PROJECT_ROOT)
    with closing(duckdb.connect(str(target), read_only=True)) as public:
        found = public.sql(
            "select distinct kpi, breakdown_topic from marts.kpi_value where source = 'council' "
            "and period_kind in ('month', 'year_to_date', 'rolling_year')"
        ).fetchall()
    assert {topic for _, topic in found} == {"All"}
    known = measures(PROJECT_ROOT / "sql")
    assert {known[kpi].disclosure for kpi, _ in found} == {"exact_total"}
    assert {"open_cases", "requests_received"} <= {kpi for kpi, _ in found}
