-- One row: personal budgets, residential placements or work-based placements of plans in force on a
-- day, by the council's own rows, counted as the DfE's files of these names count them. Kinds of
-- payment are counted as they are given; they need not add up to the budgets. And plans at a school
-- or college in the council's own area, or in another's, as GIAS knows: the DfE counts no such
-- thing.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and is_stock
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        ehc_plan.has_personal_budget,
        ehc_plan.has_organised_arrangement,
        ehc_plan.direct_payment,
        ehc_plan.residential,
        ehc_plan.work_based,
        school.la_code = case_return.la_code as is_in_area,
        coalesce(slot.age_group, age_at_event(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group,
        setting_group(ehc_plan.placement_group) as setting_group
    from slot
    left join core.ehc_plan
        on
            slot.case_file_id = ehc_plan.file_id
            and ehc_plan.is_in_force
    left join core.person
        on
            ehc_plan.file_id = person.file_id
            and ehc_plan.person_record = person.person_record
    left join core.school on ehc_plan.urn = school.urn
    left join core.case_return on slot.file_id = case_return.file_id
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
            when grouping(district_group) = 0 then 'District'
            when grouping(setting_group) = 0 then 'Setting group'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(district_group) = 0 then district_group
            when grouping(setting_group) = 0 then setting_group
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
        cast(count(*) filter (where direct_payment = 'I') as decimal(18, 6)) as pb_integrated,
        cast(count(*) filter (where residential = 'A') as decimal(18, 6)) as res_3851,
        cast(count(*) filter (where residential = 'B') as decimal(18, 6)) as res_52,
        cast(count(*) filter (where residential in ('A', 'B')) as decimal(18, 6)) as res_tot,
        cast(count(*) filter (where work_based = 'S') as decimal(18, 6)) as open_supp_intern,
        cast(count(*) filter (where work_based = 'A') as decimal(18, 6)) as open_apprentice,
        cast(count(*) filter (where work_based = 'T') as decimal(18, 6)) as open_trainee,
        cast(count(*) filter (where work_based in ('A', 'S', 'T')) as decimal(18, 6)) as open_wbp,
        cast(count(*) filter (where is_in_area) as decimal(18, 6)) as placed_in_area,
        cast(count(*) filter (where not is_in_area) as decimal(18, 6)) as placed_out_of_area,
        cast(
            count(*) filter (where is_in_area is not null) as decimal(18, 6)
        ) as placed_area_known
    from held
    group by grouping sets (
        (file_id, period_kind, period),
        (file_id, period_kind, period, age_group),
        (file_id, period_kind, period, sex_group),
        (file_id, period_kind, period, ethnic_group),
        (file_id, period_kind, period, district_group),
        (file_id, period_kind, period, setting_group)
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
        case
            when indicator like 'res\_%' escape '\' then 'residential_settings'
            when indicator like 'placed\_%' escape '\' then 'placement_areas'
            when indicator like 'open\_%' escape '\' then 'work_based_placements'
            else 'personal_budgets'
        end as dataset,
        indicator,
        period_kind,
        period,
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
            pb_integrated,
            res_3851,
            res_52,
            res_tot,
            open_supp_intern,
            open_apprentice,
            open_trainee,
            open_wbp,
            placed_in_area,
            placed_out_of_area,
            placed_area_known
        )
    )
)

select * from final
