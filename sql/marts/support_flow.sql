-- One row: a step of the graduated approach: how many children went from one stage to the next
-- within 6, 12 or 24 months of their referral to early support, or had gone no further by then.
-- Counted are referrals old enough that the months have passed, of children who had no plan. The
-- stages are the kind of support, a request, the decision to assess, and a plan.
with months_later (months_after) as (
    select *
    from (values (6), (12), (24))
),

episode as (
    select
        support_path.la_code,
        months_later.months_after,
        support_path.pseudonym,
        support_path.support_kind,
        support_path.support_outcome,
        support_path.next_support_kind,
        coalesce(
            support_path.next_support_date
            <= support_path.referral_date + months_later.months_after * interval 1 month, false
        ) as has_next_support,
        coalesce(
            support_path.request_date
            <= support_path.referral_date + months_later.months_after * interval 1 month, false
        ) as has_request,
        coalesce(
            support_path.assessment_date
            <= support_path.referral_date + months_later.months_after * interval 1 month, false
        ) as has_assessment,
        coalesce(
            support_path.plan_date
            <= support_path.referral_date + months_later.months_after * interval 1 month, false
        ) as has_plan
    from core.support_path
    cross join months_later
    where
        not support_path.had_plan_before
        and support_path.referral_date + months_later.months_after * interval 1 month
        <= support_path.followed_until
),

step as (
    select
        la_code,
        months_after,
        pseudonym,
        support_kind as from_stage,
        case
            when has_request then 'request'
            when has_plan then 'plan'
            when has_next_support then next_support_kind
            when support_outcome = 'needs_met' then 'needs_met'
            else 'no_further_step'
        end as to_stage
    from episode
    union all
    select
        la_code,
        months_after,
        pseudonym,
        'request' as from_stage,
        case when has_assessment then 'assessment' else 'no_assessment' end as to_stage
    from episode
    where has_request
    union all
    select
        la_code,
        months_after,
        pseudonym,
        'assessment' as from_stage,
        case when has_plan then 'plan' else 'no_plan' end as to_stage
    from episode
    where has_request and has_assessment
),

final as (
    select
        la_code,
        months_after,
        from_stage,
        to_stage,
        cast(count(distinct pseudonym) as integer) as child_count,
        cast(count(*) as integer) as referral_count
    from step
    group by la_code, months_after, from_stage, to_stage
)

select * from final
order by la_code, months_after, from_stage, to_stage
