"""What the warehouse makes of a council's rows: edges of the clocks, placements, restatements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pipelines.engine.duckdb import warehouse
from pipelines.settings import PROJECT_ROOT, Settings
from tests.case_rows import Return, build, land, land_schools

REQUESTED = date(2025, 2, 3)
IN_FORCE = {"start_date": date(2021, 5, 4)}
HISTORY = {"assessment_outcome": "H"}


def after(days: int) -> date:
    return REQUESTED + timedelta(days=days)


def decided(days: int, outcome: str = "Y", **more: Any) -> dict[str, Any]:
    return {
        "received_date": REQUESTED,
        "request_outcome": outcome,
        "request_outcome_date": after(days),
    } | more


def ended(days: int, outcome: str = "Y", **more: Any) -> dict[str, Any]:
    return {"assessment_outcome": outcome, "assessment_outcome_date": after(days)} | more


def at(urn: str | None = None, rank: str = "1", **more: Any) -> dict[str, Any]:
    return {"urn": urn, "placement_rank": rank, "entry_date": date(2022, 9, 1)} | more


def clocks() -> Return:
    """One case on each side of each limit, and the cases that stay out."""
    made = Return()
    # In time to the day, and late by one day.
    made.add(request=decided(42), assessment=ended(140), plan={"start_date": after(140)})
    made.add(request=decided(43), assessment=ended(141), plan={"start_date": after(141)})
    made.add(request=decided(40), assessment=ended(112, "N"))
    made.add(request=decided(40), assessment=ended(113, "N"))
    # 52 weeks are 364 days; the request came in the year before.
    received = date(2024, 6, 3)
    for days in (364, 365):
        made.add(
            request=decided(0, received_date=received, request_outcome_date=date(2024, 7, 1)),
            assessment=ended(0, assessment_outcome_date=received + timedelta(days=days)),
            plan={"start_date": received + timedelta(days=days)},
        )
    # An exception is in "including" and out of "excluding"; without a date, in the base only.
    made.add(request=decided(40), assessment=ended(200, has_week20_exception=True))
    made.add(request=decided(40, received_date=None), assessment=ended(150))
    # Mediation or a tribunal about request or assessment: out of the base. About the plan: in.
    made.add(request=decided(40, has_request_mediation=True), assessment=ended(150))
    made.add(request=decided(40), assessment=ended(150, has_assessment_tribunal=True))
    made.add(request=decided(40), assessment=ended(130, has_other_tribunal=True))
    # Decided to issue and not issued: open, and in no rate. Exported: nowhere.
    made.add(request=decided(40), assessment={"assessment_outcome": "Y"})
    made.add(request=decided(40, exported_la_code="861"), assessment={"assessment_outcome": "A"})
    # Came with a plan: neither new nor in a clock, though the plan started within the year.
    made.add(
        assessment=HISTORY,
        plan={"start_date": date(2025, 2, 11)},
        active={"transfer_la_code": "861"},
        placements=[at(sen_setting="NIEO")],
    )
    return made


def placements() -> list[tuple[dict[str, Any], str]]:
    """A placement and the DfE's column that it counts in."""
    return [
        (at("900001"), "mainstream_academy"),
        (at("900001", is_sen_unit=True), "mainstream_academy_senunit"),
        (at("900003", is_resourced_provision=True), "mainstream_la_maintained_resourced_provision"),
        (
            at("900003", is_sen_unit=True, is_resourced_provision=True),
            "mainstream_la_maintained_senunit",
        ),
        (at("900004", is_sen_unit=True), "special_la_maintained"),
        (at("900005", is_resourced_provision=True), "general_fe_tertiary_colleges"),
        (at("400123"), "w_settings"),
        (at("912345"), "placement_unknown"),
        (at(ukprn="10000001"), "ukrlp_provider"),
        (at(sen_setting="OLA"), "other_arrangements_la"),
        (at(sen_setting="EHE"), "elective_home_education"),
        (at(sen_setting="EYP"), "nm_early_years"),
        (at(sen_setting="NIEO"), "neet_other_csa"),
        (at("900001", leaving_date=date(2025, 12, 31)), "placement_unknown"),
        (at("900001", leaving_date=date(2026, 1, 15)), "mainstream_academy"),
        (at("900001", entry_date=date(2026, 1, 16)), "placement_unknown"),
    ]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """860 with the clocks, 330 with the placements, 371 with a return and its restatement."""
    folder = tmp_path_factory.mktemp("cases")
    own = clocks()
    land(folder, own.file_id, own.tables())
    settled = Return(la_code="330", file_id="c" * 16)
    for placement, _ in placements():
        settled.add(assessment=HISTORY, plan=IN_FORCE, active={}, placements=[placement])
    # Rank 1 has closed: rank 2 counts. At 17, not being in education is another column.
    closed = at("900001", leaving_date=date(2025, 7, 1))
    settled.add(
        assessment=HISTORY, plan=IN_FORCE, active={}, placements=[closed, at("900004", "2")]
    )
    settled.add(
        person={"age_at_31_august": 17},
        assessment=HISTORY,
        plan=IN_FORCE,
        active={},
        placements=[at(sen_setting="NIEO")],
    )
    land(folder, settled.file_id, settled.tables())
    for vintage, file_id, count in (("2026", "d" * 16, 3), ("2026-r2", "e" * 16, 2)):
        part = Return(la_code="371", file_id=file_id, vintage=vintage)
        for _ in range(count):
            part.add(assessment=HISTORY, plan=IN_FORCE, active={}, placements=[at("900001")])
        land(folder, file_id, part.tables() | {"record_finding": findings(file_id, vintage)})
    said = {
        "file_id": "f" * 16,
        "row_number": 2,
        "la_code": "371",
        "rule": "PER-05",
        "explained_file_id": "e" * 16,
        "record_key": "person 2",
        "explanation": "The family would not say.",
        "decided_by_role": "data officer",
        "decided_date": date(2026, 2, 1),
    }
    land(folder, "f" * 16, {"finding_explanation": [said]})
    land_schools(folder)
    return build(folder)


