-- One row: how many figures of statements are at fault, by what is wrong.
with readings as (
    select
        claim_id,
        figure,
        period,
        count(*) filter (where is_newest_reading) as newest_count
    from marts.claim_figure
    group by claim_id, figure, period
),

final as (
    select
        (select count(*) from marts.claim_figure) as row_count,
        count(*) filter (where newest_count <> 1) as readings_not_one_newest
    from readings
)

select * from final
