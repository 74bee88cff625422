"""The newest that a release holds: by publisher, and of the council's own SEN2 files."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


@cached
def published(key: Key) -> pd.DataFrame:
    """One row a publisher: source, newest stock and flow with a value, next_updates."""
    return frame_of(
        key,
        """
        select
            source,
            coalesce(max(period) filter (period_kind = 'stock'), '') as stock,
            coalesce(max(period) filter (period_kind = 'flow'), '') as flow,
            list(distinct next_update order by next_update) as next_updates
        from marts.kpi_value
        inner join (select kpi, next_update from marts.measure) using (kpi)
        where source <> 'council' and period_kind in ('stock', 'flow') and value is not null
        group by source
        order by source
        """,
    )


@cached
def own(key: Key) -> tuple[str, str]:
    """The newest month of an extract and the newest year of a return; empty where there is none."""
    found = frame_of(
        key,
        """
        select
            coalesce(max(left(vintage, 7)) filter (kind = 'sen2_in_year'), '') as extract,
            coalesce(max(left(vintage, 4)) filter (kind = 'sen2'), '') as returned
        from marts.source_file
        where source = 'council'
        """,
    )
    return str(found["extract"].iloc[0]), str(found["returned"].iloc[0])
