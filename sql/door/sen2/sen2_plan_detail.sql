-- One row: a place that section I of a plan names.
with final as (
    select
        plan_detail.row_number,
        plan_detail.record as item_record,
        plan_detail.person_record,
        plan_detail.request_record,
        known.pseudonym,
        of_form(plan_detail.urn, '[0-9]{6}') as urn,
        of_form(plan_detail.ukprn, '[0-9]{8}') as ukprn,
        known_code('SENsetting', plan_detail.sen_setting) as sen_setting,
        plan_detail.sen_setting_other is not null as has_sen_setting_other,
        known_code('Rank', plan_detail.placement_rank) as placement_rank,
        plan_detail.is_sen_unit,
        plan_detail.is_resourced_provision
    from parsed.plan_detail
    inner join identity.person as known on plan_detail.person_record = known.person_record
)

select * from final
