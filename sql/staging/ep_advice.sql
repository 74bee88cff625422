-- One row: advice asked of an educational psychologist for one child.
with final as (
    select
        file_id,
        row_number,
        la_code,
        pseudonym,
        key_id,
        advice_kind,
        requested_date,
        due_date,
        received_date,
        reference_date
    from landing.ep_advice
)

select * from final
