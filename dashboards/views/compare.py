"""Compare: any area, any measure, every period, against any other; never in order of merit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import context, formats, queries
from dashboards.charts.bars import breakdown_bars
from dashboards.components import html
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.compare_filters import choose
from dashboards.components.comparison import Choice, comparison, lines_frame
from dashboards.words.titles import alt_text, largest_title

NOT_A_RANKING = "This is not a ranking of performance; it is a starting point for questions."


def parts(page: context.Context, choice: Choice) -> None:
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


def _parts_panel(page: context.Context, choice: Choice, frame: pd.DataFrame) -> Panel:
    measure = choice.measure
    own = frame[frame["area_code"] == choice.area]
    top = own.sort_values("value", ascending=False).iloc[0]
    value = formats.number(top["value"], measure.unit, measure.decimals)
    title = largest_title(choice.topic, str(top["breakdown"]), value)
    subtitle = (
        f"{measure.title} by {choice.topic.lower()}, {page.area_name(choice.area)}, "
        f"{own['period_label'].iloc[0]}"
    )
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


def revisions(page: context.Context, choice: Choice) -> None:
    """Old and new value of every revised figure on the page."""
    frame = lines_frame(page, choice)
    changed = frame[frame["is_revised"].astype(bool)]
    if changed.empty:
        return
    unit, decimals = choice.measure.unit, choice.measure.decimals
    rows = [
        (
            row.line,
            row.period_label,
            f"{formats.number(row.previous_value, unit, decimals)} ({row.previous_vintage})",
            f"{formats.number(row.value, unit, decimals)} ({row.vintage}) [r]",
        )
        for row in changed.sort_values("period", ascending=False).itertuples()
    ]
    st.header(f"{formats.plural(len(rows), 'figure')} on this page revised", anchor=False)
    table = pd.DataFrame(rows, columns=["Area", "Period", "Before (release)", "Now (release)"])
    numbers = tuple(table.columns[2:])
    st.html(html.table(table, "Revised figures", numbers, is_caption_shown=False))


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Compare", anchor=False)
    st.html(html.paragraphs(NOT_A_RANKING))
    choice = choose(page)
    made = comparison(page, choice, "compare")
    if made is None:
        name = page.area_name(choice.area)
        st.info(f"This release has no figure of this measure for {name}. Choose another area.")
        return
    chart_panel(page, *made, choice.measure)
    if not choice.is_whole and choice.average != "none":
        st.html(
            html.paragraphs("Neighbour averages are published for the whole only.", css="sm-note")
        )
    parts(page, choice)
    revisions(page, choice)


render(context.current())
