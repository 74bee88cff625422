-- One row: a child on list 1, with ages on the day of the return and whether a column is held at
-- all: a list from SEN2 and census has columns that nobody can fill, and their emptiness says nothing.
with days as (
    select coalesce(reference_date, current_date) as on_day
    from reference.setting
),

repeated as (
    select upn
    from parsed.plan_list
    where upn is not null
    group by upn
    having count(*) > 1
),

final as (
    select
        listed.record as plan_list_record,
        listed.upn,
        listed.uln,
        listed.upn_unknown,
        listed.birth_date,
        listed.gender,
        listed.ethnicity,
        listed.primary_need,
        listed.main_urn,
        listed.subsidiary_phase,
        listed.disability,
        listed.initial_plan_date,
        listed.updated_plan_date,
        listed.last_review_date,
        listed.case_worker,
        listed.death_date,
        count(listed.case_worker) over () > 0 as is_case_worker_held,
        days.on_day,
        date_sub('year', listed.birth_date, days.on_day) as age,
        listed.upn in (select upn from repeated) as is_upn_repeated,
        count(listed.disability) over () > 0 as is_disability_held
    from parsed.plan_list as listed
    cross join days
)

select * from final
