-- One row: a term of a figure in a public statement. A figure that nothing held can test has one
-- row without a measure.
with final as (
    select
        claim_id,
        cast(figure as integer) as figure,
        side,
        cast(term as integer) as term,
        stated_text,
        subject,
        other_subject,
        is_context,
        quantity,
        comparison,
        cast(stated_value as decimal(18, 6)) as stated_value,
        cast(tolerance as decimal(18, 6)) as tolerance,
        unit,
        named_period,
        base_period,
        cast(base_years_before as integer) as base_years_before,
        newest_period,
        cast(newest_published_on as date) as newest_published_on,
        kpi,
        la_code,
        area_code,
        breakdown_topic,
        breakdown
    from landing.statement_figure
)

select * from final
