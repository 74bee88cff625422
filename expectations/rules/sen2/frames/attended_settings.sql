-- One row: an active plan with the settings attended on the day, the first of them beside the one that
-- section I names first.
with days as (
    select
        reference_date,
        return_year,
        make_date(
            year(reference_date) - cast(month(reference_date) < 9 as integer), 8, 31
        ) as school_year_day
    from reference.setting
),

attended as (
    select
        placed.parent,
        count(*) as open_count,
        count(*) filter (
            where coalesce(placed.leaving_date > days.reference_date, true)
        ) as unended_count,
        count(*) filter (where placed.placement_rank = '1') as first_rank_open_count,
        any_value(
            coalesce(placed.urn, placed.ukprn, placed.sen_setting)
        ) filter (where placed.placement_rank = '1') as attended_setting,
        any_value(placed.urn) filter (where placed.placement_rank = '1') as attended_urn
    from parsed.placement_detail as placed
    cross join days
    where
        placed.entry_date <= days.reference_date
        and coalesce(placed.leaving_date >= days.reference_date, true)
    group by placed.parent
),

named as (
    select
        request_record,
        any_value(coalesce(urn, ukprn, sen_setting)) as named_setting
    from parsed.plan_detail
    where placement_rank = '1'
    group by request_record
),

final as (
    select
        active_plan.record as active_plan_record,
        named_plan.record as named_plan_record,
        active_plan.transfer_la_code,
        active_plan.phase_transfer_due_date,
        named_plan.cease_date,
        days.reference_date,
        days.return_year,
        coalesce(attended.open_count, 0) as open_count,
        coalesce(attended.unended_count, 0) as unended_count,
        coalesce(attended.first_rank_open_count, 0) as first_rank_open_count,
        attended.attended_setting,
        named.named_setting,
        school.high_age,
        case
            when person.birth_date > days.school_year_day
                then date_sub('year', person.birth_date, days.school_year_day)
            else
                year(days.school_year_day) - year(person.birth_date)
                - cast(month(person.birth_date) > 8 as integer)
        end as age_at_31_august
    from parsed.active_plan as active_plan
    left join attended on active_plan.record = attended.parent
    left join named on active_plan.request_record = named.request_record
    left join parsed.named_plan as named_plan
        on active_plan.request_record = named_plan.request_record
    left join parsed.person as person on active_plan.person_record = person.record
    left join reference.establishment as school on attended.attended_urn = school.urn
    cross join days
)

select * from final
