-- One row: a named plan with the settings that its section I names, counted.
with counted as (
    select
        parent,
        count(*) as setting_count,
        count(*) filter (where placement_rank = '1') as first_rank_count,
        count(*) filter (where placement_rank = '2') as second_rank_count
    from parsed.plan_detail
    group by parent
),

final as (
    select
        named_plan.record as named_plan_record,
        coalesce(counted.setting_count, 0) as setting_count,
        coalesce(counted.first_rank_count, 0) as first_rank_count,
        coalesce(counted.second_rank_count, 0) as second_rank_count
    from parsed.named_plan as named_plan
    left join counted on named_plan.record = counted.parent
)

select * from final
