-- One row: an annual return, and how many requests and plans of its time stand in the next annual
-- return and not in it: they were recorded after the census, and the DfE may have counted them. A
-- plan that moved in with its child is not one of them.
with pair as (
    select
        earlier.file_id,
        earlier.activity_start,
        earlier.activity_end,
        earlier.reference_date,
        later.file_id as later_file_id
    from core.case_return as earlier
    inner join core.case_return as later
        on
            earlier.la_code = later.la_code
            and earlier.return_year + 1 = later.return_year
            and earlier.return_kind = later.return_kind
    where earlier.return_kind = 'annual' and later.is_newest
),

event as (
    select
        file_id,
        'request' as event_kind,
        pseudonym,
        received_date as event_date,
        false as is_transferred_in
    from core.request
    where received_date is not null
    union
    select
        file_id,
        'plan' as event_kind,
        pseudonym,
        start_date as event_date,
        is_transferred_in
    from core.ehc_plan
    where start_date is not null
),

told_later as (
    select
        pair.file_id,
        event.event_kind,
        event.pseudonym,
        event.event_date
    from pair
    inner join event on pair.later_file_id = event.file_id
    where
        not event.is_transferred_in
        and (
            event.event_date between pair.activity_start and pair.activity_end
            or (event.event_kind = 'plan' and event.event_date <= pair.reference_date)
        )
),

summed as (
    select
        told_later.file_id,
        count(*) filter (where told_later.event_kind = 'request') as late_request_count,
        count(*) filter (where told_later.event_kind = 'plan') as late_plan_count
    from told_later
    left join event
        on
            told_later.file_id = event.file_id
            and told_later.event_kind = event.event_kind
            and told_later.pseudonym = event.pseudonym
            and told_later.event_date = event.event_date
    where event.file_id is null
    group by told_later.file_id
),

final as (
    select
        case_return.file_id,
        case_return.received_file_id,
        coalesce(summed.late_request_count, 0) as late_request_count,
        coalesce(summed.late_plan_count, 0) as late_plan_count
    from core.case_return
    left join summed on case_return.file_id = summed.file_id
    where case_return.return_kind = 'annual'
)

select * from final
