-- One row: a person of the return, without what identifies it.
with final as (
    select
        person.row_number,
        person.person_record,
        known.pseudonym,
        known.key_id,
        known.match_basis,
        known.has_upn,
        known.is_upn_temporary,
        known.has_uln,
        known_code('UPNunknown', person.upn_unknown) as upn_unknown,
        known.birth_month,
        known.age_at_31_august,
        known.age_at_reference_date,
        coalesce(
            known_code('Sex', person.sex),
            -- Returns of 2023 give the gender, as a letter or a number.
            case known_code('GenderCurrent', person.gender_current)
                when '1' then 'M'
                when '2' then 'F'
                when '0' then 'U'
                when '9' then 'U'
                else known_code('GenderCurrent', person.gender_current)
            end
        ) as sex,
        known_code('Ethnicity', person.ethnicity) as ethnicity,
        known.district_code
    from parsed.person
    inner join identity.person as known on person.person_record = known.person_record
)

select * from final
