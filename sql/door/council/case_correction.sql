-- One row: one value of one child's SEN2 record that is known to be wrong. The reader has made sure
-- that the item names nobody and that both texts are values of it.
with final as (
    select
        correction.row_number,
        correction.la_code,
        known.pseudonym,
        known.key_id,
        correction.corrected_file_id,
        correction.module,
        correction.column_name,
        correction.printed_text,
        correction.corrected_text,
        correction.reason,
        correction.decided_by_role,
        correction.decided_date
    from parsed.case_correction as correction
    inner join identity.person as known on correction.person_record = known.person_record
)

select * from final
