-- One row: a need of a pupil on roll, primary or secondary.
with final as (
    select
        need.row_number,
        need.parent as pupil_record,
        known.pseudonym,
        known_code('SENtype', need.sen_type) as sen_type,
        known_code('Rank', need.sen_type_rank) as sen_type_rank
    from parsed.sen_need as need
    inner join identity.person as known on need.person_record = known.person_record
)

select * from final
