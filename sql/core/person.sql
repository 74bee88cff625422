-- One row: a child or young person in one return, with the groups by which the DfE counts them.
-- Two people of one pseudonym in a file are two rows: a rule says so, and no count hides it. The
-- door has rolled extended codes of ethnicity up to those of the list; what is neither stays there.
with ethnic_group (ethnicity, ethnic_group) as (
    select *
    from (
        values
        ('WBRI', 'White - White British'),
        ('WIRI', 'White - Irish'),
        ('WIRT', 'White - Traveller of Irish heritage'),
        ('WROM', 'White - Gypsy/Roma'),
        ('MWBC', 'Mixed - White and Black Caribbean'),
        ('MWBA', 'Mixed - White and Black African'),
        ('MWAS', 'Mixed - White and Asian'),
        ('AIND', 'Asian - Indian'),
        ('APKN', 'Asian - Pakistani'),
        ('ABAN', 'Asian - Bangladeshi'),
        ('BCRB', 'Black - Black Caribbean'),
        ('BAFR', 'Black - Black African'),
        ('CHNE', 'Asian - Chinese'),
        ('WOTH', 'White - Any other White background'),
        ('MOTH', 'Mixed - Any other Mixed background'),
        ('AOTH', 'Asian - Any other Asian background'),
        ('BOTH', 'Black - Any other Black background'),
        ('OOTH', 'Any other ethnic group')
    )
),

corrected as (
    select
        file_id,
        record_number as person_record,
        max(corrected_text) filter (where column_name = 'sex') as sex,
        max(corrected_text) filter (where column_name = 'ethnicity') as ethnicity,
        max(corrected_text) filter (where column_name = 'upn_unknown') as upn_unknown
    from core.corrected_value
    where module = 'person' and is_applied
    group by file_id, record_number
),

stated as (
    select
        sen2_person.file_id,
        sen2_person.row_number,
        sen2_person.person_record,
        sen2_person.pseudonym,
        sen2_person.key_id,
        sen2_person.match_basis,
        sen2_person.has_upn,
        sen2_person.is_upn_temporary,
        sen2_person.has_uln,
        sen2_person.birth_month,
        sen2_person.age_at_31_august,
        sen2_person.age_at_reference_date,
        sen2_person.district_code,
        coalesce(corrected.sex, sen2_person.sex) as sex,
        coalesce(corrected.ethnicity, sen2_person.ethnicity) as ethnicity,
        coalesce(corrected.upn_unknown, sen2_person.upn_unknown) as upn_unknown
    from staging.sen2_person
    left join corrected
        on
            sen2_person.file_id = corrected.file_id
            and sen2_person.person_record = corrected.person_record
),

held as (
    select
        stated.*,
        coalesce(ethnic_group.ethnic_group, 'Unclassified') as ethnic_group,
        coalesce(district.district_name, stated.district_code) as district_name
    from stated
    left join ethnic_group on stated.ethnicity = ethnic_group.ethnicity
    left join staging.district on stated.district_code = district.lad_code
),

final as (
    select
        file_id,
        row_number,
        person_record,
        pseudonym,
        key_id,
        match_basis,
        has_upn,
        is_upn_temporary,
        has_uln,
        upn_unknown,
        birth_month,
        age_at_31_august,
        age_at_reference_date,
        sex,
        ethnicity,
        district_code,
        case
            when sex = 'M' then 'Male'
            when sex = 'F' then 'Female'
            else 'Unknown'
        end as sex_group,
        ethnic_group,
        -- Without a postcode lookup no district is known, and there is no such breakdown.
        case
            when district_name is not null then district_name
            when max(district_name) over (partition by file_id) is not null
                then 'District not known'
        end as district_group
    from held
)

select * from final
