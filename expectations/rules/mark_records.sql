-- One row: a record that breaks a rule, by the rule's place in the list. The frame is read once: what
-- breaks no rule is left behind before anything is noted. A record of which a frame has several rows
-- may come several times.
select
    rule,
    $record as record,
    $told
from (
    select
        $carried,
        unnest([$marks]) as rule
    from ($frame) as frame_row
    where $any_rule
) as marked
where rule is not null
