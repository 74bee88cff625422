-- One row: a number of places of one kind at one setting, with one status.
with final as (
    select
        row_number,
        la_code,
        place_scheme,
        of_form(urn, '[0-9]{6}') as urn,
        known_code('ProvisionKind', provision_kind) as provision_kind,
        known_code('PlacePhase', school_phase) as school_phase,
        known_code('PlaceStatus', place_status) as place_status,
        cast(place_count as integer) as place_count,
        planned_open_date,
        open_date,
        plan_action,
        reference_date
    from parsed.place
)

select * from final
