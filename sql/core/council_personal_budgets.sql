-- One row: personal budgets of plans in force on the census date, by the council's own rows,
-- counted as the DfE's file personal_budgets counts them. Kinds of payment are counted as they are
-- given; they need not add up to the budgets.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_in_year
),

held as (
    select
        slot.file_id,
        ehc_plan.request_record is not null as is_case,
        ehc_plan.has_personal_budget,
        ehc_plan.has_organised_arrangement,
        ehc_plan.direct_payment,
        coalesce(slot.age_group, age_at_event(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group
    from slot
    left join core.ehc_plan
        on
            slot.case_file_id = ehc_plan.file_id
            and ehc_plan.is_in_force
    left join core.person
        on
            ehc_plan.file_id = person.file_id
            and ehc_plan.person_record = person.person_record
),

summed as (
    select
        file_id,
        case
            when grouping(age_group) = 0 then 'Age'
            when grouping(sex_group) = 0 then 'Sex'
            when grouping(ethnic_group) = 0 then 'Ethnicity'
            when grouping(district_group) = 0 then 'District'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(district_group) = 0 then district_group
            else 'All'
        end as breakdown,
        cast(count(*) filter (where has_personal_budget) as decimal(18, 6)) as personal_budget,
        cast(
            count(*) filter (
                where has_organised_arrangement
            ) as decimal(18, 6)
        ) as org_arrangments,
        cast(count(*) filter (where direct_payment = 'H') as decimal(18, 6)) as pb_health,
        cast(count(*) filter (where direct_payment = 'E') as decimal(18, 6)) as pb_education,
        cast(count(*) filter (where direct_payment = 'S') as decimal(18, 6)) as pb_social,
        cast(count(*) filter (where direct_payment = 'I') as decimal(18, 6)) as pb_integrated
    from held
    group by grouping sets (
        (file_id),
        (file_id, age_group),
        (file_id, sex_group),
        (file_id, ethnic_group),
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
        'personal_budgets' as dataset,
        indicator,
        'stock' as period_kind,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            personal_budget,
            org_arrangments,
            pb_health,
            pb_education,
            pb_social,
            pb_integrated
        )
    )
)

select * from final
