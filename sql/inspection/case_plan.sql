-- One row: a person whose plan is active on the day of the return, with the newest such plan and
-- where the person attends. Runs on the desk over a SEN2 return; only inspection lists read it.
with setting as (
    select reference_date
    from reference.setting
),

active as (
    select
        plan.person_record,
        plan.request_record,
        plan.start_date,
        row_number() over (
            partition by plan.person_record order by plan.start_date desc, plan.record desc
        ) as place
    from parsed.named_plan as plan
    inner join setting on plan.start_date <= setting.reference_date
    where plan.cease_date is null or plan.cease_date >= setting.reference_date
),

attended as (
    select
        placement.request_record,
        placement.urn,
        placement.sen_setting,
        row_number() over (
            partition by placement.request_record
            order by placement.placement_rank asc, placement.entry_date desc, placement.record asc
        ) as place
    from parsed.placement_detail as placement
    inner join setting on placement.entry_date <= setting.reference_date
    where placement.leaving_date is null or placement.leaving_date >= setting.reference_date
),

need as (
    select
        request_record,
        arg_min(sen_type, record) as primary_need
    from parsed.sen_need
    where sen_type_rank = '1'
    group by request_record
),

final as (
    select
        person.record as person_record,
        person.upn,
        person.uln,
        person.upn_unknown,
        person.birth_date,
        coalesce(person.sex, person.gender_current) as gender,
        person.ethnicity,
        active.start_date as initial_plan_date,
        review.phase_transfer_final_date as updated_plan_date,
        coalesce(review.last_review_date, review.review_meeting_date) as last_review_date,
        need.primary_need,
        main.urn as main_urn,
        other.urn as subsidiary_urn,
        coalesce(main.sen_setting = 'EHE', false) as is_home_educated,
        setting.reference_date as on_day
    from active
    cross join setting
    inner join parsed.person on active.person_record = person.record
    left join parsed.active_plan as review on active.request_record = review.request_record
    left join need on active.request_record = need.request_record
    left join attended as main on active.request_record = main.request_record and main.place = 1
    left join attended as other on active.request_record = other.request_record and other.place = 2
    where active.place = 1
)

select * from final
order by person_record
