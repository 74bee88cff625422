-- One row: requests of a window of time by what came of them, by the council's own rows, counted as
-- the DfE's file requests counts those of a calendar year: received in it, and, for the 6 weeks,
-- decided in it.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_stock
),

-- A request is received in one month and decided in another: it counts in each.
happened as (
    select
        request.*,
        event.event,
        case event.event
            when 'received' then month_of(request.received_date)
            else month_of(request.request_outcome_date)
        end as event_month
    from core.request
    cross join (values ('received'), ('decided')) as event (event)
    where
        case event.event
            when 'received' then request.is_received_in_period
            else request.is_decided_in_period
        end
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        happened.request_outcome,
        happened.is_in_youth_accommodation,
        happened.event = 'received' as is_received,
        happened.event = 'decided' as is_decided,
        happened.is_decided_in_time,
        happened.has_request_mediation,
        happened.has_request_tribunal,
        coalesce(slot.age_group, age_at_event(happened.age_at_request)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        coalesce(slot.source_group, happened.source_group) as source_group,
        person.district_group
    from slot
    left join happened
        on
            slot.case_file_id = happened.file_id
            and slot.case_month = happened.event_month
    left join core.person
        on
            happened.file_id = person.file_id
            and happened.person_record = person.person_record
),

summed as (
    select
        file_id,
        period_kind,
        period,
        case
            when grouping(age_group) = 0 then 'Age'
            when grouping(sex_group) = 0 then 'Sex'
            when grouping(ethnic_group) = 0 then 'Ethnicity'
            when grouping(source_group) = 0 then 'Source of request'
            when grouping(district_group) = 0 then 'District'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(source_group) = 0 then source_group
            when grouping(district_group) = 0 then district_group
            else 'All'
        end as breakdown,
        cast(
            count(*) filter (
                where is_received
            ) as decimal(18, 6)
        ) as requests_received_in_year,
        cast(
            count(*) filter (
                where is_received and is_in_youth_accommodation
            ) as decimal(18, 6)
        ) as requests_rya,
        cast(
            count(*) filter (
                where is_received and request_outcome = 'Y'
            ) as decimal(18, 6)
        ) as requests_decided_to_assess,
        cast(
            count(*) filter (
                where is_received and request_outcome = 'N'
            ) as decimal(18, 6)
        ) as requests_decided_not_to_assess,
        cast(
            count(*) filter (
                where is_received and request_outcome = 'A'
            ) as decimal(18, 6)
        ) as requests_decision_not_made,
        cast(
            count(*) filter (
                where is_received and request_outcome = 'W'
            ) as decimal(18, 6)
        ) as requests_withdrawn,
        cast(
            count(*) filter (
                where is_decided and is_decided_in_time
            ) as decimal(18, 6)
        ) as request_outcome_six_weeks,
        cast(
            count(*) filter (
                where is_decided and not is_decided_in_time
            ) as decimal(18, 6)
        ) as request_outcome_over_6_weeks,
        cast(
            count(*) filter (
                where is_received and has_request_mediation
            ) as decimal(18, 6)
        ) as mediation_related_request,
        cast(
            count(*) filter (
                where is_received and has_request_tribunal
            ) as decimal(18, 6)
        ) as tribunal_related_request,
        cast(
            count(*) filter (
                where is_received and has_request_mediation and has_request_tribunal
            ) as decimal(18, 6)
        ) as tribunal_after_mediation_request
    from held
    group by grouping sets (
        (file_id, period_kind, period),
        (file_id, period_kind, period, age_group),
        (file_id, period_kind, period, sex_group),
        (file_id, period_kind, period, ethnic_group),
        (file_id, period_kind, period, source_group),
        (file_id, period_kind, period, district_group)
    )
),

kept as (
    select *
    from summed
    where breakdown is not null
),

final as (
    select
        file_id,
        'requests' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            requests_received_in_year,
            requests_rya,
            requests_decided_to_assess,
            requests_decided_not_to_assess,
            requests_decision_not_made,
            requests_withdrawn,
            request_outcome_six_weeks,
            request_outcome_over_6_weeks,
            mediation_related_request,
            tribunal_related_request,
            tribunal_after_mediation_request
        )
    )
)

select * from final
