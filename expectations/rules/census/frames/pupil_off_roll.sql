-- One row: a pupil who left the roll, with the day of the census.
with final as (
    select
        pupil.record as pupil_off_roll_record,
        pupil.entry_date,
        pupil.leaving_date,
        census.reference_date
    from parsed.pupil_off_roll as pupil
    inner join parsed.schoolcensus as census on pupil.parent = census.record
)

select * from final
