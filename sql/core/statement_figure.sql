-- One row: a term of a figure in a public statement: one cell of a measure, at a period that the
-- judgement chooses. side is 'this' (as stated), 'other' (what it is held against) or 'beside' (the
-- like-for-like area). area_key finds the cell: authorities by la_code, whose GSS codes change.
with final as (
    select
        claim_id,
        figure,
        side,
        term,
        stated_text,
        subject,
        other_subject,
        is_context,
        quantity,
        comparison,
        stated_value,
        tolerance,
        unit,
        named_period,
        base_period,
        base_years_before,
        newest_period,
        newest_published_on,
        kpi,
        coalesce(la_code, area_code) as area_key,
        breakdown_topic,
        breakdown
    from staging.statement_figure
)

select * from final
