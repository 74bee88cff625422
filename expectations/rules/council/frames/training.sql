-- One row: a day of a course, with whether the row repeats another.
with printed as (
    select
        *,
        count(*) over (partition by course, staff_role, held_date) as alike
    from parsed.training
),

final as (
    select
        record as training_record,
        try_cast(people_count as integer) as people_count,
        alike
    from printed
)

select * from final
