-- One row: plans in force on the census date in one placement setting, or in a group of them, by
-- the council's own rows, counted as the DfE's file caseload counts them.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'by_year')
),

held as (
    select
        slot.file_id,
        ehc_plan.request_record is not null as is_case,
        ehc_plan.placement_setting,
        ehc_plan.placement_group,
        coalesce(slot.age_group, age_by_year(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        coalesce(slot.need_group, ehc_plan.need_group) as need_group,
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
            when grouping(need_group) = 0 then 'Primary need'
            when grouping(district_group) = 0 then 'District'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(need_group) = 0 then need_group
            when grouping(district_group) = 0 then district_group
            else 'All'
        end as breakdown,
        cast(count(*) filter (where is_case) as decimal(18, 6)) as ehcplans,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_la_maintained'
            ) as decimal(18, 6)
        ) as mainstream_la_maintained,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_la_maintained_resourced_provision'
            ) as decimal(18, 6)
        ) as mainstream_la_maintained_resourced_provision,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_la_maintained_senunit'
            ) as decimal(18, 6)
        ) as mainstream_la_maintained_senunit,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_academy'
            ) as decimal(18, 6)
        ) as mainstream_academy,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_academy_resourced_provision'
            ) as decimal(18, 6)
        ) as mainstream_academy_resourced_provision,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_academy_senunit'
            ) as decimal(18, 6)
        ) as mainstream_academy_senunit,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_free_school'
            ) as decimal(18, 6)
        ) as mainstream_free_school,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_free_school_resourced_provision'
            ) as decimal(18, 6)
        ) as mainstream_free_school_resourced_provision,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_free_school_senunit'
            ) as decimal(18, 6)
        ) as mainstream_free_school_senunit,
        cast(
            count(*) filter (
                where placement_setting = 'mainstream_independent'
            ) as decimal(18, 6)
        ) as mainstream_independent,
        cast(
            count(*) filter (
                where placement_setting = 'special_la_maintained'
            ) as decimal(18, 6)
        ) as special_la_maintained,
        cast(
            count(*) filter (
                where
                placement_setting in (
                    'special_academy_free', 'special_academy', 'special_free_school'
                )
            ) as decimal(18, 6)
        ) as special_academy_free,
        cast(
            count(*) filter (
                where placement_setting = 'special_independent'
            ) as decimal(18, 6)
        ) as special_independent,
        cast(
            count(*) filter (
                where placement_setting = 'special_non_maintained'
            ) as decimal(18, 6)
        ) as special_non_maintained,
        cast(
            count(*) filter (
                where placement_setting = 'ap_pru_academy'
            ) as decimal(18, 6)
        ) as ap_pru_academy,
        cast(
            count(*) filter (
                where placement_setting = 'ap_pru_free_school'
            ) as decimal(18, 6)
        ) as ap_pru_free_school,
        cast(
            count(*) filter (
                where placement_setting = 'ap_pru_la_maintained'
            ) as decimal(18, 6)
        ) as ap_pru_la_maintained,
        cast(
            count(*) filter (
                where placement_setting = 'general_fe_tertiary_colleges'
            ) as decimal(18, 6)
        ) as general_fe_tertiary_colleges,
        cast(
            count(*) filter (
                where placement_setting = 'specialist_post_16_institutions'
            ) as decimal(18, 6)
        ) as specialist_post_16_institutions,
        cast(
            count(*) filter (
                where placement_setting = 'ukrlp_provider'
            ) as decimal(18, 6)
        ) as ukrlp_provider,
        cast(
            count(*) filter (
                where placement_setting = 'elective_home_education'
            ) as decimal(18, 6)
        ) as elective_home_education,
        cast(
            count(*) filter (
                where placement_setting = 'other_arrangements_la'
            ) as decimal(18, 6)
        ) as other_arrangements_la,
        cast(
            count(*) filter (
                where placement_setting = 'other_arrangements_parents'
            ) as decimal(18, 6)
        ) as other_arrangements_parents,
        cast(
            count(*) filter (
                where placement_setting = 'online_provider'
            ) as decimal(18, 6)
        ) as online_provider,
        cast(
            count(*) filter (
                where placement_setting = 'w_settings'
            ) as decimal(18, 6)
        ) as w_settings,
        cast(
            count(*) filter (
                where placement_setting = 'other_schools'
            ) as decimal(18, 6)
        ) as other_schools,
        cast(
            count(*) filter (
                where placement_setting = 'other_placement_settings'
            ) as decimal(18, 6)
        ) as other_placement_settings,
        cast(count(*) filter (where placement_setting = 'neet') as decimal(18, 6)) as neet,
        cast(
            count(*) filter (
                where placement_setting = 'neet_ntci'
            ) as decimal(18, 6)
        ) as neet_ntci,
        cast(
            count(*) filter (
                where placement_setting = 'neet_other'
            ) as decimal(18, 6)
        ) as neet_other,
        cast(
            count(*) filter (
                where placement_setting = 'neet_other_csa'
            ) as decimal(18, 6)
        ) as neet_other_csa,
        cast(
            count(*) filter (
                where placement_setting = 'nm_early_years'
            ) as decimal(18, 6)
        ) as nm_early_years,
        cast(
            count(*) filter (
                where placement_setting = 'placement_unknown'
            ) as decimal(18, 6)
        ) as placement_unknown,
        cast(
            count(*) filter (
                where placement_group = 'mainstream'
            ) as decimal(18, 6)
        ) as mainstream_total,
        cast(
            count(*) filter (
                where placement_group = 'special'
            ) as decimal(18, 6)
        ) as special_total,
        cast(
            count(*) filter (
                where placement_group = 'alternative_provision'
            ) as decimal(18, 6)
        ) as ap_pru_total,
        cast(
            count(*) filter (
                where placement_group = 'further_education'
            ) as decimal(18, 6)
        ) as fe_total,
        cast(
            count(*) filter (
                where placement_group = 'educated_elsewhere'
            ) as decimal(18, 6)
        ) as ed_elsewhere
    from held
    group by grouping sets (
        (file_id),
        (file_id, age_group),
        (file_id, sex_group),
        (file_id, ethnic_group),
        (file_id, need_group),
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
        'caseload' as dataset,
        indicator,
        'stock' as period_kind,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            ehcplans,
            mainstream_la_maintained,
            mainstream_la_maintained_resourced_provision,
            mainstream_la_maintained_senunit,
            mainstream_academy,
            mainstream_academy_resourced_provision,
            mainstream_academy_senunit,
            mainstream_free_school,
            mainstream_free_school_resourced_provision,
            mainstream_free_school_senunit,
            mainstream_independent,
            special_la_maintained,
            special_academy_free,
            special_independent,
            special_non_maintained,
            ap_pru_academy,
            ap_pru_free_school,
            ap_pru_la_maintained,
            general_fe_tertiary_colleges,
            specialist_post_16_institutions,
            ukrlp_provider,
            elective_home_education,
            other_arrangements_la,
            other_arrangements_parents,
            online_provider,
            w_settings,
            other_schools,
            other_placement_settings,
            neet,
            neet_ntci,
            neet_other,
            neet_other_csa,
            nm_early_years,
            placement_unknown,
            mainstream_total,
            special_total,
            ap_pru_total,
            fe_total,
            ed_elsewhere
        )
    )
)

select * from final
