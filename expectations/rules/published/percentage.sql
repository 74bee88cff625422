-- One row: a printed percentage beside the numbers that the publisher prints it from.
-- A percentage with a number that is not printed is left out: nothing can be said of it.
-- step is one unit of its last printed decimal: 0.1 since the 2023 release, finer before.
with formulas (dataset, percentage, numerator, denominators) as (
    values
    ('caseload', 'mainstream_total_pc', 'mainstream_total', ['ehcplans']),
    ('caseload', 'special_total_pc', 'special_total', ['ehcplans']),
    ('caseload', 'ap_pru_total_pc', 'ap_pru_total', ['ehcplans']),
    ('caseload', 'fe_total_pc', 'fe_total', ['ehcplans']),
    ('caseload', 'ed_elsewhere_pc', 'ed_elsewhere', ['ehcplans']),
    ('caseload', 'nm_early_years_pc', 'nm_early_years', ['ehcplans']),
    ('caseload', 'placement_unknown_pc', 'placement_unknown', ['ehcplans']),
    ('newplans', 'mainstream_total_pc', 'mainstream_total', ['new_ehc_plans']),
    ('newplans', 'special_total_pc', 'special_total', ['new_ehc_plans']),
    ('newplans', 'ap_pru_total_pc', 'ap_pru_total', ['new_ehc_plans']),
    ('newplans', 'fe_total_pc', 'fe_total', ['new_ehc_plans']),
    ('newplans', 'ed_elsewhere_pc', 'ed_elsewhere', ['new_ehc_plans']),
    ('newplans', 'nm_early_years_pc', 'nm_early_years', ['new_ehc_plans']),
    ('newplans', 'placement_unknown_pc', 'placement_unknown', ['new_ehc_plans']),
    ('requests', 'request_assess_pc', 'requests_decided_to_assess', ['requests_received_in_year']),
    (
        'requests',
        'request_not_assess_pc',
        'requests_decided_not_to_assess',
        ['requests_received_in_year']
    ),
    (
        'requests',
        'request_outstanding_pc',
        'requests_decision_not_made',
        ['requests_received_in_year']
    ),
    ('requests', 'request_withdrawn_pc', 'requests_withdrawn', ['requests_received_in_year']),
    (
        'requests',
        'request_outcome_six_weeks_pc',
        'request_outcome_six_weeks',
        ['request_outcome_six_weeks', 'request_outcome_over_6_weeks']
    ),
    (
        'requests',
        'request_outcome_over_6_weeks_pc',
        'request_outcome_over_6_weeks',
        ['request_outcome_six_weeks', 'request_outcome_over_6_weeks']
    ),
    ('assessments', 'assess_issued_pc', 'assess_issued', ['assess_in_year']),
    ('assessments', 'assess_not_issued_pc', 'assess_not_issued', ['assess_in_year']),
    ('assessments', 'assess_not_made_pc', 'assess_not_made', ['assess_in_year']),
    ('assessments', 'assess_withdrawn_pc', 'assess_withdrawn', ['assess_in_year']),
    (
        'assessments',
        'outcome_decision_within_time_pc',
        'outcome_decision_within_time',
        ['outcome_decision_within_time', 'outcome_decision_over_time']
    ),
    (
        'assessments',
        'outcome_decision_over_time_pc',
        'outcome_decision_over_time',
        ['outcome_decision_within_time', 'outcome_decision_over_time']
    ),
    (
        'timeliness_20_week',
        'pc_plans_issued_within_20_weeks',
        'plans_issued_within_20_weeks',
        ['plans_issued_den']
    ),
    (
        'timeliness_20_week',
        'pc_plans_issued_gt20weeks_ltyear',
        'plans_issued_gt20weeks_ltyear',
        ['plans_issued_den']
    ),
    (
        'timeliness_20_week',
        'pc_plans_issued_gt_1_year',
        'plans_issued_gt_1_year',
        ['plans_issued_den']
    ),
    (
        'timeliness_20_week',
        'pc_plans_issued_20_weeks_ex',
        'plans_issued_20_weeks_ex',
        ['plans_issued_den_ex']
    ),
    (
        'timeliness_20_week',
        'pc_plans_issued_gt20weeks_ltyear_ex',
        'plans_issued_gt20weeks_ltyear_ex',
        ['plans_issued_den_ex']
    ),
    (
        'timeliness_20_week',
        'pc_plans_issued_gt_1_year_ex',
        'plans_issued_gt_1_year_ex',
        ['plans_issued_den_ex']
    ),
    (
        'annual_reviews',
        'pc_decsion_4weeks',
        'number_decsion_4weeks',
        ['number_decsion_4weeks', 'number_decision_gt_4weeks']
    ),
    (
        'annual_reviews',
        'pc_decision_gt_4weeks',
        'number_decision_gt_4weeks',
        ['number_decsion_4weeks', 'number_decision_gt_4weeks']
    )
),

needs as (
    select
        dataset,
        need || '_pc' as percentage,
        case need when 'unknown' then 'number_need_unknown' else 'number_' || need end as numerator,
        ['ehc_plans'] as denominators
    from (
        select
            unnest(['sen_needs_caseload', 'sen_need_newplans']) as dataset,
            [
                'asd', 'ds', 'hi', 'mld', 'msi', 'oth', 'pd', 'pmld', 'semh', 'slcn', 'sld',
                'spld', 'unknown', 'vi'
            ] as names
    ) as both_files
    cross join unnest(names) as each_name (need)
),

every_formula as (
    select * from formulas
    union all
    select * from needs
),

roles as (
    select
        dataset,
        percentage,
        percentage as indicator,
        'percentage' as role
    from every_formula
    union all
    select
        dataset,
        percentage,
        numerator as indicator,
        'numerator' as role
    from every_formula
    union all
    select
        dataset,
        percentage,
        unnest(denominators) as indicator,
        'denominator' as role
    from every_formula
),

printed as (
    select
        figure.source,
        figure.vintage,
        figure.dataset,
        roles.percentage as indicator,
        figure.period,
        figure.area_code,
        figure.breakdown_topic,
        figure.breakdown,
        max(figure.value) filter (where roles.role = 'percentage') as percentage,
        cast(max(figure.value) filter (where roles.role = 'numerator') as bigint) as numerator,
        cast(sum(figure.value) filter (where roles.role = 'denominator') as bigint) as denominator,
        figure.file_id,
        min(figure.row_number) as row_number
    from core.published_figure as figure
    inner join roles
        on figure.dataset = roles.dataset and figure.indicator = roles.indicator
    where figure.value is not null
    group by
        figure.source,
        figure.vintage,
        figure.dataset,
        roles.percentage,
        figure.period,
        figure.area_code,
        figure.breakdown_topic,
        figure.breakdown,
        figure.file_id
),

final as (
    select
        *,
        case
            when percentage = round(percentage, 1) then cast(0.1 as decimal(18, 6))
            when percentage = round(percentage, 2) then cast(0.01 as decimal(18, 6))
            when percentage = round(percentage, 3) then cast(0.001 as decimal(18, 6))
            when percentage = round(percentage, 4) then cast(0.0001 as decimal(18, 6))
            when percentage = round(percentage, 5) then cast(0.00001 as decimal(18, 6))
            else cast(0.000001 as decimal(18, 6))
        end as step
    from printed
    where percentage is not null and numerator is not null and denominator is not null
)

select * from final
