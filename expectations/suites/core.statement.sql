-- One row: how many statements are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        count(*) filter (
            where not exists (
                select 1 from core.statement_figure
                where statement_figure.claim_id = statement.claim_id
            )
        ) as statements_without_figure
    from core.statement
)

select * from final
