-- One row: one figure from the council's returns about its services, in the shape of a published
-- figure. It stands in no row of a file, and row_number is empty. Places, posts and spend that are
-- not known are not available; a mean over nothing is not applicable.
with counted as (
    select
        'places' as dataset,
        *
    from core.council_places
    union all
    select
        'workforce' as dataset,
        *
    from core.council_workforce
    union all
    select
        'training' as dataset,
        *
    from core.council_training
    union all
    select
        'ep_advice' as dataset,
        *
    from core.council_ep_advice
    union all
    select
        'amended_plans' as dataset,
        *
    from core.council_amended_plans
    union all
    select
        'spend' as dataset,
        *
    from core.council_spend
    union all
    select
        'early_support' as dataset,
        *
    from core.council_early_support
    union all
    select
        'early_support' as dataset,
        *
    from core.council_support_outcome
    union all
    select
        'value' as dataset,
        *
    from core.council_value
),

final as (
    select
        'council' as source,
        service_return.vintage,
        counted.dataset,
        counted.indicator,
        counted.period_kind,
        counted.period,
        service_return.la_code,
        service_return.area_code,
        counted.breakdown_topic,
        counted.breakdown,
        counted.value,
        case
            when counted.value is not null then null
            when counted.dataset = 'spend' then 'x'
            else 'z'
        end as symbol,
        service_return.received_file_id as file_id,
        cast(null as bigint) as row_number
    from counted
    inner join core.service_return on counted.file_id = service_return.file_id
)

select * from final
