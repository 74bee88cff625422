-- One row: a rule across returns or sources and the row that breaks it. The frame is read once.
select
    mark.rule,
    file_id,
    mark.row_number,
    record_key,
    pseudonym
from (
    select
        *,
        unnest([$marks]) as mark
    from ($frame) as frame_row
    where $any_rule
) as marked
where mark is not null
