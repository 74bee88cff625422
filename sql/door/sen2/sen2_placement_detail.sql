-- One row: a place that the child attends or attended.
with final as (
    select
        placement_detail.row_number,
        placement_detail.record as item_record,
        placement_detail.person_record,
        placement_detail.request_record,
        known.pseudonym,
        of_form(placement_detail.urn, '[0-9]{6}') as urn,
        of_form(placement_detail.ukprn, '[0-9]{8}') as ukprn,
        known_code('SENsetting', placement_detail.sen_setting) as sen_setting,
        placement_detail.sen_setting_other is not null as has_sen_setting_other,
        known_code('Rank', placement_detail.placement_rank) as placement_rank,
        placement_detail.entry_date,
        placement_detail.leaving_date,
        of_form(placement_detail.attendance_pattern, '[A-Z0-9]{1,2}') as attendance_pattern,
        placement_detail.is_sen_unit,
        placement_detail.is_resourced_provision,
        known_code('Res', placement_detail.residential) as residential,
        known_code('WBP', placement_detail.work_based) as work_based
    from parsed.placement_detail
    inner join identity.person as known on placement_detail.person_record = known.person_record
)

select * from final
