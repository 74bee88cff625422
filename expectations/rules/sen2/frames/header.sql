-- One row: the return as a whole, its header and what it adds up to; also where the header is missing.
with blocks as (
    select
        case
            when (select count(*) from parsed.message) = 0 then (select count(*) from parsed.header)
            else (select max(header_count) from parsed.message)
        end as header_count,
        (select max(persons_count) from parsed.message) as persons_count,
        (select count(*) from parsed.person) as person_count
),

assessments as (
    select
        count(*) as issued_count,
        count(*) filter (where has_week20_exception) as exception_count
    from parsed.assessment
    where assessment_outcome = 'Y' and assessment_outcome_date is not null
),

ceased as (
    select
        count(*) as ceased_count,
        count(*) filter (where cease_reason = '9') as ceased_other_count
    from parsed.named_plan
    where cease_date is not null
),

authority as (
    select
        count(*) as school_count,
        (
            select count(*)
            from parsed.header
            inner join reference.authority using (la_code)
            cross join reference.setting as at_date
            where
                coalesce(authority.valid_from <= at_date.reference_date, true)
                and coalesce(authority.valid_to >= at_date.reference_date, true)
        ) as current_authority_count
    from reference.establishment
),

-- The authority's own special schools, units and resourced provision, open on the day.
own_provision as (
    select
        school.urn,
        kind.placement_group = 'special' as is_special
    from reference.establishment as school
    inner join reference.setting as own on school.la_code = own.la_code
    left join reference.establishment_type as kind
        on school.establishment_type_code = kind.establishment_type_code
    where
        (kind.placement_group = 'special' or school.has_sen_unit or school.has_resourced_provision)
        and coalesce(school.close_date > own.reference_date, true)
        and coalesce(school.open_date <= own.reference_date, true)
),

learners as (
    select
        own_provision.urn,
        count(*) filter (
            where own_provision.is_special or placed.is_sen_unit or placed.is_resourced_provision
        ) as learner_count
    from own_provision
    inner join parsed.placement_detail as placed on own_provision.urn = placed.urn
    cross join reference.setting as at_date
    where
        placed.entry_date <= at_date.reference_date
        and coalesce(placed.leaving_date >= at_date.reference_date, true)
    group by own_provision.urn
),

thin as (
    select count(*) as thin_provision_count
    from own_provision
    left join learners using (urn)
    where coalesce(learners.learner_count, 0) < $fewest_learners_at_a_unit
),

final as (
    select
        header.record as header_record,
        header.collection,
        header.return_year,
        header.reference_date,
        header.source_level,
        header.la_code,
        header.serial_number,
        header.prepared_at,
        header.designated_medical_officer,
        header.designated_clinical_officer,
        header.designated_social_care_officer,
        setting.la_code as own_la_code,
        setting.return_year as expected_year,
        setting.census_date,
        setting.is_in_year,
        current_localtimestamp() as judged_at,
        blocks.header_count,
        blocks.persons_count,
        blocks.person_count,
        authority.school_count,
        authority.current_authority_count > 0 as is_current_authority,
        assessments.issued_count,
        assessments.exception_count,
        ceased.ceased_count,
        ceased.ceased_other_count,
        thin.thin_provision_count
    from reference.setting as setting
    left join parsed.header as header on true
    cross join blocks
    cross join assessments
    cross join ceased
    cross join authority
    cross join thin
)

select * from final
