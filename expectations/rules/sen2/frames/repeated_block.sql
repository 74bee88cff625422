-- One row: a block that stands more than once where the return has room for one.
with final as (
    select
        'assessment' as module,
        max(record) as record,
        cast(null as varchar) as column_name,
        count(*) as block_count
    from parsed.assessment
    group by parent
    having count(*) > 1
    union all
    select
        'named_plan' as module,
        max(record) as record,
        cast(null as varchar) as column_name,
        count(*) as block_count
    from parsed.named_plan
    group by parent
    having count(*) > 1
    union all
    select
        'active_plan' as module,
        max(record) as record,
        cast(null as varchar) as column_name,
        count(*) as block_count
    from parsed.active_plan
    group by parent
    having count(*) > 1
)

select * from final
