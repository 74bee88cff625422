-- One row: the census return of one school.
with described as (
    select
        parent as census_record,
        arg_min(school_phase, record) as school_phase,
        arg_min(school_type, record) as school_type
    from parsed.school_detail
    group by parent
),

final as (
    select
        census.row_number,
        census.record as school_record,
        of_form(census.la_code, '[0-9]{3}') as la_code,
        of_form(census.establishment_number, '[0-9]{4}') as establishment_number,
        of_form(census.urn, '[0-9]{6}') as urn,
        known_code('Term', census.census_term) as census_term,
        census.census_year,
        census.reference_date,
        known_code('Phase', described.school_phase) as school_phase,
        of_form(described.school_type, '[0-9]{2}') as school_type
    from parsed.schoolcensus as census
    left join described on census.record = described.census_record
)

select * from final
