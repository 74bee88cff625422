-- One row: a setting that a child attends, with its dates.
with final as (
    select
        file_id,
        row_number,
        item_record,
        person_record,
        request_record,
        pseudonym,
        urn,
        ukprn,
        sen_setting,
        has_sen_setting_other,
        placement_rank,
        entry_date,
        leaving_date,
        attendance_pattern,
        is_sen_unit,
        is_resourced_provision,
        residential,
        work_based
    from landing.sen2_placement_detail
)

select * from final
