-- One row: one figure that measures are made of, published or from the council's own rows. Both
-- have one shape, so that one text computes a measure from either.
with final as (
    select * from core.published_figure
    union all
    select * from core.council_figure
    union all
    select * from core.service_figure
    union all
    select * from core.council_census
)

select * from final
