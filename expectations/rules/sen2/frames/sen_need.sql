-- One row: one need of an active plan.
with final as (
    select
        record as sen_need_record,
        sen_type,
        sen_type_rank
    from parsed.sen_need
)

select * from final
