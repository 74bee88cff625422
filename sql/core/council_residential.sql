-- One row: residential placements of plans in force on the census date, by the council's own rows,
-- counted as the DfE's file residential_settings counts them.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_in_year
),

held as (
    select
        slot.file_id,
        ehc_plan.request_record is not null as is_case,
        ehc_plan.residential,
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
        cast(count(*) filter (where residential = 'A') as decimal(18, 6)) as res_3851,
        cast(count(*) filter (where residential = 'B') as decimal(18, 6)) as res_52,
        cast(count(*) filter (where residential in ('A', 'B')) as decimal(18, 6)) as res_tot
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
        'residential_settings' as dataset,
        indicator,
        'stock' as period_kind,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            res_3851,
            res_52,
            res_tot
        )
    )
)

select * from final
