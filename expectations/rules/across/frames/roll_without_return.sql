-- One row: a pupil whose school said E (plan) in the January census of an annual return's year, and
-- whether the return has the pupil at all. Who has no pseudonym could not be found there. A plan is
-- kept by the authority where the child lives, so pupils known to live in another's are left out.
with annual as (
    select
        file_id,
        la_code,
        return_year
    from core.case_return
    where return_kind = 'annual' and is_newest
),

final as (
    select
        annual.file_id,
        cast(null as bigint) as named_plan_row,
        'census, pupil in row ' || pupil.row_number as record_key,
        pupil.pseudonym,
        person.pseudonym is not null as is_in_return
    from annual
    inner join core.census_pupil as pupil
        on
            annual.la_code = pupil.la_code
            and annual.return_year = pupil.census_year
            and pupil.census_term = 'SPR'
            and pupil.is_counted
    left join core.person
        on annual.file_id = person.file_id and pupil.pseudonym = person.pseudonym
    where
        pupil.sen_provision = 'E'
        and pupil.pseudonym is not null
        and coalesce(pupil.home_la_code, annual.la_code) = annual.la_code
)

select * from final
