"""From the series of some areas to the chart, words and table of a comparison.

Shared by the first page and Compare, so that both show one area against others in the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboards import downloads, formats
from dashboards.charts.axis import Axis, fixed_axis, zero_axis
from dashboards.charts.lines import comparison_lines
from dashboards.components import states
from dashboards.components.chart_panel import Panel
from dashboards.components.events import events_of
from dashboards.components.finished import finished
from dashboards.components.wide_table import printed, wide_table
from dashboards.context import Context
from dashboards.latest import Latest, latest
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.theme import Role
from dashboards.words import events as happenings
from dashboards.words.breaks import break_marks, break_notes
from dashboards.words.events import Event
from dashboards.words.titles import Point, alt_text, line_title
from pipelines.registry.council import Council

# Topics whose parts are names of schools and places.
NAMED_TOPICS = frozenset({"School", "District"})
# What the pages of one council show first; Compare shows every year.
FIRST_YEAR = "2015"
AVERAGES = {"mean": "neighbour_mean", "median": "neighbour_median"}


@dataclass(frozen=True)
class Choice:
    """What is compared with what.

    Attributes:
        area: code of the area in front.
        others: codes of the areas beside it.
        average: mean, median or none, of the statistical neighbours of `area`.
        topic, breakdown: All and All for the whole.
    """

    measure: Measure
    area: str
    others: tuple[str, ...]
    average: str
    topic: str = "All"
    breakdown: str = "All"

    @property
    def is_whole(self) -> bool:
        """Whether no breakdown is chosen."""
        return self.topic == "All"

    @property
    def part(self) -> str:
        """The breakdown as a reader sees it."""
        return part_words(self.topic, self.breakdown)

    @property
    def names_topic(self) -> bool:
        """Whether the measure is itself a split by this topic, such as plans by primary need."""
        words = rf"\b{re.escape(self.topic)}\b"
        return re.search(words, self.measure.title, re.IGNORECASE) is not None


def part_words(topic: str, breakdown: str) -> str:
    """A part as a reader sees it: actions of the plan are codes in the files."""
    return breakdown.replace("-", " ").capitalize() if topic == "Plan action" else breakdown


@finished
def comparison(
    context: Context, choice: Choice, stem: str, since: str = ""
) -> tuple[Any, Panel] | None:
    """Figure and panel, or None where the chosen area has no row at all.

    since: first year shown, such as 2019; empty for all.
    """
    frame = lines_frame(context, choice)
    frame = frame[frame["period"] >= since]
    focus = frame[frame["role"] == "focus"]
    newest = latest(focus, choice.measure)
    if newest is None:
        return None
    drawn = _drawn(frame, choice.measure)
    axis = fixed_or_count_axis(context, choice.measure, choice.topic, drawn)
    measure, told = choice.measure, _told(context, choice, drawn)
    figure = comparison_lines(
        drawn,
        axis,
        context.palette,
        unit=measure.unit,
        decimals=measure.decimals,
        breaks=break_marks(measure.breaks),
        events=happenings.marks(told),
    )
    return figure, _panel(context, choice, frame, drawn, newest, axis, told, stem)


def beside_others(
    page: Context, council: Council, measure: Measure, stem: str
) -> tuple[Any, Panel] | None:
    """One rate of a council beside England, its region and its neighbours; a count stands alone."""
    region = page.region_of(council.area_code)
    others = (page.england, *([region] if region else []))
    if measure.unit == "count":
        others = ()
    choice = Choice(measure, council.area_code, others, council.neighbour_average)
    return comparison(page, choice, stem, since=FIRST_YEAR)


def lines_frame(context: Context, choice: Choice) -> pd.DataFrame:
    """One row a line and period: the frame of charts.lines plus what the table shows."""
    codes = (choice.area, *[code for code in choice.others if code != choice.area])
    found = figures.series(
        context.key, choice.measure.kpi, codes, choice.topic, choice.breakdown
    ).copy()
    found["line"] = found["area_code"].map(context.area_name)
    found["role"] = [_role(context, choice, code) for code in found["area_code"]]
    found["order"] = [codes.index(code) for code in found["area_code"]]
    average = _average(context, choice, found)
    found = choice.measure.placed(found)
    joined = pd.concat([found, average], ignore_index=True) if not average.empty else found
    return joined.sort_values(["order", "period"], kind="stable").reset_index(drop=True)


def neighbour_line(choice: Choice) -> str:
    """'Mean of neighbours', as the line is called."""
    return f"{choice.average.capitalize()} of neighbours"


def _average(context: Context, choice: Choice, found: pd.DataFrame) -> pd.DataFrame:
    la_code = context.la_code(choice.area)
    column = AVERAGES.get(choice.average)
    if not (column and la_code and choice.is_whole) or found.empty:
        return pd.DataFrame()
    rows = figures.benchmark(context.key, choice.measure.kpi, la_code)
    rows = rows[rows[column].notna()]
    kind = found["period_kind"].iloc[0]
    return pd.DataFrame(
        {
            "line": neighbour_line(choice),
            "role": "neighbours",
            "area_kind": "average",
            "order": len(choice.others) + 1,
            "period": rows["period"],
            "period_label": [formats.period_label(period, kind) for period in rows["period"]],
            "value": rows[column],
            "is_revised": False,
        }
    )


def _role(context: Context, choice: Choice, code: str) -> Role:
    if code == choice.area:
        return "focus"
    if code == context.england:
        return "england"
    return "region" if code == context.region_of(choice.area) else "other"


def _drawn(frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The rows on the chart: of a count, only areas of the kind of the one in front."""
    if measure.unit != "count":
        return frame
    kinds = frame.loc[frame["role"] == "focus", "area_kind"]
    return frame[frame["area_kind"].isin(kinds)]


