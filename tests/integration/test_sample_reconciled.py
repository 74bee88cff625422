"""The sample county's measures are the totals that it was made to add up to, by measure id.

No file is published for a county that never existed, so nothing reconciles it in marts. Its
totals are declared in data/sample/margins.yml instead; they are held here against what the product
computes from the county's rows, planted faults and the restated return included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.margins import Margins, Year, published, scaled

SCALE = 0.03
# The county's rows have faults planted in them, and a child or two of so small a county is counted
# otherwise because of one. Without them the two agree to the child (tests/unit/synthetic).
FAULTS = 2
YEARS = (2022, 2023, 2024, 2025)
MAINSTREAM = "mainstream_"

# By measure id: what the margins say of a calendar year, as numerator and denominator.
FLOWS: Mapping[str, Callable[[Year], tuple[int, int]]] = {
    "requests_received": lambda year: (year.requests.received, 1),
    "new_plans": lambda year: (year.new_plans.all, 1),
    "ceased_plans": lambda year: (sum(year.ceased.values()), 1),
    "requests_refused_share": lambda year: (year.requests.refused, year.requests.received),
    "decisions_within_6_weeks_share": lambda year: (
        year.decisions.in_six_weeks,
        year.decisions.all,
    ),
    "plans_within_20_weeks_share": lambda year: (year.timeliness.within, year.timeliness.all),
    "plans_within_20_weeks_excluding_exceptions_share": lambda year: (
        year.timeliness.within_ex,
        year.timeliness.all_ex,
    ),
    "plans_over_52_weeks_share": lambda year: (year.timeliness.over_year, year.timeliness.all),
    "new_plans_mainstream_share": lambda year: (year.new_plans.mainstream, year.new_plans.all),
}


@pytest.fixture(scope="module")
def county(county_workspace: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse behind the sample county's release."""
    path = county_workspace / "warehouse" / "build.duckdb"
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def margins() -> Margins:
    """What the county of this size was made to add up to."""
    return scaled(published(PROJECT_ROOT), SCALE)


def measured(county: duckdb.DuckDBPyConnection, kpi: str, period: str) -> tuple[int, int]:
    """Numerator and denominator, or a count and one, by the council's newest return."""
    found = county.execute(
        "select coalesce(numerator, value), coalesce(denominator, 1) from marts.kpi_value "
        "where la_code = '999' and source = 'council' and is_newest_of_source and kpi = ? "
        "and period = ? and period_kind in ('stock', 'flow') and breakdown_topic = 'All'",
        [kpi, period],
    ).fetchone()
    assert found is not None, f"no {kpi} of {period}"
    return int(found[0]), int(found[1])


def assert_about(found: tuple[int, int], stated: tuple[int, int]) -> None:
    """The same, but for what planted faults change."""
    for own, other in zip(found, stated, strict=True):
        assert abs(own - other) <= FAULTS, f"{found}, and {stated} was to be"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("kpi", FLOWS)
def test_a_years_measure_is_what_the_margins_say(
    county: duckdb.DuckDBPyConnection, margins: Margins, kpi: str, year: int
) -> None:
    assert_about(measured(county, kpi, str(year)), FLOWS[kpi](margins.years[year]))


@pytest.mark.parametrize("year", [year + 1 for year in YEARS])
def test_a_januarys_plans_are_what_the_margins_say(
    county: duckdb.DuckDBPyConnection, margins: Margins, year: int
) -> None:
    plans = margins.caseload[year]
    mainstream = sum(count for name, count in plans.items() if name.startswith(MAINSTREAM))
    period = f"{year}-01"
    assert measured(county, "plans_maintained", period) == (sum(plans.values()), 1)
    assert_about(measured(county, "mainstream_share", period), (mainstream, sum(plans.values())))


def test_nothing_published_is_claimed_for_a_county_that_never_existed(
    county: duckdb.DuckDBPyConnection,
) -> None:
    assert (
        county.execute("select * from marts.reconciliation where la_code = '999'").fetchall() == []
    )


def test_assessments_without_an_outcome_are_about_as_many_as_the_wait_for_one_explains(
    county: duckdb.DuckDBPyConnection, margins: Margins
) -> None:
    """Agreed requests a week times the weeks that an assessment takes: no fault of the rows."""
    for year in YEARS[:-1]:
        undecided, _ = measured(county, "assessments_undecided_share", str(year))
        agreed_a_week = margins.years[year].requests.agreed / 52
        # Fourteen weeks by law after the decision; a late one takes up to a year.
        assert 10 < undecided / agreed_a_week < 52
