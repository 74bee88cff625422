-- One row: a need of a child with a plan in force, with its rank.
with final as (
    select
        file_id,
        row_number,
        item_record,
        person_record,
        request_record,
        pseudonym,
        sen_type,
        sen_type_rank
    from landing.sen2_sen_need
)

select * from final
