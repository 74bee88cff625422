-- One row: a printed total beside the sum of the parts that the publisher says it has.
-- A total with a part that is not printed as a number is left out: nothing can be said of it.
with parts (dataset, total, part) as (
    select
        sums.dataset,
        sums.total,
        unnest(sums.parts)
    from (
        values
        ('residential_settings', 'res_tot', ['res_3851', 'res_52']),
        (
            'caseload',
            'ehcplans',
            [
                'mainstream_total', 'special_total', 'ap_pru_total', 'fe_total', 'ed_elsewhere',
                'nm_early_years', 'placement_unknown'
            ]
        ),
        (
            'newplans',
            'new_ehc_plans',
            [
                'mainstream_total', 'special_total', 'ap_pru_total', 'fe_total', 'ed_elsewhere',
                'nm_early_years', 'placement_unknown'
            ]
        ),
        (
            'ceased_plans',
            'total_ceased',
            [
                'max_age', 'needs_met', 'he', 'employ', 'transfer', 'deceased', 'no_engage',
                'moved_outside_eng', 'not_rec', 'other'
            ]
        ),
        (
            'requests',
            'requests_received_in_year',
            [
                'requests_decided_to_assess', 'requests_decided_not_to_assess',
                'requests_decision_not_made', 'requests_withdrawn'
            ]
        ),
        (
            'assessments',
            'assess_in_year',
            ['assess_issued', 'assess_not_issued', 'assess_not_made', 'assess_withdrawn']
        ),
        ('annual_reviews', 'total_ehc_plans', ['review_expected', 'review_not_expected']),
        ('annual_reviews', 'review_expected', ['total_review_meeting', 'no_review_meeting'])
    ) as sums (dataset, total, parts)
),

roles as (
    select
        dataset,
        total,
        part as indicator,
        0 as is_total
    from parts
    union all
    select distinct
        dataset,
        total,
        total as indicator,
        1 as is_total
    from parts
),

summed as (
    select
        figure.source,
        figure.vintage,
        figure.dataset,
        roles.total as indicator,
        figure.period,
        figure.area_code,
        figure.breakdown_topic,
        figure.breakdown,
        max(figure.value) filter (where roles.is_total = 1) as total,
        sum(figure.value) filter (where roles.is_total = 0) as parts_sum,
        count(figure.value) as printed_count,
        figure.file_id,
        min(figure.row_number) as row_number
    from core.published_figure as figure
    inner join roles
        on figure.dataset = roles.dataset and figure.indicator = roles.indicator
    group by
        figure.source,
        figure.vintage,
        figure.dataset,
        roles.total,
        figure.period,
        figure.area_code,
        figure.breakdown_topic,
        figure.breakdown,
        figure.file_id
),

part_counts as (
    select
        dataset,
        total,
        count(*) as part_count
    from parts
    group by dataset, total
),

final as (
    select summed.*
    from summed
    inner join part_counts
        on summed.dataset = part_counts.dataset and summed.indicator = part_counts.total
    where summed.printed_count = part_counts.part_count + 1
)

select * from final