def findings(file_id: str, vintage: str) -> list[dict[str, Any]]:
    """PER-08 of person 1 is mended in the restatement; PER-05 of person 2 stays; ACT-02 is new."""
    usual = {"file_id": file_id, "severity": "query", "message": "m", "remedy": "r"}
    first = [{"rule": "PER-08", "module": "person", "record_key": "person 1"}]
    second = [{"rule": "ACT-02", "module": "active_plan", "record_key": "person 1, request 1"}]
    kept = [{"rule": "PER-05", "module": "person", "record_key": "person 2"}]
    return [usual | row for row in kept + (first if vintage == "2026" else second)]


def asked(settings: Settings, question: str, *values: Any) -> list[tuple[Any, ...]]:
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        return connection.execute(question, list(values)).fetchall()


@pytest.mark.parametrize(
    ("kpi", "numerator", "denominator"),
    [
        # 12 requests of 2025, two of 2024, one without a date, one history.
        ("requests_received", 10, None),
        # All but the two of 2024; the one without a date is in the base and not in time.
        ("decisions_within_6_weeks_share", 9, 10),
        ("refusals_within_16_weeks_share", 1, 2),
        ("plans_within_20_weeks_share", 2, 7),
        ("plans_within_20_weeks_excluding_exceptions_share", 2, 6),
        ("plans_20_to_52_weeks_share", 3, 7),
        ("plans_over_52_weeks_share", 1, 7),
        ("assessments_plan_issued_share", 9, 13),
        ("assessments_undecided_share", 2, 13),
        ("new_plans", 4, None),
        # By the day of issue, the disputed ones too.
        ("plans_issued", 9, None),
        ("plans_issued_with_exception_share", 1, 7),
        ("weeks_to_issue_median", None, 7),
        ("open_cases_over_16_weeks", 1, None),
        ("open_cases_over_26_weeks", 1, None),
        ("open_cases_over_a_year", 0, None),
        ("open_cases_due_in_4_weeks", 0, None),
        ("transfers_in", 1, None),
        ("open_cases", 1, None),
        ("overdue_cases", 1, None),
        ("overdue_decisions", 0, None),
    ],
)
def test_a_case_counts_where_the_law_and_the_dfe_put_it(
    settings: Settings, kpi: str, numerator: int, denominator: int | None
) -> None:
    (found,) = asked(
        settings,
        "select numerator, denominator from kpi.measure_row where kpi = ? and source = 'council' "
        "and la_code = '860' and breakdown_topic = 'All' "
        "and period in ('2025', '2026', '2026-01')",
        kpi,
    )
    assert found == (numerator, denominator)


