"""What came after early support: the steps from a referral to a plan, for officers."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


@cached
def steps(key: Key, la_code: str) -> pd.DataFrame:
    """Steps of the graduated approach, counted in children and in referrals, by months after.

    For officers only: a public file has no such table.
    """
    return frame_of(
        key,
        """
        select months_after, from_stage, to_stage, child_count, referral_count
        from marts.support_flow
        where la_code = ?
        order by months_after, from_stage, to_stage
        """,
        (la_code,),
    )
