-- One row: the whole of an area beside the sum of one topic's groups, for each data set's total.
-- Groups that are themselves totals of other groups ("Special - total") are left out of the sum.
-- area_count tells a whole release from an extract, which need not list every group.
with totals (dataset, indicator) as (
    values
    ('caseload', 'ehcplans'),
    ('newplans', 'new_ehc_plans'),
    ('sen_needs_caseload', 'ehc_plans'),
    ('sen_need_newplans', 'ehc_plans'),
    ('requests', 'requests_received_in_year'),
    ('assessments', 'assess_in_year'),
    ('timeliness_20_week', 'plans_issued_den'),
    ('annual_reviews', 'total_ehc_plans'),
    ('ceased_plans', 'total_ceased'),
    ('personal_budgets', 'personal_budget'),
    ('residential_settings', 'res_tot'),
    ('work_based_placements', 'open_wbp')
),

figures as (
    select figure.*
    from core.published_figure as figure
    inner join totals
        on figure.dataset = totals.dataset and figure.indicator = totals.indicator
    where
        figure.source = 'dfe'
        and not figure.breakdown like '%- total'
),

wholes as (
    select
        vintage,
        dataset,
        period,
        area_code,
        value
    from figures
    where breakdown_topic = 'All'
),

editions as (
    select
        vintage,
        dataset,
        count(distinct area_code) as area_count
    from wholes
    group by vintage, dataset
),

topics as (
    select
        source,
        vintage,
        dataset,
        indicator,
        period,
        area_code,
        breakdown_topic,
        sum(value) as groups_sum,
        count(*) as group_count,
        count(value) as available_group_count,
        file_id,
        min(row_number) as row_number
    from figures
    where breakdown_topic <> 'All'
    group by
        source, vintage, dataset, indicator, period, area_code, breakdown_topic, file_id
),

final as (
    select
        topics.*,
        wholes.value as whole,
        editions.area_count
    from topics
    inner join wholes
        on
            topics.vintage = wholes.vintage
            and topics.dataset = wholes.dataset
            and topics.period = wholes.period
            and topics.area_code = wholes.area_code
    inner join editions
        on topics.vintage = editions.vintage and topics.dataset = editions.dataset
)

select * from final
