-- One row: a measure as the pages describe it.
with final as (
    select
        kpi,
        title,
        short_title,
        unit,
        decimals,
        polarity,
        period_kind,
        theme,
        definition,
        numerator_text,
        denominator_text,
        source_text,
        caveat,
        reading_note,
        spec_id,
        default_breakdown_topic,
        break_at,
        break_reason,
        next_update
    from core.measure
)

select * from final
