-- One row: how many statements are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        count(*) filter (
            where needs is null and not exists (
                select 1 from core.statement_figure
                where statement_figure.claim_id = statement.claim_id
            )
        ) as statements_without_figure_or_need
    from core.statement
)

select * from final
