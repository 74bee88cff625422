-- One row: plans in force that are due for a phase transfer in the year of the return or the year
-- before, or that have a final plan for it, by the council's own rows, counted as the DfE's file
-- phase_transfers counts them. The indicator names the year of transfer: due_26, final_26. Ours is
-- ontime_26: a final plan by the date due and by the legal date (SI 2014/1530, regulation 18), 31
-- March for who moves on from secondary school (15 or over on 31 August before), else 15 February.
with slot as (
    select
        council_slot.*,
        council_slot.return_year - years_before.years_before as transfer_year
    from core.council_slot
    cross join (values (0), (1)) as years_before (years_before)
    where
        council_slot.age_scheme in ('any', 'at_event')
        and council_slot.is_stock
        and council_slot.has_groups
),

due_plan as (
    select
        ehc_plan.file_id,
        ehc_plan.person_record,
        cast(extract(year from ehc_plan.phase_transfer_due_date) as integer) as transfer_year,
        ehc_plan.phase_transfer_final_date is not null as has_final_plan,
        ehc_plan.phase_transfer_final_date <= ehc_plan.phase_transfer_due_date
        and ehc_plan.phase_transfer_final_date <= case
            when
                person.age_at_31_august
                - case_return.return_year
                + extract(year from ehc_plan.phase_transfer_due_date)
                >= 15
                then
                    cast(
                        extract(year from ehc_plan.phase_transfer_due_date) || '-03-31' as date
                    )
            else
                cast(extract(year from ehc_plan.phase_transfer_due_date) || '-02-15' as date)
        end as is_on_time
    from core.ehc_plan
    inner join core.case_return on ehc_plan.file_id = case_return.file_id
    left join core.person
        on
            ehc_plan.file_id = person.file_id
            and ehc_plan.person_record = person.person_record
    where ehc_plan.is_in_force and ehc_plan.phase_transfer_due_date is not null
),

due as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        slot.transfer_year,
        due_plan.file_id is not null as is_case,
        coalesce(due_plan.has_final_plan, false) as has_final_plan,
        coalesce(due_plan.is_on_time, false) as is_on_time,
        coalesce(slot.age_group, age_at_event(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group
    from slot
    left join due_plan
        on
            slot.case_file_id = due_plan.file_id
            and slot.transfer_year = due_plan.transfer_year
    left join core.person
        on
            due_plan.file_id = person.file_id
            and due_plan.person_record = person.person_record
),

summed as (
    select
        file_id,
        period_kind,
        period,
        transfer_year,
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
        cast(count(*) filter (where is_case) as decimal(18, 6)) as due,
        cast(count(*) filter (where has_final_plan) as decimal(18, 6)) as final,
        cast(count(*) filter (where is_on_time) as decimal(18, 6)) as ontime
    from due
    group by grouping sets (
        (file_id, period_kind, period, transfer_year),
        (file_id, period_kind, period, transfer_year, age_group),
        (file_id, period_kind, period, transfer_year, sex_group),
        (file_id, period_kind, period, transfer_year, ethnic_group),
        (file_id, period_kind, period, transfer_year, district_group)
    )
),

parts as (
    select *
    from summed
    unpivot (figure for part in (due, final, ontime))
    where breakdown is not null
),

final as (
    select
        file_id,
        'phase_transfers' as dataset,
        part || '_' || substr(cast(transfer_year as varchar), 3, 2) as indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from parts
)

select * from final
