-- One row: a setting that section I of a plan names.
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
        is_sen_unit,
        is_resourced_provision
    from landing.sen2_plan_detail
)

select * from final
