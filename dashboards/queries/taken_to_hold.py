"""What the chance of each milestone takes to hold, and the chance if nothing new is done."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


@cached
def conditions(key: Key, la_code: str) -> pd.DataFrame:
    """By milestone as it stands: chance_scenario and chance_as_now, empty where there is none.

    Both are empty in a release from before they were kept, which never changes.
    """
    held = frame_of(
        key,
        # Every column, because an older release has fewer.
        "select * from marts.plan_status where la_code = ? and plan_version = 'current'",
        (la_code,),
    )
    return held.set_index("milestone").reindex(columns=["chance_scenario", "chance_as_now"])
