-- One row: what anybody may read of one row of a measure that comes from the council's own rows.
-- Small counts become c, all others go to the nearest base; shares are made from those numbers
-- only, in whole per cent, and need a denominator of some size; so does a mean. The sizes stand in
-- pipelines/release/rounding.py. A cell that the DfE has published is left out: its own figure is
-- shown. Months, years to date and 12 months are left out where the count is not an exact total:
-- two beside each other would tell of single cases. Schools and kinds of setting stay with
-- officers.
with edition as (
    select
        source,
        vintage,
        bool_or(is_in_year) as is_in_year
    from core.vintage
    group by source, vintage
),

published as (
    select distinct
        kpi,
        period,
        area_code,
        breakdown_topic,
        breakdown
    from kpi.published_row
    where symbol is null and (numerator is not null or published_value is not null)
),

-- Whole numbers: a count of children has no half, and so no tie between two roundings.
own as (
    select
        own_row.*,
        rule.unit,
        rule.decimals,
        rule.scale,
        rule.is_exact and exact_topic.breakdown_topic is not null as is_exact,
        period_kind_of(own_row.period, rule.period_kind, edition.is_in_year) in ('stock', 'flow')
            as is_yearly,
        cast(own_row.numerator as bigint) as counted,
        cast(own_row.denominator as bigint) as whole
    from kpi.own_row
    inner join kpi.disclosure_rule as rule on own_row.kpi = rule.kpi
    inner join edition
        on own_row.source = edition.source and own_row.vintage = edition.vintage
    left join kpi.exact_topic on own_row.breakdown_topic = exact_topic.breakdown_topic
    left join published
        on
            own_row.kpi = published.kpi
            and own_row.period = published.period
            and own_row.area_code = published.area_code
            and own_row.breakdown_topic = published.breakdown_topic
            and own_row.breakdown = published.breakdown
    where
        published.kpi is null
        and case own_row.breakdown_topic
            when 'All' then rule.is_total_public
            when 'District' then rule.is_district_public
            when 'School' then false
            when 'Setting group' then false
            else rule.is_breakdown_public
        end
),

rounded as (
    select
        own.*,
        limits.least_denominator,
        limits.least_of_mean,
        case
            when own.counted > limits.largest_hidden
                then
                    own.counted + limits.half_base
                    - (own.counted + limits.half_base) % limits.base
        end as near_count,
        case
            -- A population is another publisher's figure and stands as it is.
            when own.unit = 'per_1000' then own.whole
            when own.whole > limits.largest_hidden
                then own.whole + limits.half_base - (own.whole + limits.half_base) % limits.base
        end as near_whole
    from own
    cross join kpi.disclosure_limit as limits
    where own.is_yearly or own.is_exact
),

judged as (
    select
        *,
        case
            when unit = 'count' and is_exact then counted is null
            when unit = 'count' then near_count is null
            when unit in ('percent', 'per_1000')
                then near_count is null or near_whole is null or near_whole < least_denominator
            else published_value is null or whole is null or whole < least_of_mean
        end as is_hidden
    from rounded
),

final as (
    select
        kpi,
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        cast(
            case
                when is_hidden then null
                when unit = 'count' and is_exact then numerator
                when unit in ('count', 'percent', 'per_1000') then near_count
            end as decimal(18, 6)
        ) as numerator,
        cast(near_whole as decimal(18, 6)) as denominator,
        cast(
            case
                when is_hidden or unit = 'count' then null
                when unit = 'percent' then rounded_ratio(near_count, near_whole, scale, 0)
                when unit = 'per_1000' then rounded_ratio(near_count, near_whole, scale, decimals)
                else rounded_half_up(published_value, decimals)
            end as decimal(18, 6)
        ) as published_value,
        case when is_hidden then 'c' end as symbol,
        -- The id is the beginning of the file's hash, and stays with the officers.
        cast(null as varchar) as file_id,
        cast(null as bigint) as row_number
    from judged
)

select * from final
