-- One row: an edition of a source's data set, with its place in the order of publication. An
-- edition of the council's own figures is a return, its restatement, or an in-year extract.
with published as (
    select distinct
        source,
        dataset,
        vintage,
        vintage_order,
        false as is_in_year
    from staging.published_row
),

council as (
    select distinct
        council_figure.source,
        council_figure.dataset,
        council_figure.vintage,
        case_return.vintage_order,
        case_return.return_kind = 'in_year' as is_in_year
    from core.council_figure
    inner join core.case_return
        on council_figure.file_id = case_return.received_file_id
),

final as (
    select * from published
    union all
    select * from council
)

select * from final
