-- One row: alternative provision that a school arranged for a pupil.
with final as (
    select
        record as school_arranged_ap_record,
        urn,
        ukprn,
        ap_setting_type
    from parsed.school_arranged_ap
)

select * from final
