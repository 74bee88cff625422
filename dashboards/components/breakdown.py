"""The parts of a measure beside each other: the second chart of Compare."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards import downloads, formats, queries
from dashboards.charts.bars import breakdown_bars
from dashboards.components import states
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import Choice
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.words.titles import alt_text, largest_title, neutral_title

ORDER = "Bars start at zero. They stand in the order of the list, not of their size."
NO_BAR = "A part without a bar has no figure, and the table has a symbol for it:"
SMALL = (
    f"Where fewer than {formats.SMALL_BASE} are counted, the bar says of how many: such a "
    "percentage says little."
)


def parts(page: Context, choice: Choice) -> None:
    """The breakdowns of the chosen topic beside each other, in the newest period with a figure."""
    measure = choice.measure
    frame = parts_frame(page, choice)
    if frame.empty:
        return
    figure = breakdown_bars(frame, page.palette, unit=measure.unit, decimals=measure.decimals)
    chart_panel(page, figure, parts_panel(page, choice, frame), measure)


def parts_frame(page: Context, choice: Choice) -> pd.DataFrame:
    """One row a breakdown and area, the chosen area first; empty without a breakdown or a figure.

    England stands beside the area in a rate only: a count is not held against another size.
    """
    measure = choice.measure
    known = queries.series(
        page.key, measure.kpi, (choice.area,), choice.topic, choice.breakdown
    ).dropna(subset=["value"])
    if choice.is_whole or known.empty:
        return pd.DataFrame()
    period = known["period"].max()
    codes = (choice.area,) if measure.unit == "count" else (choice.area, page.england)
    frame = queries.slice_by_topic(page.key, measure.kpi, choice.topic, period, codes)
    return frame.assign(
        breakdown_topic=choice.topic,
        line=frame["area_code"].map(page.area_name),
        role=["focus" if code == choice.area else "england" for code in frame["area_code"]],
        order=frame["breakdown"].map(formats.natural_order),
    ).sort_values(["role", "order"], ascending=[False, True], kind="stable")


def parts_panel(page: Context, choice: Choice, frame: pd.DataFrame) -> Panel:
    """Words, table and file of the bars. frame: as parts_frame gives it, not empty."""
    measure = choice.measure
    own = frame[frame["area_code"] == choice.area]
    period = str(own["period_label"].iloc[0])
    title = parts_title(choice, own)
    by = "" if choice.names_topic else f" by {formats.lower_first(choice.topic)}"
    subtitle = f"{measure.title}{by}, {page.area_name(choice.area)}, {period}"
    table = _table(frame, choice)
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, []),
        notes=_notes(frame),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=downloads.figures(frame, measure.kpi, measure.unit),
        stem="compare-parts",
    )


def parts_title(choice: Choice, own: pd.DataFrame) -> str:
    """The highest part, unless others share its figure or it rests on too few to be a finding."""
    measure = choice.measure
    ordered = own.dropna(subset=["value"]).sort_values("value", ascending=False)
    top = ordered.iloc[0]
    is_tied = (ordered["value"] == top["value"]).sum() > 1
    if is_tied or formats.is_small(top["denominator"]):
        topic = "" if choice.names_topic else choice.topic
        return neutral_title(measure.short_title, topic, str(top["period_label"]))
    value = formats.number(top["value"], measure.unit, measure.decimals)
    return largest_title(choice.topic, str(top["breakdown"]), value)


def _notes(frame: pd.DataFrame) -> tuple[str, ...]:
    is_any_small = frame["denominator"].map(formats.is_small).any()
    symbols = states.symbols_line(frame["symbol"].dropna())
    missing = f"{NO_BAR} {symbols}" if frame["value"].isna().any() and symbols else symbols
    return (ORDER, SMALL if is_any_small else "", missing)


def _table(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """One row a breakdown, one column an area: 'value (n of all)'."""
    cells = [_cell(row, choice.measure) for row in frame.itertuples(index=False)]
    wide = frame.assign(cell=cells).pivot(index="breakdown", columns="line", values="cell")
    wide = wide.loc[list(dict.fromkeys(frame["breakdown"])), list(dict.fromkeys(frame["line"]))]
    return wide.fillna("").reset_index(names=choice.topic)


def _cell(row: Any, measure: Measure) -> str:
    text = formats.number(row.value, measure.unit, measure.decimals, row.symbol)
    base = formats.parts(row.numerator, row.denominator)
    return f"{text} ({base})" if base else text
