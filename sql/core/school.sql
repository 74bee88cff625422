-- One row: an establishment, as the newest GIAS extract describes it, with the DfE's placement
-- setting and group for its type.
with newest_first as (
    select
        establishment.*,
        row_number() over (
            partition by establishment.urn
            order by case_file.vintage_order desc nulls last, establishment.file_id desc
        ) as age_of_entry
    from staging.establishment
    left join core.case_file on establishment.file_id = case_file.file_id
),

final as (
    select
        newest_first.urn,
        newest_first.ukprn,
        newest_first.la_code,
        newest_first.establishment_number,
        newest_first.establishment_name,
        newest_first.establishment_type_code,
        establishment_type.establishment_type,
        newest_first.establishment_status,
        newest_first.school_phase,
        newest_first.open_date,
        newest_first.close_date,
        newest_first.low_age,
        newest_first.high_age,
        newest_first.has_sen_unit,
        newest_first.has_resourced_provision,
        newest_first.district_code,
        establishment_type.placement_setting,
        establishment_type.placement_group,
        newest_first.file_id
    from newest_first
    left join staging.establishment_type
        on
            newest_first.establishment_type_code
            = establishment_type.establishment_type_code
    where newest_first.age_of_entry = 1
)

select * from final
