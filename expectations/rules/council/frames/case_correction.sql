-- One row: a correction, with how many corrections of the same item of the same child there are.
with printed as (
    select
        *,
        count(*) over (
            partition by
                upn,
                uln,
                surname,
                forename,
                birth_date,
                corrected_file_id,
                module,
                column_name,
                printed_text
        ) as alike
    from parsed.case_correction
),

final as (
    select
        record as case_correction_record,
        printed_text,
        corrected_text,
        alike
    from printed
)

select * from final
