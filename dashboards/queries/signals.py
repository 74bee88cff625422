"""What the months of one measure say: figures, limits and signs, as the release judged them.

An area's own rows only: nobody publishes months. A January return stands for its month.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of, records


@cached
def judged(key: Key, kpi: str, area_code: str) -> dict[str, Any] | None:
    """How the months of a measure stand as a whole; None where there are no two of them."""
    found = records(
        frame_of(
            key,
            """
            select
                spc_standing, stretch_point_count, latest_period,
                cast(latest_value as double) as latest_value,
                cast(centre_line as double) as centre_line,
                cast(lower_limit as double) as lower_limit,
                cast(upper_limit as double) as upper_limit,
                spc_rule, variation, assurance, cast(level_value as double) as level_value,
                milestone, has_uneven_denominators, opened_by, opening_reason,
                cast(rebased_on as varchar) as rebased_on
            from marts.spc_series
            where kpi = ? and area_code = ? and source = 'council' and period_kind = 'month'
                and breakdown_topic = 'All' and breakdown = 'All'
            """,
            (kpi, area_code),
        )
    )
    return found[0] if found else None


@cached
def months(key: Key, kpi: str, area_code: str) -> pd.DataFrame:
    """One row a month: its figure, of how many, and its limits where the series has any.

    value is NaN where a symbol stands.
    """
    return frame_of(
        key,
        """
        with held as (
            select
                *,
                row_number() over (
                    partition by period
                    order by case when period_kind = 'month' then 0 else 1 end
                ) as place,
                bool_or(period_kind = 'month') over () as has_months
            from marts.kpi_value
            where kpi = ? and area_code = ? and source = 'council' and is_newest_of_source
                and breakdown_topic = 'All' and breakdown = 'All'
                and (
                    period_kind = 'month' or (period_kind = 'stock' and period like '____-__')
                )
        )
        select
            held.period, held.area_code, held.source, held.vintage, held.symbol,
            cast(held.numerator as double) as numerator,
            cast(held.denominator as double) as denominator,
            cast(held.value as double) as value,
            held.previous_vintage, cast(held.previous_value as double) as previous_value,
            cast(spc_point.centre_line as double) as centre_line,
            cast(spc_point.lower_limit as double) as lower_limit,
            cast(spc_point.upper_limit as double) as upper_limit,
            spc_point.spc_rule, coalesce(spc_point.spc_side, 0) as spc_side,
            spc_point.opened_by, spc_point.opening_reason
        from held
        left join marts.spc_point
            on held.kpi = spc_point.kpi
            and held.area_code = spc_point.area_code
            and held.period = spc_point.period
            and held.breakdown_topic = spc_point.breakdown_topic
            and held.breakdown = spc_point.breakdown
            and spc_point.source = 'council'
            and spc_point.period_kind = 'month'
        where held.has_months and held.place = 1
        order by held.period
        """,
        (kpi, area_code),
    )
