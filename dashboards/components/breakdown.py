"""The parts of a measure beside each other: the second chart of Compare."""

from __future__ import annotations

import pandas as pd

from dashboards import formats, queries
from dashboards.charts.bars import breakdown_bars
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import Choice
from dashboards.context import Context
from dashboards.words.titles import alt_text, largest_title


def parts(page: Context, choice: Choice) -> None:
    """The breakdowns of the chosen topic beside each other, in the newest period with a figure."""
    measure = choice.measure
    known = queries.series(
        page.key, measure.kpi, (choice.area,), choice.topic, choice.breakdown
    ).dropna(subset=["value"])
    if choice.is_whole or known.empty:
        return
    newest = known.sort_values("period").iloc[-1]
    is_count = measure.unit == "count"
    codes = (choice.area,) if is_count else (choice.area, page.england)
    frame = queries.slice_by_topic(page.key, measure.kpi, choice.topic, newest["period"], codes)
    frame = frame.assign(
        line=frame["area_name"],
        role=["focus" if code == choice.area else "england" for code in frame["area_code"]],
        order=frame["breakdown"].map(formats.natural_order),
    ).sort_values(["role", "order"], ascending=[False, True], kind="stable")
    figure = breakdown_bars(frame, page.palette, unit=measure.unit, decimals=measure.decimals)
    chart_panel(page, figure, _parts_panel(page, choice, frame), measure)


def _parts_panel(page: Context, choice: Choice, frame: pd.DataFrame) -> Panel:
    measure = choice.measure
    own = frame[frame["area_code"] == choice.area]
    top = own.sort_values("value", ascending=False).iloc[0]
    value = formats.number(top["value"], measure.unit, measure.decimals)
    title = largest_title(choice.topic, str(top["breakdown"]), value)
    by = "" if choice.topic.lower() in measure.title.lower() else f" by {choice.topic.lower()}"
    period = own["period_label"].iloc[0]
    subtitle = f"{measure.title}{by}, {page.area_name(choice.area)}, {period}"
    cells = [
        formats.number(row.value, measure.unit, measure.decimals, row.symbol)
        for row in frame.itertuples()
    ]
    table = frame.assign(cell=cells).pivot(index="breakdown", columns="line", values="cell")
    table = table.loc[list(dict.fromkeys(frame["breakdown"])), list(dict.fromkeys(frame["line"]))]
    table = table.fillna("").reset_index(names=choice.topic)
    notes = ("Bars start at zero. They stand in the order of the list, not of their size.",)
    columns = tuple(table.columns[1:])
    data = frame.drop(columns=["role", "line", "order"]).assign(measure=measure.kpi)
    return Panel(
        title, subtitle, alt_text(title, subtitle, []), notes, table, columns, data, "compare-parts"
    )
