-- One row: a type of establishment, with the DfE placement group it belongs to.
with final as (
    select
        establishment_type_code,
        establishment_type,
        placement_setting,
        placement_group,
        is_unusual_for_send,
        open_question
    from landing.establishment_type
)

select * from final
