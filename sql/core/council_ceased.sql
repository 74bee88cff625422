-- One row: plans that ceased in a window of time, by reason, by the council's own rows, counted as
-- the DfE's file ceased_plans counts those of a calendar year. Reasons go by their code: the labels
-- of two of them look swapped in the DfE's guidance.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_stock
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        ehc_plan.request_record is not null as is_case,
        ehc_plan.cease_reason,
        coalesce(slot.age_group, age_at_event(ehc_plan.age_at_cease)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group,
        setting_group(ehc_plan.named_group) as setting_group
    from slot
    left join core.ehc_plan
        on
            slot.case_file_id = ehc_plan.file_id
            and slot.case_month = month_of(ehc_plan.cease_date)
            and ehc_plan.is_ceased_in_period
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
            when grouping(age_group) = 0 then 'Age when plan ceased'
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
        cast(count(*) filter (where is_case) as decimal(18, 6)) as total_ceased,
        cast(count(*) filter (where cease_reason = '1') as decimal(18, 6)) as max_age,
        cast(count(*) filter (where cease_reason = '2') as decimal(18, 6)) as needs_met,
        cast(count(*) filter (where cease_reason = '3') as decimal(18, 6)) as he,
        cast(count(*) filter (where cease_reason = '4') as decimal(18, 6)) as employ,
        cast(count(*) filter (where cease_reason = '5') as decimal(18, 6)) as transfer,
        cast(count(*) filter (where cease_reason = '6') as decimal(18, 6)) as no_engage,
        cast(count(*) filter (where cease_reason = '7') as decimal(18, 6)) as moved_outside_eng,
        cast(count(*) filter (where cease_reason = '8') as decimal(18, 6)) as deceased,
        cast(count(*) filter (where cease_reason = '9') as decimal(18, 6)) as other,
        cast(
            count(*) filter (
                where is_case and cease_reason is null
            ) as decimal(18, 6)
        ) as not_rec
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
        'ceased_plans' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            total_ceased,
            max_age,
            needs_met,
            he,
            employ,
            transfer,
            no_engage,
            moved_outside_eng,
            deceased,
            other,
            not_rec
        )
    )
)

select * from final
