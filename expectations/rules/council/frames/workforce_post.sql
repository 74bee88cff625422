-- One row: a post, with whether the row repeats another.
with printed as (
    select
        *,
        count(*) over (partition by post_code, post_start_date) as alike
    from parsed.workforce_post
),

final as (
    select
        record as workforce_post_record,
        try_cast(full_time_equivalent as decimal(18, 6)) as full_time_equivalent,
        post_start_date,
        post_end_date,
        is_filled,
        alike
    from printed
)

select * from final