def test_the_median_is_the_middle_of_the_waits_that_are_known(settings: Settings) -> None:
    """130, 140, 141, 200, 364 and 365 days; one request has no date."""
    (found,) = asked(
        settings,
        "select value from marts.kpi_value where kpi = 'weeks_to_issue_median' "
        "and la_code = '860' and period = '2025' and breakdown_topic = 'All'",
    )
    assert found == (Decimal("24.4"),)


def test_a_placement_counts_in_the_column_that_the_dfe_puts_it_in(settings: Settings) -> None:
    found = asked(
        settings,
        "select placement_setting from core.ehc_plan where file_id = ? order by request_record",
        "c" * 16,
    )
    expected = [column for _, column in placements()]
    assert [column for (column,) in found] == [*expected, "special_la_maintained", "neet_other"]


def test_groups_of_placements_and_the_whole_add_up(settings: Settings) -> None:
    figures = dict(
        asked(
            settings,
            "select indicator, value from core.council_figure "
            "where la_code = '330' and dataset = 'caseload' and breakdown_topic = 'All'",
        )
    )
    parts = ("mainstream_total", "special_total", "ap_pru_total", "fe_total", "ed_elsewhere")
    whole = sum(figures[name] for name in (*parts, "nm_early_years", "placement_unknown"))
    assert whole == figures["ehcplans"] == len(placements()) + 2


@pytest.mark.parametrize("topic", ["Age", "Sex", "Ethnicity", "Primary need"])
def test_every_topic_adds_up_to_the_whole(settings: Settings, topic: str) -> None:
    found = asked(
        settings,
        "select la_code, sum(value) filter (where breakdown_topic = ?), "
        "sum(value) filter (where breakdown_topic = 'All') from core.council_figure "
        "where dataset = 'caseload' and indicator = 'ehcplans' group by la_code",
        topic,
    )
    assert len(found) == 3
    assert all(parts == whole for _, parts, whole in found)


def test_a_restated_return_revises_the_first_and_is_the_newest(settings: Settings) -> None:
    found = asked(
        settings,
        "select vintage, value, is_shown, is_revised, previous_value from marts.kpi_value "
        "where kpi = 'plans_maintained' and source = 'council' and la_code = '371' "
        "and breakdown_topic = 'All' order by vintage_order",
    )
    assert found == [
        ("2026", Decimal(3), False, False, None),
        ("2026-r2", Decimal(2), True, True, Decimal(3)),
    ]
    newest = asked(
        settings, "select vintage from core.case_return where la_code = '371' and is_newest"
    )
    assert newest == [("2026-r2",)]


def test_a_finding_is_fixed_once_a_later_version_lacks_it_and_explained_once_somebody_says_why(
    settings: Settings,
) -> None:
    found = asked(
        settings,
        "select rule, vintage, first_found_vintage, finding_status from core.record_finding "
        "order by rule, vintage",
    )
    assert found == [
        ("ACT-02", "2026-r2", "2026-r2", "open"),
        ("PER-05", "2026", "2026", "open"),
        ("PER-05", "2026-r2", "2026", "explained"),
        ("PER-08", "2026", "2026", "fixed"),
    ]


def test_the_councils_figures_are_held_against_what_the_dfe_printed(settings: Settings) -> None:
    """Staffordshire's own January 2026 came with the product; these few cases are far from it."""
    (found,) = asked(
        settings,
        "select council_value, difference, difference_kind from marts.reconciliation "
        "where kpi = 'plans_maintained' and period = '2026-01' and la_code = '860'",
    )
    assert found[1] == found[0] - Decimal(9979)
    assert found[2] == "flagged"


def test_no_published_figure_gives_way_to_the_councils(settings: Settings) -> None:
    (shown,) = asked(
        settings,
        "select source, value from marts.kpi_value where kpi = 'plans_maintained' "
        "and period = '2026-01' and la_code = '860' and breakdown_topic = 'All' and is_shown",
    )
    assert shown == ("dfe", Decimal(9979))
