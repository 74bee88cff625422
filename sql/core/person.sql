-- One row: a child or young person in one return, with the groups by which the DfE counts them.
-- Two people of one pseudonym in a file are two rows: a rule says so, and no count hides it.
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
        -- Extended codes whose first letter does not tell their group.
        ('WENG', 'White - White British'),
        ('WSCO', 'White - White British'),
        ('WWEL', 'White - White British'),
        ('WNIR', 'White - White British'),
        ('WCOR', 'White - White British'),
        ('WOWB', 'White - White British'),
        ('WROR', 'White - Gypsy/Roma'),
        ('WROO', 'White - Gypsy/Roma'),
        ('CHKC', 'Asian - Chinese'),
        ('CTWN', 'Asian - Chinese'),
        ('CMAL', 'Asian - Chinese'),
        ('CSNG', 'Asian - Chinese'),
        ('COCH', 'Asian - Chinese'),
        ('REFU', 'Unclassified'),
        ('NOBT', 'Unclassified')
    )
),

held as (
    select
        sen2_person.*,
        case
            when ethnic_group.ethnic_group is not null then ethnic_group.ethnic_group
            when sen2_person.ethnicity like 'BAF%' or sen2_person.ethnicity like 'BNGN%'
                then 'Black - Black African'
            when sen2_person.ethnicity like 'W%' then 'White - Any other White background'
            when sen2_person.ethnicity like 'M%' then 'Mixed - Any other Mixed background'
            when sen2_person.ethnicity like 'A%' then 'Asian - Any other Asian background'
            when sen2_person.ethnicity like 'B%' then 'Black - Any other Black background'
            when sen2_person.ethnicity like 'O%' then 'Any other ethnic group'
            else 'Unclassified'
        end as ethnic_group,
        coalesce(district.district_name, sen2_person.district_code) as district_name
    from staging.sen2_person
    left join ethnic_group on sen2_person.ethnicity = ethnic_group.ethnicity
    left join staging.district on sen2_person.district_code = district.lad_code
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
            when sex in ('M', '1') then 'Male'
            when sex in ('F', '2') then 'Female'
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
