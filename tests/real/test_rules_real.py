"""The record rules and suites on the published files: known faults are found, and only those."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import blocking, run_suites
from tests.rule_findings import Finding, run_rules

pytestmark = pytest.mark.real

NEGATIVE = """
    select count(*), count(*) filter (where breakdown_topic = 'All' and la_code is not null)
    from core.published_figure
    where
        dataset = 'annual_reviews'
        and indicator = 'review_decision_outstanding'
        and vintage = '2025'
        and value < 0
"""


@pytest.fixture(scope="module")
def findings(real_warehouse: Path) -> list[Finding]:
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        return run_rules(connection)


def _counts(findings: list[Finding], rule: str, vintage: str = "2025") -> dict[tuple, int]:
    return {
        (item.dataset, item.indicator, item.period): item.row_count
        for item in findings
        if item.rule == rule and item.vintage == vintage and item.source == "dfe"
    }


def test_negative_counts_are_one_finding_for_each_column(findings: list[Finding]) -> None:
    assert _counts(findings, "PUB-01") == {
        ("annual_reviews", "no_outcome", None): 182,
        ("annual_reviews", "review_decision_outstanding", None): 1717,
    }


def test_33_of_them_are_whole_authorities(real_warehouse: Path) -> None:
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        assert connection.execute(NEGATIVE).fetchone() == (1717, 33)


def test_totals_that_are_not_their_parts(findings: list[Finding]) -> None:
    assert _counts(findings, "PUB-02") == {("residential_settings", "res_tot", "2023-01"): 10}
    assert sum(_counts(findings, "PUB-07").values()) == 63
    assert _counts(findings, "PUB-13") == {}


def test_shares_of_january_2024_rest_on_known_placements(findings: list[Finding]) -> None:
    found = _counts(findings, "PUB-03")
    assert found["caseload", "mainstream_total_pc", "2024-01"] == 3
    (finding,) = (
        item
        for item in findings
        if item.rule == "PUB-03"
        and (item.indicator, item.period, item.vintage)
        == ("mainstream_total_pc", "2024-01", "2025")
        and item.dataset == "caseload"
    )
    assert finding.area_codes == "E12000006, E12000007, E92000001"
    assert {key[2] for key in found if key[0] == "caseload"} == {"2024-01"}


def test_hackney_and_peterborough_sent_totals_only(findings: list[Finding]) -> None:
    (finding,) = (item for item in findings if item.rule == "PUB-15" and item.vintage == "2025")
    assert (finding.dataset, finding.period) == ("caseload", "2024-01")
    assert finding.area_codes == "E06000031, E09000012"


def test_authorities_without_any_figure(findings: list[Finding]) -> None:
    assert _counts(findings, "PUB-05") == {
        ("assessments", None, "2023"): 3,
        ("personal_budgets", None, "2024-01"): 3,
        ("requests", None, "2023"): 3,
        ("timeliness_20_week", None, "2022"): 4,
        ("timeliness_20_week", None, "2023"): 1,
    }


def test_new_plans_that_were_the_regions_are_withdrawn_at_the_door(
    findings: list[Finding], real_warehouse: Path
) -> None:
    """The 15 authorities of Yorkshire and The Humber in 2022: named by the door, shown as x."""
    assert _counts(findings, "PUB-12") == {}
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        (told,) = connection.execute(
            "select row_count from core.finding where rule = 'new_plans_of_the_region_2022'"
        ).fetchone()
        symbols = connection.execute(
            "select numerator, symbol, count(*) from kpi.new_plans inner join core.area "
            "using (area_code) where period = '2022' and breakdown_topic = 'All' "
            "and vintage = '2025' and region_code = 'E12000003' and area_kind = 'authority' "
            "group by all"
        ).fetchall()
    assert told == 15
    assert symbols == [(None, "x", 15)]


def test_every_area_symbol_and_period_is_known(findings: list[Finding]) -> None:
    assert [item for item in findings if item.rule in {"PUB-08", "PUB-09", "PUB-10"}] == []


def test_the_suites_pass(real_warehouse: Path) -> None:
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        results = run_suites(connection)
    assert len(results) > 200
    assert blocking(results) == []
