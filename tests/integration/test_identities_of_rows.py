"""The identities of the DfE's published files hold for what the sample county's own rows give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT

IDENTITY = (PROJECT_ROOT / "sql" / "core" / "figure_identity.sql").read_text(encoding="utf-8")
RETURNS = ("2023", "2024", "2025", "2026")


@pytest.fixture(scope="module")
def county(county_workspace: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse behind the sample county's release."""
    path = county_workspace / "warehouse" / "build.duckdb"
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def _held(county: duckdb.DuckDBPyConnection, doctored: str) -> list[tuple[str]]:
    """The identities that break where the figures of the county are read as `doctored` says."""
    text = IDENTITY.replace("core.council_figure", "council_figure")
    county.execute(f"create or replace temp view council_figure as {doctored}")
    found: list[tuple[str]] = county.execute(
        f"select distinct identity from ({text})"  # noqa: S608
    ).fetchall()
    return found


def test_every_identity_holds_for_every_return_period_and_group(
    county: duckdb.DuckDBPyConnection,
) -> None:
    assert county.execute("select * from core.figure_identity limit 5").fetchall() == []


@pytest.mark.parametrize("vintage", RETURNS)
def test_every_return_has_the_figures_that_the_identities_are_about(
    county: duckdb.DuckDBPyConnection, vintage: str
) -> None:
    held = county.execute(
        "select count(distinct dataset) from core.council_figure where vintage = ? "
        "and breakdown_topic = 'All' and value > 0 and dataset in ('requests', 'assessments', "
        "'timeliness_20_week', 'annual_reviews', 'ceased_plans', 'caseload', 'newplans')",
        [vintage],
    ).fetchone()
    assert held == (7,)


@pytest.mark.parametrize(
    ("indicator", "identity"),
    [
        ("requests_withdrawn", "requests_by_outcome"),
        ("assess_not_made", "assessments_by_outcome"),
        ("plans_issued_den", "base_within_issued"),
        ("plans_issued_gt_1_year", "weeks_within_base"),
        ("plans_issued_den_ex", "base_without_exceptions"),
        ("review_not_expected", "plans_by_expected_review"),
        ("no_review_meeting", "reviews_by_meeting"),
        ("review_not_completed", "reviews_by_completion"),
        ("max_age", "ceased_by_reason"),
        ("placement_unknown", "plans_by_placement"),
        ("mainstream_academy", "mainstream_by_kind"),
    ],
)
def test_a_figure_that_is_wrong_breaks_its_identity(
    county: duckdb.DuckDBPyConnection, indicator: str, identity: str
) -> None:
    doctored = (
        "select * replace ("  # noqa: S608
        f"case when indicator = '{indicator}' then value + 100000 else value end as value"
        ") from core.council_figure where vintage = '2025'"
    )
    assert (identity,) in _held(county, doctored)


def test_shares_are_taken_over_the_whole_that_the_dfe_takes(
    county: duckdb.DuckDBPyConnection,
) -> None:
    """Over requests received, assessments in the year, and all plans with those placed nowhere."""
    rows = county.execute(
        """
        select share.kpi, whole.kpi from kpi.measure_row as share
        inner join kpi.measure_row as whole
            using (source, vintage, period, la_code, breakdown_topic, breakdown)
        where source = 'council' and breakdown_topic = 'All'
            and (share.kpi, whole.kpi) in (
                ('requests_refused_share', 'requests_received'),
                ('requests_assessed_share', 'requests_received'),
                ('assessments_plan_issued_share', 'assessments_completed'),
                ('mainstream_share', 'plans_maintained'),
                ('special_share', 'plans_maintained')
            )
            and share.denominator is distinct from whole.numerator
            and length(period) in (4, 7) and (length(period) = 4 or period like '%-01')
        """
    ).fetchall()
    assert rows == []


def test_plans_of_a_january_are_those_of_the_last_and_what_came_less_what_ceased(
    county: duckdb.DuckDBPyConnection,
) -> None:
    values = {
        (kpi, period): value
        for kpi, period, value in county.execute(
            """
            select kpi, period, value from marts.kpi_value
            where source = 'council' and breakdown_topic = 'All' and is_newest_of_source
                and period_kind in ('stock', 'flow')
                and kpi in ('plans_maintained', 'new_plans', 'transfers_in', 'ceased_plans')
            """
        ).fetchall()
    }
    for year in (2023, 2024, 2025):
        came = values["new_plans", str(year)] + values["transfers_in", str(year)]
        ceased = values["ceased_plans", str(year)]
        before = values["plans_maintained", f"{year}-01"]
        assert values["plans_maintained", f"{year + 1}-01"] == before + came - ceased
