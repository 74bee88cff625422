-- One row: an identity of the DfE's published files that the council's own figures of one edition,
-- period and group break. There should be none: whoever reads a part and its whole must be able to
-- add up. Where the sides come from two data sets, whose groups differ, the whole is held alone. A
-- period or group without all of the figures (a month has no outstanding requests) says nothing.
with term (identity, comparison, is_whole_only, dataset, indicator, side) as (
    select *
    from (
        values
        ('requests_by_outcome', 'equal', false, 'requests', 'requests_received_in_year', 1),
        ('requests_by_outcome', 'equal', false, 'requests', 'requests_decided_to_assess', -1),
        ('requests_by_outcome', 'equal', false, 'requests', 'requests_decided_not_to_assess', -1),
        ('requests_by_outcome', 'equal', false, 'requests', 'requests_decision_not_made', -1),
        ('requests_by_outcome', 'equal', false, 'requests', 'requests_withdrawn', -1),
        ('assessments_by_outcome', 'equal', false, 'assessments', 'assess_in_year', 1),
        ('assessments_by_outcome', 'equal', false, 'assessments', 'assess_issued', -1),
        ('assessments_by_outcome', 'equal', false, 'assessments', 'assess_not_issued', -1),
        ('assessments_by_outcome', 'equal', false, 'assessments', 'assess_not_made', -1),
        ('assessments_by_outcome', 'equal', false, 'assessments', 'assess_withdrawn', -1),
        ('base_within_issued', 'at_most', true, 'timeliness_20_week', 'plans_issued_den', 1),
        ('base_within_issued', 'at_most', true, 'assessments', 'assess_issued', -1),
        (
            'weeks_within_base',
            'at_most',
            false,
            'timeliness_20_week',
            'plans_issued_within_20_weeks',
            1
        ),
        (
            'weeks_within_base',
            'at_most',
            false,
            'timeliness_20_week',
            'plans_issued_gt20weeks_ltyear',
            1
        ),
        ('weeks_within_base', 'at_most', false, 'timeliness_20_week', 'plans_issued_gt_1_year', 1),
        ('weeks_within_base', 'at_most', false, 'timeliness_20_week', 'plans_issued_den', -1),
        (
            'base_without_exceptions',
            'at_most',
            false,
            'timeliness_20_week',
            'plans_issued_den_ex',
            1
        ),
        ('base_without_exceptions', 'at_most', false, 'timeliness_20_week', 'plans_issued_den', -1),
        ('plans_by_expected_review', 'equal', false, 'annual_reviews', 'total_ehc_plans', 1),
        ('plans_by_expected_review', 'equal', false, 'annual_reviews', 'review_expected', -1),
        ('plans_by_expected_review', 'equal', false, 'annual_reviews', 'review_not_expected', -1),
        ('reviews_by_meeting', 'equal', false, 'annual_reviews', 'review_expected', 1),
        ('reviews_by_meeting', 'equal', false, 'annual_reviews', 'total_review_meeting', -1),
        ('reviews_by_meeting', 'equal', false, 'annual_reviews', 'no_review_meeting', -1),
        ('reviews_by_completion', 'equal', false, 'annual_reviews', 'review_expected', 1),
        ('reviews_by_completion', 'equal', false, 'annual_reviews', 'review_completed', -1),
        ('reviews_by_completion', 'equal', false, 'annual_reviews', 'review_completed_earlier', -1),
        ('reviews_by_completion', 'equal', false, 'annual_reviews', 'review_not_completed', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'total_ceased', 1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'needs_met', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'max_age', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'employ', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'he', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'transfer', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'moved_outside_eng', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'no_engage', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'deceased', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'other', -1),
        ('ceased_by_reason', 'equal', false, 'ceased_plans', 'not_rec', -1)
    )
),

placement_part (indicator, side) as (
    select *
    from (
        values
        ('mainstream_total', -1),
        ('special_total', -1),
        ('ap_pru_total', -1),
        ('fe_total', -1),
        ('ed_elsewhere', -1),
        ('nm_early_years', -1),
        ('placement_unknown', -1)
    )
),

mainstream_part (indicator) as (
    select *
    from (
        values
        ('mainstream_la_maintained'),
        ('mainstream_la_maintained_resourced_provision'),
        ('mainstream_la_maintained_senunit'),
        ('mainstream_academy'),
        ('mainstream_academy_resourced_provision'),
        ('mainstream_academy_senunit'),
        ('mainstream_free_school'),
        ('mainstream_free_school_resourced_provision'),
        ('mainstream_free_school_senunit'),
        ('mainstream_independent')
    )
),

caseload (dataset, whole) as (
    select *
    from (values ('caseload', 'ehcplans'), ('newplans', 'new_ehc_plans'))
),

every_term as (
    select * from term
    union all
    select
        'plans_by_placement' as identity,
        'equal' as comparison,
        false as is_whole_only,
        dataset,
        whole as indicator,
        1 as side
    from caseload
    union all
    select
        'plans_by_placement' as identity,
        'equal' as comparison,
        false as is_whole_only,
        caseload.dataset,
        placement_part.indicator,
        placement_part.side
    from caseload
    cross join placement_part
    union all
    select
        'mainstream_by_kind' as identity,
        'equal' as comparison,
        false as is_whole_only,
        dataset,
        'mainstream_total' as indicator,
        1 as side
    from caseload
    union all
    select
        'mainstream_by_kind' as identity,
        'equal' as comparison,
        false as is_whole_only,
        caseload.dataset,
        mainstream_part.indicator,
        -1 as side
    from caseload
    cross join mainstream_part
),

-- An identity of one data set is held for each data set that has it.
placed as (
    select
        every_term.*,
        case when every_term.is_whole_only then 'several' else every_term.dataset end as held_in,
        count(*) over (
            partition by
                every_term.identity,
                case when every_term.is_whole_only then 'several' else every_term.dataset end
        ) as term_count
    from every_term
),

summed as (
    select
        placed.identity,
        placed.comparison,
        placed.held_in,
        council_figure.vintage,
        council_figure.la_code,
        council_figure.period_kind,
        council_figure.period,
        council_figure.breakdown_topic,
        council_figure.breakdown,
        max(placed.term_count) as term_count,
        count(*) as figure_count,
        sum(placed.side * council_figure.value) as remainder
    from placed
    inner join core.council_figure
        on
            placed.dataset = council_figure.dataset
            and placed.indicator = council_figure.indicator
    where not placed.is_whole_only or council_figure.breakdown_topic = 'All'
    group by
        placed.identity,
        placed.comparison,
        placed.held_in,
        council_figure.vintage,
        council_figure.la_code,
        council_figure.period_kind,
        council_figure.period,
        council_figure.breakdown_topic,
        council_figure.breakdown
),

final as (
    select
        identity,
        held_in as dataset,
        vintage,
        la_code,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        cast(remainder as decimal(18, 6)) as remainder
    from summed
    where
        figure_count = term_count
        and ((comparison = 'equal' and remainder <> 0) or remainder > 0)
)

select * from final
