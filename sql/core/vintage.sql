-- One row: an edition of a source's data set, with its place in the order of publication. An
-- edition of the council's own figures is a return, its restatement, or an in-year extract. A
-- return of January stands after the extracts of the year that it tells of.
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
        case
            when case_return.return_kind = 'annual'
                then
                    (case_return.return_year * 100 + 1) * 1000 + 500
                    + case_return.vintage_order % 1000
            else case_return.vintage_order
        end as vintage_order,
        case_return.return_kind = 'in_year' as is_in_year
    from core.council_figure
    inner join core.case_return
        on council_figure.file_id = case_return.received_file_id
),

service as (
    select distinct
        service_figure.source,
        service_figure.dataset,
        service_figure.vintage,
        service_return.vintage_order,
        false as is_in_year
    from core.service_figure
    inner join core.service_return
        on
            service_figure.file_id = service_return.received_file_id
            and service_figure.vintage = service_return.vintage
),

census as (
    select distinct
        council_census.source,
        council_census.dataset,
        council_census.vintage,
        case_file.vintage_order,
        false as is_in_year
    from core.council_census
    inner join core.case_file on council_census.file_id = case_file.received_file_id
),

final as (
    select * from published
    union all
    select * from council
    union all
    select * from service
    union all
    select * from census
)

select * from final
