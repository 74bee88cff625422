-- One row: why a pupil of an alternative provision school is there.
with final as (
    select
        provision.record as ap_provision_record,
        provision.previous_urn,
        provision.ap_reason,
        provision.sen_provision_at_entry,
        pupil.sen_provision
    from parsed.ap_provision as provision
    inner join parsed.pupil_on_roll as pupil on provision.parent = pupil.record
)

select * from final
