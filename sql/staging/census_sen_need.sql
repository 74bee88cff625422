-- One row: a need of a pupil in a school census, with its rank.
with final as (
    select
        file_id,
        row_number,
        pupil_record,
        pseudonym,
        sen_type,
        sen_type_rank
    from landing.census_sen_need
)

select * from final
