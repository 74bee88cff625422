-- One row: plans that came from another authority in the year, or the year so far, by the council's
-- own rows. The return dates no move, so there is no month. The DfE publishes no such count.
with slot as (
    select
        council_slot.*,
        council_slot.case_month = month_of(council_slot.last_day) as is_last_month
    from core.council_slot
    where
        council_slot.age_scheme in ('any', 'at_event')
        and not council_slot.is_stock
        and council_slot.period_kind in ('flow', 'year_to_date')
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        ehc_plan.request_record is not null as is_case,
        coalesce(slot.age_group, age_at_event(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group
    from slot
    left join core.ehc_plan
        on
            slot.case_file_id = ehc_plan.file_id
            and slot.is_last_month
            and ehc_plan.is_transferred_in
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
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(district_group) = 0 then district_group
            else 'All'
        end as breakdown,
        cast(count(*) filter (where is_case) as decimal(18, 6)) as plans_transferred_in
    from held
    group by grouping sets (
        (file_id, period_kind, period),
        (file_id, period_kind, period, age_group),
        (file_id, period_kind, period, sex_group),
        (file_id, period_kind, period, ethnic_group),
        (file_id, period_kind, period, district_group)
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
        'transfers_in' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            plans_transferred_in
        )
    )
)

select * from final
