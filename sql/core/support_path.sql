-- One row: a referral to early support and what came next for the child: further support, a
-- request, the decision to assess, a plan. Children are matched by pseudonym to the requests and
-- plans of every return and extract that is held. followed_until is the last day of which both are
-- told: what came later is not known, which is not the same as nothing.
with referral as (
    select early_support.*
    from core.early_support
    inner join core.service_return
        on early_support.file_id = service_return.file_id and service_return.is_newest
    where early_support.referral_date is not null
),

followed as (
    select
        service_return.la_code,
        least(max(service_return.reference_date), max(case_return.reference_date))
            as followed_until
    from core.service_return
    inner join core.case_return on service_return.la_code = case_return.la_code
    where service_return.dataset = 'early_support'
    group by service_return.la_code
),

ordered as (
    select
        file_id,
        row_number,
        lead(support_kind) over child_in_time as next_support_kind,
        lead(referral_date) over child_in_time as next_support_date
    from referral
    window child_in_time as (
        partition by la_code, pseudonym
        order by referral_date, row_number
    )
),

asked as (
    select
        referral.file_id,
        referral.row_number,
        min(request.received_date) filter (
            where request.received_date >= referral.referral_date
        ) as request_date,
        min(request.request_outcome_date) filter (
            where
            request.request_outcome = 'Y'
            and request.received_date >= referral.referral_date
            and request.request_outcome_date >= referral.referral_date
        ) as assessment_date
    from referral
    inner join core.request on referral.pseudonym = request.pseudonym
    inner join core.case_return
        on
            request.file_id = case_return.file_id
            and referral.la_code = case_return.la_code
            and case_return.is_newest
    group by referral.file_id, referral.row_number
),

issued as (
    select
        referral.file_id,
        referral.row_number,
        min(ehc_plan.start_date) filter (
            where ehc_plan.start_date >= referral.referral_date
        ) as plan_date,
        bool_or(
            ehc_plan.start_date < referral.referral_date
            and coalesce(ehc_plan.cease_date, referral.referral_date) >= referral.referral_date
        ) as had_plan_before
    from referral
    inner join core.ehc_plan on referral.pseudonym = ehc_plan.pseudonym
    inner join core.case_return
        on
            ehc_plan.file_id = case_return.file_id
            and referral.la_code = case_return.la_code
            and case_return.is_newest
    group by referral.file_id, referral.row_number
),

final as (
    select
        referral.file_id,
        referral.row_number,
        referral.la_code,
        referral.pseudonym,
        referral.support_kind,
        referral.referral_date,
        referral.support_outcome,
        followed.followed_until,
        coalesce(issued.had_plan_before, false) as had_plan_before,
        ordered.next_support_kind,
        ordered.next_support_date,
        asked.request_date,
        asked.assessment_date,
        issued.plan_date
    from referral
    left join followed on referral.la_code = followed.la_code
    left join ordered
        on referral.file_id = ordered.file_id and referral.row_number = ordered.row_number
    left join asked
        on referral.file_id = asked.file_id and referral.row_number = asked.row_number
    left join issued
        on referral.file_id = issued.file_id and referral.row_number = issued.row_number
)

select * from final
