-- One row: how many of the council's own figures in a public file the rule for small numbers would
-- not print so, and the first measure that has one. protected_measure.sql makes rows by the rule;
-- here every row of the finished file is held against it, whatever put it there.
with own as (
    select
        figure.kpi,
        figure.numerator,
        figure.denominator,
        figure.value,
        figure.previous_value,
        limits.largest_hidden,
        limits.base,
        limits.least_denominator,
        limits.least_of_mean,
        -- The one value that these two counts can have.
        case rule.unit
            when 'count' then rounded_half_up(figure.numerator, rule.decimals)
            when 'percent'
                then rounded_ratio(figure.numerator, figure.denominator, rule.scale, 0)
            when 'per_1000'
                then
                    rounded_ratio(
                        figure.numerator, figure.denominator, rule.scale, rule.decimals
                    )
        end as made_value,
        case when rule.unit in ('count', 'percent', 'per_1000') then rule.unit else 'mean' end
            as kind,
        rule.is_exact and exact_topic.breakdown_topic is not null as is_exact,
        figure.period_kind in ('stock', 'flow') as is_yearly,
        case figure.breakdown_topic
            when 'All' then rule.is_total_public
            when 'District' then rule.is_district_public
            when 'School' then false
            when 'Setting group' then false
            else rule.is_breakdown_public
        end as is_public
    from marts.kpi_value as figure
    -- What no rule names is not public.
    left join kpi.disclosure_rule as rule on figure.kpi = rule.kpi
    cross join kpi.disclosure_limit as limits
    left join kpi.exact_topic on figure.breakdown_topic = exact_topic.breakdown_topic
    where figure.source = 'council'
),

-- What is hidden, or large enough and rounded.
sized as (
    select
        *,
        numerator is null or (numerator > largest_hidden and numerator % base = 0)
            as is_numerator_rounded,
        denominator is null or (denominator > largest_hidden and denominator % base = 0)
            as is_denominator_rounded,
        previous_value is null
        or (previous_value > largest_hidden and previous_value % base = 0) as is_previous_rounded,
        coalesce(previous_value % 1, 0) = 0 as is_previous_whole
    from own
),

judged as (
    select
        kpi,
        is_public and (is_yearly or is_exact)
        -- A population is another publisher's figure and stands as it is.
        and (kind = 'per_1000' or is_denominator_rounded)
        and (kind <> 'percent' or is_previous_whole)
        and (kind = 'mean' or value is not distinct from made_value)
        and case kind
            when 'count'
                then is_exact or (is_numerator_rounded and is_previous_rounded)
            when 'mean' then numerator is null and (value is null or denominator >= least_of_mean)
            else
                is_numerator_rounded
                and (value is null or (numerator is not null and denominator >= least_denominator))
        end as is_ruled
    from sized
),

final as (
    select
        count(*) as figure_count,
        min(kpi) as first_kpi
    from judged
    where is_ruled is not true
)

select * from final
