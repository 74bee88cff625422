-- One row: a period of entitlement to free school meals, with the day of the census.
with final as (
    select
        period.record as fsm_period_record,
        period.fsm_start_date,
        period.fsm_end_date,
        census.reference_date
    from parsed.fsm_period as period
    inner join parsed.pupil_on_roll as pupil on period.parent = pupil.record
    inner join parsed.schoolcensus as census on pupil.parent = census.record
)

select * from final
