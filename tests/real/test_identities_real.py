"""What holds between the columns of the DfE's 2025 release, row by row, over the whole of it.

Each identity says how the DfE makes a figure, and is the ground under a measure's definition. The
counts are those of the published files: (rows that hold every figure named, rows where it is true).
Here belongs no measure and no rounding of our own, only the publisher's arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.real

FUNCTIONS = Path(__file__).parents[2] / "sql" / "functions" / "duckdb.sql"

DATASETS = (
    "annual_reviews",
    "assessments",
    "caseload",
    "ceased_plans",
    "newplans",
    "requests",
    "sen_needs_caseload",
    "timeliness_20_week",
    "tribunal_appeals",
)

# The printed percentage is the ratio to one decimal. A ratio that lies exactly between two decimals
# (41 of 80 is 51.25) may be printed as either: the DfE's files do not settle on one.
IS_RATIO = """
create temp macro is_ratio(printed, part, whole) as
    2 * abs(
        cast(printed * 10 as hugeint) * cast(whole as hugeint) - 1000 * cast(part as hugeint)
    ) <= cast(whole as hugeint)
"""


@pytest.fixture(scope="module")
def release(real_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The 2025 release as it was published: one table a file, one column an indicator."""
    with duckdb.connect() as connection:
        connection.execute(FUNCTIONS.read_text(encoding="utf-8"))
        connection.execute(IS_RATIO)
        connection.execute(f"attach '{real_warehouse}' as built (read_only)")
        for dataset in DATASETS:
            connection.execute(
                f"""
                create temp table {dataset} as
                pivot (
                    select
                        period, la_code, area_code, breakdown_topic, breakdown, indicator, value
                    from built.core.published_figure
                    where source in ('dfe', 'moj') and vintage = '2025' and dataset = '{dataset}'
                )
                on indicator using max(value)
                group by period, la_code, area_code, breakdown_topic, breakdown
                """  # noqa: S608
            )
        yield connection


