"""What happened in a council that bears on a measure, as the release holds it."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_if_held


@cached
def events(key: Key, la_code: str) -> pd.DataFrame:
    """One row an event and measure, in the order in which they happened.

    Empty for a release that was built before events were held.
    """
    names = ["kpi", "happened_on", "event_label", "event_text", "source_document"]
    return frame_if_held(
        key,
        "marts.event",
        """
        select kpi, happened_on, event_label, event_text, source_document
        from marts.event
        where la_code = ?
        order by happened_on, event
        """,
        (la_code,),
        names=names,
    )
