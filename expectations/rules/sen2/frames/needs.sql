-- One row: an active plan with the needs recorded for it, counted.
with counted as (
    select
        parent,
        count(*) as need_count,
        count(*) filter (where sen_type_rank = '1') as first_rank_count,
        count(*) filter (where sen_type_rank = '2') as second_rank_count,
        count(sen_type) > 1 and min(sen_type) = max(sen_type) as is_type_repeated
    from parsed.sen_need
    group by parent
),

final as (
    select
        active_plan.record as active_plan_record,
        coalesce(counted.need_count, 0) as need_count,
        coalesce(counted.first_rank_count, 0) as first_rank_count,
        coalesce(counted.second_rank_count, 0) as second_rank_count,
        coalesce(counted.is_type_repeated, false) as is_type_repeated
    from parsed.active_plan as active_plan
    left join counted on active_plan.record = counted.parent
)

select * from final
