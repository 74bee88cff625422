-- One row: a pupil on the roll of a school, with the day of the census, the check letter that the
-- UPN should have and whether somebody else bears it.
with numbered as (
    select
        *,
        -- The eleven digits after the letter as one number: cheaper to take apart than a text.
        try_cast(substr(upn, 2, 11) as bigint) as upn_number,
        substr(upn, 13, 1) as upn_last,
        coalesce(enrolment_status in ('C', 'M'), false) as is_counted
    from parsed.pupil_on_roll
),

repeated_number as (
    select upn_number
    from numbered
    where upn_number is not null
    group by upn_number
    having count(*) > 1
),

-- Numbers that repeat are few; the texts themselves are compared among those only.
borne as (
    select
        upn,
        parent,
        count(*) as pupils_in_school,
        sum(count(*) filter (where is_counted)) over (partition by upn) as counted_rows
    from numbered
    where upn_number in (select upn_number from repeated_number)
    group by upn, parent
),

final as (
    select
        pupil.record as pupil_on_roll_record,
        pupil.upn,
        pupil.uln,
        pupil.entry_date,
        census.reference_date,
        date_sub('year', pupil.birth_date, census.reference_date) as age_at_census,
        substr(
            'ABCDEFGHJKLMNPQRTUVWXYZ',
            cast(
                (
                    2 * (pupil.upn_number // 10000000000 % 10)
                    + 3 * (pupil.upn_number // 1000000000 % 10)
                    + 4 * (pupil.upn_number // 100000000 % 10)
                    + 5 * (pupil.upn_number // 10000000 % 10)
                    + 6 * (pupil.upn_number // 1000000 % 10)
                    + 7 * (pupil.upn_number // 100000 % 10)
                    + 8 * (pupil.upn_number // 10000 % 10)
                    + 9 * (pupil.upn_number // 1000 % 10)
                    + 10 * (pupil.upn_number // 100 % 10)
                    + 11 * (pupil.upn_number // 10 % 10)
                    + 12 * (pupil.upn_number % 10)
                    + 13 * coalesce(
                        try_cast(pupil.upn_last as integer),
                        strpos('ABCDEFGHJKLMNPQRTUVWXYZ', pupil.upn_last) - 1
                    )
                ) % 23 as integer
            ) + 1,
            1
        ) as upn_check_letter,
        substr(pupil.upn, 2, 3) in (
            select la_code from reference.authority
            union all
            select la_code from reference.setting where la_code is not null
        ) as is_upn_of_authority,
        coalesce(borne.pupils_in_school, 1) as pupils_with_upn_in_school,
        coalesce(borne.counted_rows, 0) as counted_rows_with_upn,
        pupil.enrolment_status,
        pupil.sen_provision,
        pupil.is_counted
    from numbered as pupil
    inner join parsed.schoolcensus as census on pupil.parent = census.record
    left join borne on pupil.upn = borne.upn and pupil.parent = borne.parent
)

select * from final
