-- One row: list 1, a child or young person with a plan. What the return leaves empty is taken from
-- the roll, where the census knows the UPN. The plan was last updated at a phase transfer, by the
-- return, or after a review up to the day of the lists, by the council's file of amended plans.
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

case_number as (
    select
        person_record,
        initial_plan_date,
        on_day,
        unnest([upn, uln]) as child_number
    from case_plan
),

amended_number as (
    select
        review_meeting_date,
        amended_plan_date,
        unnest([upn, uln]) as child_number
    from amended
),

updated as (
    select
        case_number.person_record,
        max(amended_number.amended_plan_date) as amended_plan_date
    from case_number
    inner join amended_number on case_number.child_number = amended_number.child_number
    where
        amended_number.amended_plan_date <= case_number.on_day
        -- A meeting before the plan was first issued was about a plan that has ended.
        and amended_number.review_meeting_date >= case_number.initial_plan_date
    group by case_number.person_record
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
        greatest(case_plan.updated_plan_date, updated.amended_plan_date) as updated_plan_date,
        case_plan.last_review_date,
        case_plan.primary_need,
        coalesce(case_plan.main_urn, enrolled.main_urn) as main_urn,
        coalesce(main.school_phase, enrolled.main_phase) as main_phase,
        coalesce(other.school_phase, enrolled.subsidiary_phase) as subsidiary_phase,
        case_plan.is_home_educated
    from case_plan
    left join enrolled on case_plan.upn = enrolled.upn
    left join updated on case_plan.person_record = updated.person_record
    left join establishment as main
        on coalesce(case_plan.main_urn, enrolled.main_urn) = main.urn
    left join establishment as other on case_plan.subsidiary_urn = other.urn
)

select * from final
order by try_cast(unique_id as bigint)
