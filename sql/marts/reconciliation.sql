-- One row: a measure of a whole authority for one period, by the council's own rows and as the DfE
-- published it, where both are known, with how far they lie apart and what explains it. For a count
-- a difference of up to one in a hundred is small, for any other measure one of up to 1 in the
-- measure's own unit. An explanation says what could have made the difference and is large enough;
-- it does not prove that it did.
with held as (
    select
        kpi_value.*,
        measure.unit,
        measure.scope_note
    from marts.kpi_value
    inner join core.measure on kpi_value.kpi = measure.kpi
    where
        kpi_value.breakdown_topic = measure.default_breakdown_topic
        and kpi_value.value is not null
        and kpi_value.period_kind in ('stock', 'flow')
),

own as (
    select *
    from held
    where source = 'council' and is_newest_of_source
),

published as (
    select *
    from held
    where source = 'dfe' and is_newest_of_source
),

-- Editions that have given way: they agree with the other side where a restatement explains it.
own_before as (
    select
        kpi,
        period,
        area_code,
        breakdown_topic,
        breakdown,
        value,
        max(vintage) as vintage
    from held
    where source = 'council' and not is_newest_of_source
    group by kpi, period, area_code, breakdown_topic, breakdown, value
),

published_before as (
    select
        kpi,
        period,
        area_code,
        breakdown_topic,
        breakdown,
        value,
        max(vintage) as vintage
    from held
    where source = 'dfe' and not is_newest_of_source
    group by kpi, period, area_code, breakdown_topic, breakdown, value
),

corrected as (
    select
        case_return.received_file_id as file_id,
        count(*) as corrected_value_count
    from core.corrected_value
    inner join core.case_return on corrected_value.file_id = case_return.file_id
    where corrected_value.is_applied
    group by case_return.received_file_id
),

late as (
    select
        received_file_id as file_id,
        late_request_count + late_plan_count as late_record_count
    from core.late_record
),

held_together as (
    select
        own.kpi,
        own.period,
        own.period_kind,
        own.period_label,
        own.la_code,
        own.area_code,
        own.breakdown_topic,
        own.breakdown,
        own.unit,
        own.scope_note,
        own.value as council_value,
        own.vintage as council_vintage,
        published.value as published_value,
        published.vintage as published_vintage,
        own.value - published.value as difference,
        own_before.vintage as agreeing_return,
        published_before.vintage as agreeing_release,
        coalesce(corrected.corrected_value_count, 0) as corrected_value_count,
        coalesce(late.late_record_count, 0) as late_record_count,
        -- How many children make the difference, where both say what they divide.
        case
            when own.unit = 'count' then abs(own.value - published.value)
            else
                abs(own.numerator - published.numerator)
                + abs(own.denominator - published.denominator)
        end as children_apart
    from own
    inner join published
        on
            own.kpi = published.kpi
            and own.period = published.period
            and own.period_kind = published.period_kind
            and own.area_code = published.area_code
            and own.breakdown_topic = published.breakdown_topic
            and own.breakdown = published.breakdown
    left join own_before
        on
            published.kpi = own_before.kpi
            and published.period = own_before.period
            and published.area_code = own_before.area_code
            and published.breakdown_topic = own_before.breakdown_topic
            and published.breakdown = own_before.breakdown
            and published.value = own_before.value
    left join published_before
        on
            own.kpi = published_before.kpi
            and own.period = published_before.period
            and own.area_code = published_before.area_code
            and own.breakdown_topic = published_before.breakdown_topic
            and own.breakdown = published_before.breakdown
            and own.value = published_before.value
    left join corrected on own.file_id = corrected.file_id
    left join late on own.file_id = late.file_id
),

explained as (
    select
        *,
        case
            when difference = 0 then 'equal'
            when unit = 'count' and 100 * abs(difference) <= abs(published_value) then 'small'
            when unit <> 'count' and abs(difference) <= 1 then 'small'
            else 'flagged'
        end as difference_kind,
        case
            when difference = 0 then 'equal'
            when agreeing_return is not null or agreeing_release is not null then 'restated'
            when corrected_value_count > 0 and children_apart <= corrected_value_count
                then 'corrected'
            when late_record_count > 0 and children_apart <= late_record_count then 'late'
            when scope_note is not null then 'scope'
            else 'unexplained'
        end as explanation_kind
    from held_together
),

final as (
    select
        kpi,
        period,
        period_kind,
        period_label,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        council_value,
        council_vintage,
        published_value,
        published_vintage,
        difference,
        case
            when published_value <> 0
                then rounded_ratio(
                    cast(1000000 * cast(difference as decimal(28, 6)) as hugeint),
                    cast(1000000 * cast(published_value as decimal(28, 6)) as hugeint),
                    100,
                    1
                )
        end as difference_share,
        difference_kind,
        explanation_kind,
        case
            when explanation_kind = 'restated' and agreeing_return is not null
                then 'The return ' || agreeing_return || ', since restated, agrees.'
            when explanation_kind = 'restated'
                then 'The DfE''s release of ' || agreeing_release || ', since revised, agrees.'
            when explanation_kind = 'corrected'
                then
                    cast(corrected_value_count as varchar)
                    || ' values of the return have been corrected since.'
            when explanation_kind = 'late'
                then
                    cast(late_record_count as varchar)
                    || ' requests and plans of that time were recorded after the census.'
            when explanation_kind = 'scope' then scope_note
            when explanation_kind = 'unexplained' then 'Nothing that is held explains it.'
        end as explanation_text,
        corrected_value_count,
        late_record_count
    from explained
)

select * from final
order by kpi, area_code, period