def _told(context: Context, choice: Choice, drawn: pd.DataFrame) -> tuple[Event, ...]:
    """What happened in the council in front, within the periods drawn."""
    happened = events_of(context, choice.measure.kpi, context.la_code(choice.area))
    return happenings.within(happened, list(drawn["period"]))


def fixed_or_count_axis(
    context: Context, measure: Measure, topic: str, drawn: pd.DataFrame
) -> Axis:
    """The axis of a measure: fixed from all its data, or from zero for a count."""
    shown = [float(value) for value in drawn["value"].dropna()]
    spread = figures.spread(context.key, measure.kpi, topic)
    if measure.unit == "count" or spread is None:
        return zero_axis(shown)
    return fixed_axis(spread, shown, measure.unit)


def _panel(
    context: Context,
    choice: Choice,
    frame: pd.DataFrame,
    drawn: pd.DataFrame,
    newest: Latest,
    axis: Axis,
    told: tuple[Event, ...],
    stem: str,
) -> Panel:
    measure = choice.measure
    title = line_title(_point(choice, frame, newest))
    subtitle = _subtitle(context, choice, frame, newest)
    ends = [
        f"{row.line} {printed(row, measure.unit, measure.decimals)}"
        for row in frame[frame["period"] == newest.period].itertuples()
    ]
    names = list(dict.fromkeys(frame["line"]))
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, [*ends, *happenings.spoken(told)], newest.period_label),
        notes=(*_notes(context, choice, frame, drawn, axis), *happenings.notes(told)),
        table=wide_table(frame, measure.unit, measure.decimals),
        numbers=tuple(names),
        data=_download(frame, choice),
        stem=stem,
    )


def _point(choice: Choice, frame: pd.DataFrame, newest: Latest) -> Point:
    measure = choice.measure
    same = frame[(frame["period"] == newest.period) & frame["value"].notna()]
    england = same.loc[same["role"] == "england", "value"]
    average = same.loc[same["role"] == "neighbours", "value"]
    comparator, value = "", None
    if measure.unit != "count" and not england.empty:
        comparator, value = "England", float(england.iloc[0])
    elif measure.unit != "count" and not average.empty:
        comparator, value = f"the neighbour {choice.average}", float(average.iloc[0])
    return Point(
        short_title="" if choice.names_topic and not choice.is_whole else measure.short_title,
        unit=measure.unit,
        decimals=newest.decimals,
        period_label=newest.period_label,
        value=newest.value,
        change=newest.change,
        comparator=comparator,
        comparator_value=value,
        breakdown="" if choice.is_whole else choice.part,
        is_name=choice.topic in NAMED_TOPICS,
        counted=newest.counted(measure.unit, measure.decimals),
    )


def _subtitle(context: Context, choice: Choice, frame: pd.DataFrame, newest: Latest) -> str:
    """Measure, area, its own periods, and the period that the title speaks of.

    Another area may have newer figures, and the one in front a newer period with a symbol only.
    """
    part = "" if choice.is_whole else f" ({choice.topic}: {choice.part})"
    labels = frame[frame["role"] == "focus"].sort_values("period")["period_label"]
    ends = list(dict.fromkeys([labels.iloc[0], labels.iloc[-1]]))
    newest_figure = f"latest figure: {newest.period_label}" if newest.value is not None else ""
    span = "" if newest_figure and len(ends) == 1 else " to ".join(ends)
    subject = f"{choice.measure.title}{part}"
    return ", ".join(filter(None, [subject, context.area_name(choice.area), span, newest_figure]))


def _left_out(frame: pd.DataFrame, drawn: pd.DataFrame) -> str:
    """Which lines of a count the chart leaves to the table; nothing where it draws all."""
    left = [name for name in dict.fromkeys(frame["line"]) if name not in set(drawn["line"])]
    only = f"In the table only: {'; '.join(left)}"
    return f" {only}. A count is held only against areas of the same kind." if left else ""


def _notes(
    context: Context, choice: Choice, frame: pd.DataFrame, drawn: pd.DataFrame, axis: Axis
) -> tuple[str, ...]:
    measure = choice.measure
    notes = [axis.words(measure.unit) + _left_out(frame, drawn)]
    notes += break_notes(measure.breaks, frame["period"].min())
    la_code = context.la_code(choice.area)
    if la_code and choice.is_whole and (drawn["role"] == "neighbours").any():
        names = "; ".join(figures.neighbours(context.key, la_code))
        notes.append(f"Statistical neighbours ({choice.average} of those with a figure): {names}.")
    return (*notes, *states.symbols_of(frame))


def _download(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    rows = frame.assign(breakdown_topic=choice.topic, breakdown=choice.breakdown)
    return downloads.figures(rows, choice.measure.kpi, choice.measure.unit)
