-- One row: a request of a person who has more than one, with what the others are about.
with people as (
    select person_record
    from parsed.request
    group by person_record
    having count(*) > 1
),

known as (
    select
        request.record as request_record,
        request.person_record,
        named_plan.record as named_plan_record,
        request.received_date,
        named_plan.start_date,
        named_plan.cease_date,
        coalesce(
            request.request_outcome = 'A'
            or (
                request.request_outcome = 'Y'
                and (
                    assessment.assessment_outcome = 'A'
                    or (
                        assessment.assessment_outcome = 'Y'
                        and assessment.assessment_outcome_date is null
                    )
                )
            ),
            false
        ) as is_open
    from parsed.request as request
    inner join people on request.person_record = people.person_record
    left join parsed.assessment as assessment on request.record = assessment.request_record
    left join parsed.named_plan as named_plan on request.record = named_plan.request_record
),

final as (
    select
        known.request_record,
        known.named_plan_record,
        known.is_open,
        known.received_date,
        count(*) filter (where other.is_open) as other_open_count,
        count(*) filter (where known.received_date = other.received_date) as same_day_count,
        coalesce(
            bool_or(
                known.received_date >= other.start_date
                and known.received_date <= coalesce(other.cease_date, date '9999-12-31')
            ),
            false
        ) as is_received_during_plan,
        coalesce(
            bool_or(
                known.start_date <= coalesce(other.cease_date, date '9999-12-31')
                and other.start_date <= coalesce(known.cease_date, date '9999-12-31')
            ),
            false
        ) as is_plan_open_with_another
    from known
    inner join known as other
        on
            known.person_record = other.person_record
            and known.request_record <> other.request_record
    group by all
)

select * from final
