-- One row: a person of the return with what identifies it. This never leaves the desk.
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
    from parsed.person
)

select * from final
