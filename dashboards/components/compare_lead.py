"""The sentence at the top of Compare, above the filters that choose what it speaks of."""

from __future__ import annotations

import pandas as pd

from dashboards import formats
from dashboards.components.comparison import Choice, lines_frame
from dashboards.components.finished import finished
from dashboards.components.wide_table import printed
from dashboards.context import Context
from dashboards.latest import latest
from dashboards.words.compared import Standing, finding, nothing


@finished
def compare_lead(context: Context, choice: Choice) -> str:
    """Where the chosen area stands at its newest figure, and the others at the same time."""
    frame = lines_frame(context, choice)
    focus = frame[frame["role"] == "focus"]
    measure = choice.measure
    newest = latest(focus, measure)
    area = context.area_name(choice.area)
    if newest is None:
        return nothing(area)
    part = "" if choice.is_whole else f" ({choice.topic}: {choice.part})"
    row = next(focus[focus["period"] == newest.period].itertuples())
    has_value = newest.value is not None
    known = focus[focus["value"].notna()]
    before = formats.period_before(newest.period)
    return finding(
        Standing(
            area=area,
            subject=f"{measure.title}{part}",
            unit=measure.unit,
            decimals=newest.decimals,
            period_label=newest.period_label,
            text=printed(row, measure.unit, measure.decimals)
            if has_value
            else f"[{newest.symbol}]",
            has_value=has_value,
            change=newest.change,
            since=newest.since,
            is_apart=newest.change is None and before in set(known["period"]),
            pending=newest.pending,
            beside=_beside(frame, choice, newest.period),
        )
    )


def _beside(frame: pd.DataFrame, choice: Choice, period: str) -> list[tuple[str, str]]:
    """The other lines at a period; a count is held only against areas of the same kind."""
    rows = frame[(frame["period"] == period) & (frame["role"] != "focus")]
    if choice.measure.unit == "count":
        kinds = frame.loc[frame["role"] == "focus", "area_kind"]
        rows = rows[rows["area_kind"].isin(kinds)]
    measure = choice.measure
    return [
        (str(row.line), printed(row, measure.unit, measure.decimals)) for row in rows.itertuples()
    ]
