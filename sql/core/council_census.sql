-- One row: pupils on the rolls of the schools in a school census that the council holds, in the
-- shape of a published figure: all, those with a plan, and those on SEN support. The spring census
-- is of January and so the yearly figure; those of May and October are months. A pupil on two rolls
-- counts at the main one, as the DfE counts pupils.
with census as (
    select
        file_id,
        max(la_code) as la_code,
        max(reference_date) as reference_date
    from core.census_school
    where reference_date is not null
    group by file_id
    having count(distinct la_code) = 1
),

counted as (
    select
        file_id,
        cast(count(*) filter (where is_counted) as decimal(18, 6)) as pupils,
        cast(
            count(*) filter (where is_counted and sen_provision = 'E') as decimal(18, 6)
        ) as pupils_with_plan,
        cast(
            count(*) filter (where is_counted and sen_provision = 'K') as decimal(18, 6)
        ) as pupils_on_sen_support
    from core.census_pupil
    group by file_id
),

figured as (
    select
        file_id,
        indicator,
        figure
    from counted
    unpivot (figure for indicator in (pupils, pupils_with_plan, pupils_on_sen_support))
),

-- Named apart from an extract of the same month.
dated as (
    select
        census.file_id,
        census.la_code,
        case_file.received_file_id,
        case_file.vintage || '-school-census' as vintage,
        substr(cast(census.reference_date as varchar), 1, 7) as period
    from census
    inner join core.case_file on census.file_id = case_file.file_id
),

final as (
    select
        'council' as source,
        dated.vintage,
        'school_census' as dataset,
        figured.indicator,
        case when dated.period like '%-01' then 'stock' else 'month' end as period_kind,
        dated.period,
        dated.la_code,
        area.area_code,
        'All' as breakdown_topic,
        'All' as breakdown,
        figured.figure as value,
        cast(null as varchar) as symbol,
        dated.received_file_id as file_id,
        cast(null as bigint) as row_number
    from dated
    inner join figured on dated.file_id = figured.file_id
    inner join core.area on dated.la_code = area.la_code
)

select * from final
