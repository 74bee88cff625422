-- One row: plans in one placement setting, or in a group of them, by the council's own rows: those
-- in force on a day, counted as the DfE's file caseload counts them, and those that started in a
-- window of time, as its file newplans does. A plan that is no longer in force is placed where its
-- section I says. Of a school (for officers) only the plans themselves are counted.
with slot as (
    select
        *,
        case when is_stock then 'caseload' else 'newplans' end as dataset
    from core.council_slot
    where age_scheme in ('any', case when is_stock then 'by_year' else 'at_event' end)
),

planned as (
    select
        file_id,
        person_record,
        request_record,
        'caseload' as dataset,
        cast(null as varchar) as event_month,
        cast(null as integer) as age_at_start,
        need_group,
        placement_setting,
        placement_group,
        urn
    from core.ehc_plan
    where is_in_force
    union all
    select
        file_id,
        person_record,
        request_record,
        'newplans' as dataset,
        month_of(start_date) as event_month,
        age_at_start,
        need_group,
        case when is_in_force then placement_setting else named_setting end as placement_setting,
        case when is_in_force then placement_group else named_group end as placement_group,
        urn
    from core.ehc_plan
    where is_new_in_period
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        slot.dataset,
        planned.request_record is not null as is_case,
        planned.placement_setting,
        planned.placement_group,
        coalesce(
            slot.age_group,
            case
                when slot.is_stock then age_by_year(person.age_at_31_august)
                else age_at_event(planned.age_at_start)
            end
        ) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        coalesce(slot.need_group, planned.need_group) as need_group,
        person.district_group,
        case
            when slot.has_groups and planned.request_record is not null
                then school_group(planned.urn, school.establishment_name)
        end as school_group
    from slot
    left join planned
        on
            slot.case_file_id = planned.file_id
            and slot.dataset = planned.dataset
            and slot.case_month is not distinct from planned.event_month
    left join core.person
        on
            planned.file_id = person.file_id
            and planned.person_record = person.person_record
    left join core.school on planned.urn = school.urn
),

summed as (
    select
        file_id,
        period_kind,
        period,
        dataset,
        case
            when grouping(age_group) = 0 and dataset = 'caseload' then 'Age'
            when grouping(age_group) = 0 then 'Age when plan started'
            when grouping(sex_group) = 0 then 'Sex'
            when grouping(ethnic_group) = 0 then 'Ethnicity'
            when grouping(need_group) = 0 then 'Primary need'
            when grouping(district_group) = 0 then 'District'
            when grouping(school_group) = 0 then 'School'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(need_group) = 0 then need_group
            when grouping(district_group) = 0 then district_group
            when grouping(school_group) = 0 then school_group
            else 'All'
        end as breakdown,
        cast(count(*) filter (where is_case) as decimal(18, 6)) as plans,
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
        (file_id, period_kind, period, dataset),
        (file_id, period_kind, period, dataset, age_group),
        (file_id, period_kind, period, dataset, sex_group),
        (file_id, period_kind, period, dataset, ethnic_group),
        (file_id, period_kind, period, dataset, need_group),
        (file_id, period_kind, period, dataset, district_group),
        (file_id, period_kind, period, dataset, school_group)
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
        dataset,
        case
            when indicator <> 'plans' then indicator
            when dataset = 'caseload' then 'ehcplans'
            else 'new_ehc_plans'
        end as indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            plans,
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
    where breakdown_topic <> 'School' or indicator = 'plans'
)

select * from final
