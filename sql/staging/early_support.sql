-- One row: a child's early support or referral, from the council's own return.
with final as (
    select
        file_id,
        row_number,
        la_code,
        pseudonym,
        key_id,
        support_kind,
        urn,
        referral_date,
        support_start_date,
        support_end_date,
        support_outcome,
        outcome_date,
        reference_date
    from landing.early_support
)

select * from final
