-- One row: what a school says of itself in its return.
with final as (
    select
        record as school_detail_record,
        school_phase
    from parsed.school_detail
)

select * from final
