-- One row: list 1, a child or young person with a plan. What the return leaves empty is taken from
-- the roll, where the census knows the UPN.
with enrolled as (
    select
        upn,
        arg_min(urn, pupil_record) filter (where enrolment_status in ('C', 'M')) as main_urn,
        arg_min(school_phase, pupil_record) filter (
            where enrolment_status in ('C', 'M')
        ) as main_phase,
        arg_min(school_phase, pupil_record) filter (
            where enrolment_status = 'S'
        ) as subsidiary_phase,
        arg_min(uln, pupil_record) as uln
    from roll
    where upn is not null
    group by upn
),

final as (
    select
        cast(row_number() over (order by case_plan.person_record) as varchar) as unique_id,
        case_plan.upn,
        coalesce(case_plan.uln, enrolled.uln) as uln,
        case_plan.upn_unknown,
        case_plan.birth_date,
        case_plan.gender,
        case_plan.ethnicity,
        case_plan.initial_plan_date,
        case_plan.last_review_date,
        case_plan.primary_need,
        coalesce(case_plan.main_urn, enrolled.main_urn) as main_urn,
        coalesce(main.school_phase, enrolled.main_phase) as main_phase,
        coalesce(other.school_phase, enrolled.subsidiary_phase) as subsidiary_phase,
        case_plan.is_home_educated
    from case_plan
    left join enrolled on case_plan.upn = enrolled.upn
    left join establishment as main
        on coalesce(case_plan.main_urn, enrolled.main_urn) = main.urn
    left join establishment as other on case_plan.subsidiary_urn = other.urn
)

select * from final
order by try_cast(unique_id as bigint)
