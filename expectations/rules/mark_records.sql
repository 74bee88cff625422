-- One row: a row of the frame, with the records that it is about and, as the bits of whole numbers,
-- which rules it breaks. Rows that break none are left behind by who reads this: a filter here would
-- judge every rule a second time.
select
    $carried,
    $marks
from ($frame) as frame_row
