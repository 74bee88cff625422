-- One row: a row about a child, in whichever return of the council this is, with what identifies
-- the child. This never leaves the desk.
with named as (
    select
        person_record,
        upn,
        uln,
        surname,
        forename,
        birth_date
    from parsed.early_support
    union all
    select
        person_record,
        upn,
        uln,
        surname,
        forename,
        birth_date
    from parsed.ep_advice
    union all
    select
        person_record,
        upn,
        uln,
        surname,
        forename,
        birth_date
    from parsed.amended_plan
    union all
    select
        person_record,
        upn,
        uln,
        surname,
        forename,
        birth_date
    from parsed.case_correction
),

final as (
    select
        person_record,
        upn,
        cast(null as varchar) as former_upn,
        uln,
        surname,
        forename,
        birth_date,
        cast(null as varchar) as postcode
    from named
)

select * from final