# Each query counts: rows that hold every figure named, rows where the identity is true.
IDENTITIES: dict[str, tuple[str, tuple[int, int]]] = {
    "plans are the sum of seven placement groups (January 2025)": (
        """
        select count(*), count(*) filter (
            mainstream_total + special_total + ap_pru_total + fe_total + ed_elsewhere
            + nm_early_years + placement_unknown = ehcplans
        )
        from caseload
        where period = '2025-01' and mainstream_total_pc is not null
        """,
        (12182, 12182),
    ),
    "mainstream is the sum of ten columns, units and independent schools included": (
        """
        select count(*), count(*) filter (
            mainstream_la_maintained + mainstream_la_maintained_senunit
            + mainstream_la_maintained_resourced_provision
            + mainstream_academy + mainstream_academy_senunit
            + mainstream_academy_resourced_provision
            + mainstream_free_school + mainstream_free_school_senunit
            + mainstream_free_school_resourced_provision
            + mainstream_independent = mainstream_total
        )
        from caseload
        where period = '2025-01' and mainstream_total is not null
        """,
        (12182, 12182),
    ),
    "the mainstream percentage is over all plans, unknown placements included": (
        """
        select
            count(*), count(*) filter (is_ratio(mainstream_total_pc, mainstream_total, ehcplans))
        from caseload
        where period = '2025-01' and mainstream_total_pc is not null
        """,
        (12182, 12182),
    ),
    "new plans are the sum of seven placement groups (2024)": (
        """
        select count(*), count(*) filter (
            mainstream_total + special_total + ap_pru_total + fe_total + ed_elsewhere
            + nm_early_years + placement_unknown = new_ehc_plans
        )
        from newplans
        where period = '2024' and mainstream_total_pc is not null
        """,
        (5983, 5983),
    ),
    "the mainstream percentage of new plans is over all new plans": (
        """
        select count(*), count(*) filter (
            is_ratio(mainstream_total_pc, mainstream_total, new_ehc_plans)
        )
        from newplans
        where period = '2024' and mainstream_total_pc is not null
        """,
        (5983, 5983),
    ),
    "requests are decided to assess, refused, outstanding or withdrawn": (
        """
        select count(*), count(*) filter (
            requests_decided_to_assess + requests_decided_not_to_assess
            + requests_decision_not_made + requests_withdrawn = requests_received_in_year
        )
        from requests
        where period = '2024' and requests_decided_to_assess is not null
        """,
        (6305, 6305),
    ),
    "each percentage of requests is over requests received": (
        """
        select count(*), count(*) filter (
            is_ratio(request_assess_pc, requests_decided_to_assess, requests_received_in_year)
            and is_ratio(
                request_not_assess_pc, requests_decided_not_to_assess, requests_received_in_year
            )
            and is_ratio(
                request_outstanding_pc, requests_decision_not_made, requests_received_in_year
            )
            and is_ratio(request_withdrawn_pc, requests_withdrawn, requests_received_in_year)
        )
        from requests
        where period = '2024' and request_not_assess_pc is not null
        """,
        (6136, 6136),
    ),
    "more decisions than requests in 42 authorities: the six-week base is decisions": (
        """
        select count(*), count(*) filter (
            request_outcome_six_weeks + request_outcome_over_6_weeks > requests_received_in_year
        )
        from requests
        where
            period = '2024' and breakdown_topic = 'All' and la_code is not null
            and request_outcome_six_weeks is not null
        """,
        (153, 42),
    ),
    "the six-week percentage of a whole area is over decisions in time and late, but for 16": (
        """
        select count(*), count(*) filter (
            is_ratio(
                request_outcome_six_weeks_pc,
                request_outcome_six_weeks,
                request_outcome_six_weeks + request_outcome_over_6_weeks
            )
        )
        from requests
        where
            period = '2024' and breakdown_topic = 'All'
            and request_outcome_six_weeks_pc is not null
        """,
        # in 13 authorities, and so in 3 regions, the base holds decisions that are in no band
        (163, 147),
    ),
    "assessments are issued, not issued, undecided or withdrawn": (
        """
        select count(*), count(*) filter (
            assess_issued + assess_not_issued + assess_not_made + assess_withdrawn
            = assess_in_year
        )
        from assessments
        where period = '2024' and assess_issued is not null
        """,
        (6153, 6153),
    ),
    "the issue percentage is over assessments in the year": (
        """
        select count(*), count(*) filter (is_ratio(assess_issued_pc, assess_issued, assess_in_year))
        from assessments
        where period = '2024' and assess_issued_pc is not null
        """,
        (5987, 5987),
    ),
    "the sixteen-week percentage is over refusals to issue": (
        """
        select count(*), count(*) filter (
            is_ratio(
                outcome_decision_within_time_pc,
                outcome_decision_within_time,
                outcome_decision_within_time + outcome_decision_over_time
            )
            and outcome_decision_within_time + outcome_decision_over_time <= assess_not_issued
        )
        from assessments
        where period = '2024' and outcome_decision_within_time_pc is not null
        """,
        (3086, 3086),
    ),
    "the twenty-week percentage, exceptions included": (
        """
        select count(*), count(*) filter (
            is_ratio(
                pc_plans_issued_within_20_weeks, plans_issued_within_20_weeks, plans_issued_den
            )
        )
        from timeliness_20_week
        where period = '2024' and pc_plans_issued_within_20_weeks is not null
        """,
        (5870, 5870),
    ),
    "the twenty-week percentage, exceptions excluded": (
        """
        select count(*), count(*) filter (
            is_ratio(pc_plans_issued_20_weeks_ex, plans_issued_20_weeks_ex, plans_issued_den_ex)
        )
        from timeliness_20_week
        where period = '2024' and pc_plans_issued_20_weeks_ex is not null
        """,
        (5776, 5776),
    ),
    "the twenty-week base is never above assessments issued": (
        """
        select count(*), count(*) filter (plans_issued_den <= assess_issued)
        from timeliness_20_week as issued
        inner join assessments as assessed using (la_code, period, breakdown_topic, breakdown)
        where
            period = '2024' and breakdown_topic = 'All' and plans_issued_den is not null
            and assess_issued is not null
        """,
        (153, 153),
    ),
    "the bands leave out the plans without a request date, in 11 authorities": (
        """
        select count(*), count(*) filter (
            plans_issued_within_20_weeks + plans_issued_gt20weeks_ltyear + plans_issued_gt_1_year
            < plans_issued_den
        )
        from timeliness_20_week
        where
            period = '2024' and breakdown_topic = 'All' and la_code is not null
            and plans_issued_den is not null
        """,
        (153, 11),
    ),
    "plans are due a review or not, and reviews expected have a meeting on record or none": (
        """
        select count(*), count(*) filter (
            total_ehc_plans = review_expected + review_not_expected
            and review_expected = total_review_meeting + no_review_meeting
        )
        from annual_reviews
        where review_expected is not null
        """,
        (12712, 12712),
    ),
    "no review is expected in a plan's first two years, and one for every older plan": (
        """
        select count(*), count(*) filter (
            review_expected
            = case when breakdown in ('Less than a year', '1 year') then 0 else total_ehc_plans end
        )
        from annual_reviews
        where breakdown_topic = 'Years plan in place' and review_expected is not null
        """,
        (1930, 1930),
    ),
    "the four-week percentage is over decisions in time and late": (
        """
        select count(*), count(*) filter (
            is_ratio(
                pc_decsion_4weeks,
                number_decsion_4weeks,
                number_decsion_4weeks + number_decision_gt_4weeks
            )
        )
        from annual_reviews
        where pc_decsion_4weeks is not null
        """,
        (10604, 10604),
    ),
    "plans are the sum of their primary needs, unknown included": (
        """
        select count(*), count(*) filter (
            number_asd + number_hi + number_mld + number_msi + number_oth + number_pd + number_pmld
            + number_semh + number_slcn + number_sld + number_spld + number_vi
            + number_need_unknown = ehc_plans
        )
        from sen_needs_caseload
        where period = '2025-01' and asd_pc is not null
        """,
        (13846, 13846),
    ),
    "each percentage of a need is over all plans, unknown included": (
        """
        select count(*), count(*) filter (
            is_ratio(asd_pc, number_asd, ehc_plans)
            and is_ratio(hi_pc, number_hi, ehc_plans)
            and is_ratio(mld_pc, number_mld, ehc_plans)
            and is_ratio(msi_pc, number_msi, ehc_plans)
            and is_ratio(oth_pc, number_oth, ehc_plans)
            and is_ratio(pd_pc, number_pd, ehc_plans)
            and is_ratio(pmld_pc, number_pmld, ehc_plans)
            and is_ratio(semh_pc, number_semh, ehc_plans)
            and is_ratio(slcn_pc, number_slcn, ehc_plans)
            and is_ratio(sld_pc, number_sld, ehc_plans)
            and is_ratio(spld_pc, number_spld, ehc_plans)
            and is_ratio(vi_pc, number_vi, ehc_plans)
            and is_ratio(unknown_pc, number_need_unknown, ehc_plans)
        )
        from sen_needs_caseload
        where period = '2025-01' and asd_pc is not null
        """,
        # Surrey restated its needs; two percentages of its whole row do not fit its counts
        (13846, 13845),
    ),
    "plans that ceased are the sum of ten reasons, but for one authority and its totals": (
        """
        select count(*), count(*) filter (
            deceased + employ + he + max_age + moved_outside_eng + needs_met + no_engage + not_rec
            + other + transfer = total_ceased
        )
        from ceased_plans
        where total_ceased is not null
        """,
        (21164, 21101),
    ),
    "the tribunal appeal rate is appeals registered over appealable decisions": (
        """
        select count(*), count(*) filter (
            is_ratio(appeal_rate, appeals_registered, appealable_decisions)
        )
        from tribunal_appeals
        where period = '2024' and appeal_rate is not null
        """,
        (154, 154),
    ),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_identity_holds_on_the_whole_release(release: duckdb.DuckDBPyConnection, name: str) -> None:
    query, counts = IDENTITIES[name]
    assert release.execute(query).fetchone() == counts


# Where a ratio lies exactly between two decimals the DfE sometimes prints the lower one, which half
# up does not give: the reason why a printed percentage is never worked out again.
PRINTED_BELOW_HALF_UP = """
    select 'plans in mainstream', count(*)
    from caseload
    where
        period = '2025-01'
        and mainstream_total_pc < rounded_ratio(mainstream_total, ehcplans, 100, 1)
    union all
    select 'new plans in mainstream', count(*)
    from newplans
    where
        period = '2024'
        and mainstream_total_pc < rounded_ratio(mainstream_total, new_ehc_plans, 100, 1)
    union all
    select 'requests refused', count(*)
    from requests
    where
        period = '2024'
        and request_not_assess_pc
        < rounded_ratio(requests_decided_not_to_assess, requests_received_in_year, 100, 1)
    union all
    select 'within 20 weeks', count(*)
    from timeliness_20_week
    where
        period = '2024'
        and pc_plans_issued_within_20_weeks
        < rounded_ratio(plans_issued_within_20_weeks, plans_issued_den, 100, 1)
    union all
    select 'within 20 weeks, no exceptions', count(*)
    from timeliness_20_week
    where
        period = '2024'
        and pc_plans_issued_20_weeks_ex
        < rounded_ratio(plans_issued_20_weeks_ex, plans_issued_den_ex, 100, 1)
"""


def test_half_up_is_what_the_dfe_prints_but_for_a_few_ties(
    release: duckdb.DuckDBPyConnection,
) -> None:
    assert dict(release.execute(PRINTED_BELOW_HALF_UP).fetchall()) == {
        "plans in mainstream": 4,
        "new plans in mainstream": 0,
        "requests refused": 1,
        "within 20 weeks": 1,
        "within 20 weeks, no exceptions": 1,
    }


APPEALABLE_DECISIONS = """
    select
        tribunal.la_code,
        tribunal.appealable_decisions,
        requests_decided_not_to_assess + assess_not_issued + ehcplans + needs_met as rebuilt
    from tribunal_appeals as tribunal
    inner join requests
        on tribunal.la_code = requests.la_code
        and requests.period = '2024' and requests.breakdown_topic = 'All'
    inner join assessments
        on tribunal.la_code = assessments.la_code
        and assessments.period = '2024' and assessments.breakdown_topic = 'All'
    inner join caseload
        on tribunal.la_code = caseload.la_code
        and caseload.period = '2025-01' and caseload.breakdown_topic = 'All'
    inner join ceased_plans
        on tribunal.la_code = ceased_plans.la_code
        and ceased_plans.period = '2024' and ceased_plans.breakdown_topic = 'All'
    where tribunal.period = '2024' and tribunal.appealable_decisions is not null
"""

# The Ministry divided the appeals of these two by each other's decisions of 2024.
SWAPPED_BY_PUBLISHER = {"823": "Central Bedfordshire", "873": "Cambridgeshire"}


def test_appealable_decisions_can_be_rebuilt(release: duckdb.DuckDBPyConnection) -> None:
    """Refused, not issued, plans in the following January, and ceased because needs were met."""
    rows = {
        la: (printed, rebuilt)
        for la, printed, rebuilt in release.execute(APPEALABLE_DECISIONS).fetchall()
    }
    exact = [la for la, (printed, rebuilt) in rows.items() if printed == rebuilt]
    assert len(rows) >= 144
    assert len(exact) >= 91
    far = {la for la, (printed, rebuilt) in rows.items() if abs(printed - rebuilt) > 500}
    assert far == set(SWAPPED_BY_PUBLISHER)


def test_appeals_stand_under_the_authority_they_are_printed_for(
    release: duckdb.DuckDBPyConnection,
) -> None:
    """The file prints the codes of five authorities against other names; the names are right."""
    decisions = dict(
        release.execute(
            """
            select la_code, appealable_decisions
            from tribunal_appeals
            where period = '2024' and la_code in ('891', '892')
            """
        ).fetchall()
    )
    assert decisions == {"891": 5919, "892": 2102}, "Nottinghamshire and Nottingham"
