-- One row: places at one setting, from one file of the council. A later file of the same kind
-- replaces the earlier ones: is_newest marks its rows.
with version as (
    select distinct
        place.la_code,
        place.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.place
    left join core.case_file on place.file_id = case_file.file_id
),

newest as (
    select
        file_id,
        row_number() over (
            partition by la_code
            order by vintage_order desc, file_id desc
        ) as age_of_file
    from version
),

final as (
    select
        place.file_id,
        place.row_number,
        place.la_code,
        place.place_scheme,
        place.urn,
        place.provision_kind,
        place.school_phase,
        place.place_status,
        place.place_count,
        place.planned_open_date,
        place.open_date,
        place.plan_action,
        place.reference_date,
        newest.age_of_file = 1 as is_newest
    from staging.place
    inner join newest on place.file_id = newest.file_id
)

select * from final
