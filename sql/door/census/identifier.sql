-- One row: a pupil on roll with what identifies the child. This never leaves the desk.
with home as (
    select
        parent as pupil_record,
        -- A child with two homes has two addresses: the first one in the file.
        arg_min(postcode, record) as postcode
    from parsed.address
    where postcode is not null
    group by parent
),

final as (
    select
        pupil.person_record,
        pupil.upn,
        pupil.former_upn,
        pupil.uln,
        pupil.surname,
        pupil.forename,
        pupil.birth_date,
        home.postcode
    from parsed.pupil_on_roll as pupil
    left join home on pupil.record = home.pupil_record
)

select * from final
