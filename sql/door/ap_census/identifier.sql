-- One row: a placement with what identifies the child. This never leaves the desk.
with final as (
    select
        person_record,
        upn,
        cast(null as varchar) as former_upn,
        uln,
        surname,
        forename,
        birth_date,
        postcode
    from parsed.ap_pupil
)

select * from final
