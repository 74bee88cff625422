-- One row: a kind of need.
with final as (
    select
        sen_need.row_number,
        sen_need.record as item_record,
        sen_need.person_record,
        sen_need.request_record,
        known.pseudonym,
        known_code('SENtype', sen_need.sen_type) as sen_type,
        known_code('Rank', sen_need.sen_type_rank) as sen_type_rank
    from parsed.sen_need
    inner join identity.person as known on sen_need.person_record = known.person_record
)

select * from final
