"""What a later copy of a file changes against the edition before it, as one finding.

A row is known by its period, area and breakdown, a cell by its row and indicator. The comparison
counts; it shows no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted

# A number is compared as one, so that 12 and 12.0 are the same figure.
COMPARISON = """
with key_row as (
    select
        is_later,
        file_id,
        row_number,
        dataset,
        case when period_kind = 'stock' and length(time_period) = 6
            then '20' || substr(time_period, 5) else time_period end as period,
        coalesce(case geographic_level
            when 'Local authority' then la_code when 'Regional' then region_code else ''
        end, '') as area,
        breakdown_topic as topic,
        breakdown
    from (
        select *, false as is_later from read_parquet($earlier_rows, union_by_name = true)
        union all by name
        select *, true as is_later from read_parquet($later_rows, union_by_name = true)
    )
),

key_cell as (
    select *, false as is_later from read_parquet($earlier_cells, union_by_name = true)
    union all by name
    select *, true as is_later from read_parquet($later_cells, union_by_name = true)
),

edition_row as (
    select bool_or(is_later) as is_in_later, bool_or(not is_later) as is_in_earlier
    from key_row
    group by dataset, period, area, topic, breakdown
),

figure as (
    select
        key_row.*,
        key_cell.indicator,
        key_cell.value_text,
        try_cast(key_cell.value_text as decimal(38, 9)) as amount
    from key_cell
    inner join key_row using (is_later, file_id, row_number)
),

pair as (
    select
        earlier.amount as amount_before,
        later.amount as amount_after,
        coalesce(
            earlier.amount <> later.amount, earlier.value_text <> later.value_text
        ) as is_changed
    from figure as earlier
    inner join figure as later using (dataset, period, area, topic, breakdown, indicator)
    where not earlier.is_later and later.is_later
)

select
    (select count(*) from edition_row where not is_in_later) as rows_gone,
    (select count(*) from edition_row where not is_in_earlier) as rows_new,
    (select count(*) from pair where is_changed) as cells_changed,
    (select count(*) from pair where amount_before is not null and amount_after is null)
        as values_hidden
"""


def compared(
    vintage: str, earlier: Mapping[str, Sequence[Path]], later: Mapping[str, Sequence[Path]]
) -> Finding:
    """The finding that a later copy carries.

    vintage: of the edition before. earlier, later: Parquet files of published_row and
    published_cell, by table.
    """
    gone, new, changed, hidden = _counts(earlier, later)
    return Finding(
        rule="later_edition",
        severity="warning",
        message=f"This becomes the newest edition. Against edition {vintage}: "
        f"{counted(gone, 'row')} fewer, {counted(new, 'row')} more, "
        f"{counted(changed, 'cell')} changed, of which {counted(hidden, 'value')} turned into "
        "symbols.",
        remedy="Look whether the publisher announced a revision; if not, ask before figures "
        "are published from it.",
        row_count=gone + new,
    )


def _counts(
    earlier: Mapping[str, Sequence[Path]], later: Mapping[str, Sequence[Path]]
) -> tuple[int, int, int, int]:
    import duckdb

    files = {
        "earlier_rows": earlier["published_row"],
        "later_rows": later["published_row"],
        "earlier_cells": earlier["published_cell"],
        "later_cells": later["published_cell"],
    }
    values = {name: [str(path) for path in paths] for name, paths in files.items()}
    with duckdb.connect() as connection:
        row = connection.execute(COMPARISON, values).fetchone()
    gone, new, changed, hidden = row or (0, 0, 0, 0)
    return gone, new, changed, hidden
