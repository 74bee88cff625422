"""The parts of a measure over the years, for one area: by need, age, sex, district and so on."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


@cached
def topics(key: Key, kpi: str, area_code: str) -> list[str]:
    """The topics by which one area's figures of a measure are broken down; without 'All'."""
    frame = frame_of(
        key,
        """
        select distinct breakdown_topic
        from marts.kpi_value
        where kpi = ? and area_code = ? and breakdown_topic <> 'All' and is_shown
            and period_kind in ('stock', 'flow')
        order by breakdown_topic
        """,
        (kpi, area_code),
    )
    return list(frame["breakdown_topic"])


@cached
def parts(key: Key, kpi: str, topic: str, area_code: str) -> pd.DataFrame:
    """Every part of one topic in every year: value is NaN where a symbol stands.

    One row a breakdown and period, periods from the oldest.
    """
    return frame_of(
        key,
        """
        select
            area_code, area_name, area_kind, period, period_kind, period_label,
            breakdown_topic, breakdown,
            cast(numerator as double) as numerator,
            cast(denominator as double) as denominator,
            cast(value as double) as value,
            symbol, source, vintage, is_revised, previous_vintage,
            cast(previous_value as double) as previous_value,
            cast(change as double) as change
        from marts.kpi_value
        where kpi = ? and breakdown_topic = ? and area_code = ? and is_shown
            and period_kind in ('stock', 'flow')
        order by period, breakdown
        """,
        (kpi, topic, area_code),
    )
