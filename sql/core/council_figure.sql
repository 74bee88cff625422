-- One row: one figure that the council's own rows give, in the shape of a published figure: the
-- data set, indicator, period, area and breakdown are the DfE's. It stands in no row of a file, and
-- row_number is empty. An in-year extract gives whole figures only, of a month or of the year to
-- date. The return of January holds that month: an extract of January has no stock beside it.
with counted as (
    select * from core.council_caseload
    union all
    select * from core.council_newplans
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
    select * from core.council_personal_budgets
    union all
    select * from core.council_residential
    union all
    select * from core.council_work_based
    union all
    select * from core.council_transfers_in
    union all
    select * from core.council_open_cases
    union all
    select * from core.council_phase_transfers
),

annual as (
    select distinct
        la_code,
        stock_period
    from core.case_return
    where return_kind = 'annual'
),

final as (
    select
        'council' as source,
        case_return.vintage,
        counted.dataset,
        counted.indicator,
        case
            when case_return.return_kind = 'annual' then counted.period_kind
            when counted.period_kind = 'stock' then 'month'
            else 'year_to_date'
        end as period_kind,
        case
            when counted.period_kind = 'stock' then case_return.stock_period
            else case_return.flow_period
        end as period,
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
    left join annual
        on
            case_return.la_code = annual.la_code
            and case_return.stock_period = annual.stock_period
    where
        case_return.return_kind = 'annual'
        or (
            counted.breakdown_topic = 'All'
            and (counted.period_kind = 'flow' or annual.stock_period is null)
        )
)

select * from final
