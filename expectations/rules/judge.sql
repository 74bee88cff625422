-- One row: a row of the frame that breaks a rule, with the rule's id. The frame is read once.
select
    rule,
    source,
    vintage,
    dataset,
    indicator,
    period,
    area_code,
    file_id,
    row_number
from (
    select
        *,
        unnest([$marks]) as rule
    from ($frame) as frame_row
    where $any_rule
) as marked
where rule is not null
