-- One row: one figure that the council's own rows give, in the shape of a published figure: the
-- data set, indicator, period, area and breakdown are the DfE's. It stands in no row of a file, and
-- row_number is empty. Only an annual return gives figures of groups: a month, a year to date and
-- 12 months are whole figures.
with counted as (
    select * from core.council_placements
    union all
    select * from core.council_provision
    union all
    select * from core.council_sen_needs
    union all
    select * from core.council_requests
    union all
    select * from core.council_assessments
    union all
    select * from core.council_timeliness
    union all
    select * from core.council_reviews
    union all
    select * from core.council_ceased
    union all
    select * from core.council_transfers_in
    union all
    select * from core.council_open_cases
    union all
    select * from core.council_phase_transfers
),

final as (
    select
        'council' as source,
        case_return.vintage,
        counted.dataset,
        counted.indicator,
        counted.period_kind,
        counted.period,
        case_return.la_code,
        case_return.area_code,
        counted.breakdown_topic,
        counted.breakdown,
        counted.value,
        -- A mean of no plan at all is not applicable.
        case when counted.value is null then 'z' end as symbol,
        case_return.received_file_id as file_id,
        cast(null as bigint) as row_number
    from counted
    inner join core.case_return on counted.file_id = case_return.file_id
    where counted.period_kind in ('flow', 'stock') or counted.breakdown_topic = 'All'
)

select * from final
