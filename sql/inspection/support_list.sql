-- One row: list 2, a pupil with SEN support, once, at the school of the main registration; whoever
-- is on list 1 has a plan and is left out.
with counted as (
    select *
    from roll
    where sen_provision = 'K' and enrolment_status in ('C', 'M')
),

subsidiary as (
    select
        upn,
        arg_min(school_phase, pupil_record) as subsidiary_phase
    from roll
    where upn is not null and enrolment_status = 'S'
    group by upn
),

in_january as (
    select
        upn,
        arg_min(primary_need, pupil_record) as primary_need,
        arg_min(ethnicity, pupil_record) as ethnicity
    from january_roll
    where upn is not null
    group by upn
),

final as (
    select
        cast(row_number() over (order by counted.pupil_record) as varchar) as unique_id,
        counted.upn,
        counted.uln,
        counted.birth_date,
        counted.gender,
        coalesce(counted.ethnicity, in_january.ethnicity) as ethnicity,
        coalesce(counted.primary_need, in_january.primary_need) as primary_need,
        counted.urn as main_urn,
        coalesce(main.school_phase, counted.school_phase) as main_phase,
        subsidiary.subsidiary_phase
    from counted
    left join subsidiary on counted.upn = subsidiary.upn
    left join in_january on counted.upn = in_january.upn
    left join establishment as main on counted.urn = main.urn
    left join case_plan on counted.upn = case_plan.upn
    where case_plan.person_record is null
)

select * from final
order by try_cast(unique_id as bigint)
