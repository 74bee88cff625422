-- One row: a return that the council writes about its services (places, posts, training, advice,
-- spend, early support), with the day of which it tells. A return that does not state its day tells
-- of the newest day on which one of its rows says that something happened. Its edition is that
-- month, so that a later return of the same month is a restatement.
with happened as (
    select
        'places' as dataset,
        file_id,
        la_code,
        reference_date,
        open_date as happened_date
    from staging.place
    union all
    select
        'workforce' as dataset,
        file_id,
        la_code,
        reference_date,
        post_start_date as happened_date
    from staging.workforce_post
    union all
    select
        'training' as dataset,
        file_id,
        la_code,
        reference_date,
        held_date as happened_date
    from staging.training
    union all
    select
        'ep_advice' as dataset,
        file_id,
        la_code,
        reference_date,
        requested_date as happened_date
    from staging.ep_advice
    union all
    select
        'ep_advice' as dataset,
        file_id,
        la_code,
        reference_date,
        received_date as happened_date
    from staging.ep_advice
    union all
    select
        'amended_plans' as dataset,
        file_id,
        la_code,
        reference_date,
        review_meeting_date as happened_date
    from staging.amended_plan
    union all
    select
        'amended_plans' as dataset,
        file_id,
        la_code,
        reference_date,
        amended_plan_date as happened_date
    from staging.amended_plan
    union all
    select
        'early_support' as dataset,
        file_id,
        la_code,
        reference_date,
        referral_date as happened_date
    from staging.early_support
    union all
    select
        'early_support' as dataset,
        file_id,
        la_code,
        reference_date,
        outcome_date as happened_date
    from staging.early_support
    union all
    select
        'spend' as dataset,
        file_id,
        la_code,
        reference_date,
        first_day as happened_date
    from core.spend
    union all
    select
        'spend' as dataset,
        file_id,
        la_code,
        reference_date,
        last_day as happened_date
    from core.spend
    where actual_gbp is not null
),

summed as (
    select
        dataset,
        file_id,
        max(la_code) as la_code,
        coalesce(max(reference_date), max(happened_date)) as reference_date,
        min(happened_date) as first_day
    from happened
    group by dataset, file_id
),

placed as (
    select
        summed.*,
        area.area_code,
        coalesce(case_file.received_file_id, summed.file_id) as received_file_id,
        coalesce(case_file.vintage_order, 0) as arrival,
        substr(cast(summed.reference_date as varchar), 1, 7) as reference_month
    from summed
    left join core.case_file on summed.file_id = case_file.file_id
    left join core.area on summed.la_code = area.la_code
    where summed.reference_date is not null
),

ordered as (
    select
        *,
        row_number() over (
            partition by dataset, la_code, reference_month
            order by reference_date, arrival, file_id
        ) - 1 as revision,
        row_number() over (
            partition by dataset, la_code
            order by reference_date desc, arrival desc, file_id desc
        ) = 1 as is_newest
    from placed
),

before as (
    select
        later.file_id,
        max(earlier.reference_date) as previous_reference_date
    from ordered as later
    inner join ordered as earlier
        on later.dataset = earlier.dataset and later.la_code = earlier.la_code
    where earlier.reference_month < later.reference_month
    group by later.file_id
),

final as (
    select
        ordered.dataset,
        ordered.file_id,
        ordered.la_code,
        ordered.area_code,
        ordered.reference_date,
        ordered.first_day,
        before.previous_reference_date,
        ordered.received_file_id,
        -- Named apart from an extract of the same month.
        ordered.reference_month || '-services'
        || case
            when ordered.revision > 0
                then '-r' || cast(ordered.revision + 1 as varchar)
            else ''
        end as vintage,
        cast(
            cast(replace(ordered.reference_month, '-', '') as integer) * 1000 + ordered.revision
            as integer
        ) as vintage_order,
        ordered.is_newest
    from ordered
    left join before on ordered.file_id = before.file_id
)

select * from final
