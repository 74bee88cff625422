"""What reports have to print, asked by itself, so that no fault of the pages' queries is shared.

For the gate that reads reports back (reports/agreement.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboards.measure import OWN
from dashboards.queries.frozen import Key, frame_of


def whole_figures(key: Key, kpis: Sequence[str], area_code: str) -> pd.DataFrame:
    """Every yearly figure of some measures for an area and the nation, newest first.

    One row an area and period: kpi, title, area_code, period_label, value, numerator, denominator
    (NaN for none), and decimals, with which the public reads it.
    """
    return frame_of(
        key,
        """
        select
            measure.kpi, measure.title, figure.area_code, figure.period_label,
            cast(figure.value as double) as value,
            cast(figure.numerator as double) as numerator,
            cast(figure.denominator as double) as denominator,
            case
                when figure.source = ? and measure.unit = 'percent' then 0 else measure.decimals
            end as decimals
        from marts.kpi_value as figure
        inner join marts.measure as measure on figure.kpi = measure.kpi
        left join marts.area as area on figure.area_code = area.area_code
        where figure.is_shown and figure.breakdown_topic = 'All' and figure.breakdown = 'All'
            and figure.period_kind in ('stock', 'flow')
            and list_contains(?, figure.kpi)
            and (figure.area_code = ? or area.area_kind = 'nation')
        order by figure.period desc
        """,
        (OWN, list(kpis), area_code),
    )
