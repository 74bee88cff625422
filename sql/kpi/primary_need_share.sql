-- One row: plans with one primary need (numerator) of all plans (denominator), for one area and
-- January in one release. Need is the breakdown, so only the rows for all children are read.
with need (count_indicator, share_indicator, breakdown) as (
    select *
    from (
        values
        ('number_spld', 'spld_pc', 'Specific learning difficulty'),
        ('number_mld', 'mld_pc', 'Moderate learning difficulty'),
        ('number_sld', 'sld_pc', 'Severe learning difficulty'),
        ('number_pmld', 'pmld_pc', 'Profound & multiple learning difficulty'),
        ('number_semh', 'semh_pc', 'Social, emotional and mental health'),
        ('number_slcn', 'slcn_pc', 'Speech, language and communication needs'),
        ('number_hi', 'hi_pc', 'Hearing impairment'),
        ('number_vi', 'vi_pc', 'Visual impairment'),
        ('number_msi', 'msi_pc', 'Multisensory impairment'),
        ('number_pd', 'pd_pc', 'Physical disability'),
        ('number_asd', 'asd_pc', 'Autistic spectrum disorder'),
        ('number_ds', 'ds_pc', 'Down syndrome'),
        ('number_oth', 'oth_pc', 'Other difficulty/disability'),
        ('number_need_unknown', 'unknown_pc', 'Primary need not recorded')
    )
),

cell as (
    select *
    from core.figure
    where
        dataset = 'sen_needs_caseload'
        and breakdown_topic = 'All'
),

plan as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        value,
        symbol,
        coalesce(la_code, area_code) as area
    from cell
    where indicator = 'ehc_plans'
),

figure as (
    select
        cell.source,
        cell.vintage,
        cell.period,
        cell.la_code,
        cell.area_code,
        need.breakdown,
        max(case when cell.indicator = need.count_indicator then cell.value end) as numerator,
        max(case when cell.indicator = need.share_indicator then cell.value end) as published_value,
        max(case when cell.indicator = need.share_indicator then cell.symbol end)
            as published_symbol,
        max(case when cell.indicator = need.count_indicator then cell.symbol end)
            as numerator_symbol,
        min(cell.file_id) as file_id,
        min(cell.row_number) as row_number
    from cell
    inner join need
        on cell.indicator in (need.count_indicator, need.share_indicator)
    group by
        cell.source,
        cell.vintage,
        cell.period,
        cell.la_code,
        cell.area_code,
        need.breakdown
),

final as (
    select
        figure.source,
        figure.vintage,
        figure.period,
        figure.la_code,
        figure.area_code,
        'Primary need' as breakdown_topic,
        figure.breakdown,
        figure.numerator,
        plan.value as denominator,
        figure.published_value,
        case
            when figure.published_value is not null then null
            when figure.published_symbol is not null then figure.published_symbol
            when figure.numerator_symbol is not null then figure.numerator_symbol
            when plan.symbol is not null then plan.symbol
            when figure.numerator is null or plan.value is null then 'x'
            when plan.value = 0 then 'z'
        end as symbol,
        figure.file_id,
        figure.row_number
    from figure
    left join plan
        on
            figure.source = plan.source
            and figure.vintage = plan.vintage
            and figure.period = plan.period
            and coalesce(figure.la_code, figure.area_code) = plan.area
)

select * from final
