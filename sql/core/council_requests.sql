-- One row: requests of the calendar year by what came of them, by the council's own rows, counted
-- as the DfE's file requests counts them: received in the year, and, for the 6 weeks, decided in
-- the year. An in-year extract counts from 1 January to its day.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event')
),

held as (
    select
        slot.file_id,
        request.request_record is not null as is_case,
        request.request_outcome,
        request.is_in_youth_accommodation,
        request.is_received_in_period,
        request.is_decided_in_period,
        request.is_decided_in_time,
        request.has_request_mediation,
        request.has_request_tribunal,
        coalesce(slot.age_group, age_at_event(request.age_at_request)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        coalesce(slot.source_group, request.source_group) as source_group,
        person.district_group
    from slot
    left join core.request
        on
            slot.case_file_id = request.file_id
            and (request.is_received_in_period or request.is_decided_in_period)
    left join core.person
        on
            request.file_id = person.file_id
            and request.person_record = person.person_record
),

summed as (
    select
        file_id,
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
                where is_received_in_period
            ) as decimal(18, 6)
        ) as requests_received_in_year,
        cast(
            count(*) filter (
                where is_received_in_period and is_in_youth_accommodation
            ) as decimal(18, 6)
        ) as requests_rya,
        cast(
            count(*) filter (
                where is_received_in_period and request_outcome = 'Y'
            ) as decimal(18, 6)
        ) as requests_decided_to_assess,
        cast(
            count(*) filter (
                where is_received_in_period and request_outcome = 'N'
            ) as decimal(18, 6)
        ) as requests_decided_not_to_assess,
        cast(
            count(*) filter (
                where is_received_in_period and request_outcome = 'A'
            ) as decimal(18, 6)
        ) as requests_decision_not_made,
        cast(
            count(*) filter (
                where is_received_in_period and request_outcome = 'W'
            ) as decimal(18, 6)
        ) as requests_withdrawn,
        cast(
            count(*) filter (
                where is_decided_in_period and is_decided_in_time
            ) as decimal(18, 6)
        ) as request_outcome_six_weeks,
        cast(
            count(*) filter (
                where is_decided_in_period and not is_decided_in_time
            ) as decimal(18, 6)
        ) as request_outcome_over_6_weeks,
        cast(
            count(*) filter (
                where is_received_in_period and has_request_mediation
            ) as decimal(18, 6)
        ) as mediation_related_request,
        cast(
            count(*) filter (
                where is_received_in_period and has_request_tribunal
            ) as decimal(18, 6)
        ) as tribunal_related_request,
        cast(
            count(*) filter (
                where is_received_in_period and has_request_mediation and has_request_tribunal
            ) as decimal(18, 6)
        ) as tribunal_after_mediation_request
    from held
    group by grouping sets (
        (file_id),
        (file_id, age_group),
        (file_id, sex_group),
        (file_id, ethnic_group),
        (file_id, source_group),
        (file_id, district_group)
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
        'flow' as period_kind,
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
