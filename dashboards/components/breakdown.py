"""The parts of a measure beside each other: the second chart of Compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.bars import breakdown_bars
from dashboards.components import html, states
from dashboards.components.chart_panel import Panel, chart_panel, download_pair
from dashboards.components.comparison import Choice, part_words
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.words.titles import alt_text, largest_title, neutral_title

# Schools, and any topic with more parts than this, are a list to look things up in: no bars, and no
# part is held up as the highest.
_LISTS = frozenset({"School"})
_MANY = 30
ORDER = "Bars start at zero. They stand in the order of the list, not of their size."
LIST = (
    "These are not drawn beside each other, and none is held up as the highest: most count a few "
    "children only. The one chosen above has its own line. They stand in the order of their names."
)
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
    if is_list(choice.topic, frame["breakdown"].nunique()):
        _list(page, choice, frame)
        return
    figure = breakdown_bars(
        _worded(frame), page.palette, unit=measure.unit, decimals=measure.decimals
    )
    chart_panel(page, figure, parts_panel(page, choice, frame), measure)


def parts_frame(page: Context, choice: Choice) -> pd.DataFrame:
    """One row a breakdown and area, the chosen area first; empty without a breakdown or a figure.

    England stands beside the area in a rate only: a count is not held against another size.
    """
    measure = choice.measure
    known = figures.series(
        page.key, measure.kpi, (choice.area,), choice.topic, choice.breakdown
    ).dropna(subset=["value"])
    if choice.is_whole or known.empty:
        return pd.DataFrame()
    period = known["period"].max()
    codes = (choice.area,) if measure.unit == "count" else (choice.area, page.england)
    frame = figures.slice_by_topic(page.key, measure.kpi, choice.topic, period, codes)
    return (
        measure.placed(frame)
        .assign(
            breakdown_topic=choice.topic,
            line=frame["area_code"].map(page.area_name),
            role=["focus" if code == choice.area else "england" for code in frame["area_code"]],
            order=frame["breakdown"].map(part_order(choice.topic, frame["breakdown"].nunique())),
        )
        .sort_values(["role", "order"], ascending=[False, True], kind="stable")
    )


def is_list(topic: str, count: int) -> bool:
    """Whether a topic's parts are looked up by name and not drawn beside each other."""
    return topic in _LISTS or count > _MANY


def part_order(topic: str, count: int) -> Callable[[str], tuple[int, float, str]]:
    """How the parts of a topic are put in order: a list by the alphabet, others as they count.

    A school's name holds its number, which says nothing to a reader.
    """
    return _by_name if is_list(topic, count) else formats.natural_order


def _by_name(text: str) -> tuple[int, float, str]:
    return (0, 0.0, text.casefold())


def _list(page: Context, choice: Choice, frame: pd.DataFrame) -> None:
    """Parts too many to draw: a table that is closed until asked for, by name."""
    count = formats.plural(frame["breakdown"].nunique(), "part")
    period = str(frame["period_label"].iloc[0])
    heading = f"{choice.topic}: all {count}, {period}"
    st.header(heading, anchor=False)
    st.html(html.paragraphs(LIST, css="sm-note"))
    panel = parts_panel(page, choice, frame)
    with st.expander(f"Show all {count}"):
        symbols = html.paragraphs(panel.notes[-1], css="sm-note")
        st.html(html.table(panel.table, panel.subtitle, panel.numbers) + symbols)
        download_pair(page, panel.data, choice.measure, panel.stem, panel.subtitle)


def parts_panel(page: Context, choice: Choice, frame: pd.DataFrame) -> Panel:
    """Words, table and file of the bars. frame: as parts_frame gives it, not empty."""
    measure = choice.measure
    own = frame[frame["area_code"] == choice.area]
    period = str(own["period_label"].iloc[0])
    title = parts_title(choice, _worded(own))
    by = "" if choice.names_topic else f" by {formats.lower_first(choice.topic)}"
    subtitle = f"{measure.title}{by}, {page.area_name(choice.area)}, {period}"
    table = _table(_worded(frame), choice)
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


def _worded(frame: pd.DataFrame) -> pd.DataFrame:
    """The parts as a reader sees them; the file keeps the codes."""
    pairs = zip(frame["breakdown_topic"], frame["breakdown"], strict=True)
    return frame.assign(breakdown=[part_words(topic, part) for topic, part in pairs])


def parts_title(choice: Choice, own: pd.DataFrame) -> str:
    """The highest part, unless others share its figure or it rests on too few to be a finding."""
    measure = choice.measure
    ordered = own.dropna(subset=["value"]).sort_values("value", ascending=False)
    top = ordered.iloc[0]
    is_tied = (ordered["value"] == top["value"]).sum() > 1
    if is_tied or formats.is_small(top["denominator"]):
        topic = "" if choice.names_topic else choice.topic
        return neutral_title(measure.short_title, topic, str(top["period_label"]))
    value = formats.number(top["value"], measure.unit, formats.places(top, measure.decimals))
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
    places = formats.places(row, measure.decimals)
    text = formats.number(row.value, measure.unit, places, row.symbol)
    base = formats.parts(row.numerator, row.denominator)
    return f"{text} ({base})" if base else text
