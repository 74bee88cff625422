-- One row: places at one setting, from the council's own return.
with final as (
    select
        file_id,
        row_number,
        la_code,
        place_scheme,
        urn,
        provision_kind,
        school_phase,
        place_status,
        place_count,
        planned_open_date,
        open_date,
        plan_action,
        reference_date
    from landing.place
)

select * from final
