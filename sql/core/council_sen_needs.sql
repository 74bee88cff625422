-- One row: plans in force on the census date with one primary need, by the council's own rows,
-- counted as the DfE's file sen_needs_caseload counts them. Down syndrome stands by itself from the
-- release of 2026; before, it is one of the other difficulties.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'by_year') and is_stock
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        ehc_plan.request_record is not null as is_case,
        slot.return_year,
        ehc_plan.need_group,
        coalesce(slot.age_group, age_by_year(person.age_at_31_august)) as age_group,
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
        cast(count(*) filter (where is_case) as decimal(18, 6)) as ehc_plans,
        cast(
            count(*) filter (
                where need_group = 'Autistic spectrum disorder'
            ) as decimal(18, 6)
        ) as number_asd,
        case
            when min(return_year) >= 2026
                then cast(count(*) filter (where need_group = 'Down syndrome') as decimal(18, 6))
        end as number_ds,
        cast(
            count(*) filter (
                where need_group = 'Hearing impairment'
            ) as decimal(18, 6)
        ) as number_hi,
        cast(
            count(*) filter (
                where need_group = 'Moderate learning difficulty'
            ) as decimal(18, 6)
        ) as number_mld,
        cast(
            count(*) filter (
                where need_group = 'Multi-sensory impairment'
            ) as decimal(18, 6)
        ) as number_msi,
        cast(
            count(*) filter (
                where need_group = 'Other difficulty/disability'
                or (need_group = 'Down syndrome' and return_year < 2026)
            ) as decimal(18, 6)
        ) as number_oth,
        cast(
            count(*) filter (
                where need_group = 'Physical disability'
            ) as decimal(18, 6)
        ) as number_pd,
        cast(
            count(*) filter (
                where need_group = 'Profound and multiple learning difficulty'
            ) as decimal(18, 6)
        ) as number_pmld,
        cast(
            count(*) filter (
                where need_group = 'Social, emotional and mental health'
            ) as decimal(18, 6)
        ) as number_semh,
        cast(
            count(*) filter (
                where need_group = 'Speech, language and communication needs'
            ) as decimal(18, 6)
        ) as number_slcn,
        cast(
            count(*) filter (
                where need_group = 'Severe learning difficulty'
            ) as decimal(18, 6)
        ) as number_sld,
        cast(
            count(*) filter (
                where need_group = 'Specific learning difficulty'
            ) as decimal(18, 6)
        ) as number_spld,
        cast(
            count(*) filter (
                where need_group = 'Vision impairment'
            ) as decimal(18, 6)
        ) as number_vi,
        cast(
            count(*) filter (
                where need_group = 'Need unknown'
            ) as decimal(18, 6)
        ) as number_need_unknown
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
        'sen_needs_caseload' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            ehc_plans,
            number_asd,
            number_ds,
            number_hi,
            number_mld,
            number_msi,
            number_oth,
            number_pd,
            number_pmld,
            number_semh,
            number_slcn,
            number_sld,
            number_spld,
            number_vi,
            number_need_unknown
        )
    )
)

select * from final
