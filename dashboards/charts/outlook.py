"""Where a measure has been, where a forecast sees it, and what was promised.

One line for what is known, a band with a dashed middle for what is likely, and the promised levels
on their days, each with a marker whose shape says its status. A promise that was moved shows where
it stood first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.axis import Axis
from dashboards.charts.labels import Label, write_labels
from dashboards.charts.moments import place, span
from dashboards.charts.plane import Mark, few, mark_all, plane
from dashboards.theme import Palette

HISTORY = ("period", "period_label", "value")
FORECAST = ("period", "value_p10", "value_p50", "value_p90")
MILESTONES = ("period", "value", "status", "words", "first_period", "first_value")

# Marker of a milestone by its status; the words say the same.
MARKERS = {
    "met": "circle",
    "missed": "x-thin",
    "at_risk": "triangle-up",
    "not_yet_due": "circle-open",
    "awaited": "circle-open-dot",
    "not_measured": "line-ew",
}
# The opacity of the band, as the end of a colour's hexadecimal name.
_BAND = "33"
_MOST_MARKED = 15
# A gap between two figures that is wider than their usual one, by more than this, parts the line.
_GAP = 1.5
# A level in this part of the axis, counted from its end, has its words below it.
_NEAR_TOP = 0.08
# Words over a level reach so far up, as a part of the axis, and so far to each side, in years.
_LINE, _BESIDE = 0.1, 0.35
_MOST_TICKS = 4


def outlook(
    history: pd.DataFrame,
    forecast: pd.DataFrame,
    milestones: pd.DataFrame,
    palette: Palette,
    *,
    unit: str,
    decimals: int,
    axis: Axis,
    events: Sequence[tuple[str, str]] = (),
) -> go.Figure:
    """Figure of one measure over time; each of the three frames may be empty.

    history: columns HISTORY; period is 2025, 2025-01 or 2025-R12-01, value NaN for a gap.
    forecast: columns FORECAST; the first row may be the newest known figure, three times.
    milestones: columns MILESTONES; period is the one that decides, first_period and first_value
        are empty where the milestone was never moved, words are what is read at the pointer.
    events: (period or day, words of three at most): what was then; a break's words begin with [b].
    """
    figure = go.Figure()
    known = history.assign(place=[place(period) for period in history["period"]])
    ahead = forecast.assign(place=[place(period) for period in forecast["period"]])
    marks = milestones.assign(place=[place(period) for period in milestones["period"]])
    _range(figure, ahead, palette, unit, decimals)
    _line(figure, known, palette, unit, decimals)
    _promises(figure, marks, known, palette, unit, axis)
    write_labels(figure, list(_labels(known, ahead, palette, unit, decimals)), axis, palette)
    places = [*known["place"], *ahead["place"], *marks["place"], *_firsts(marks)]
    first, last = span([*known["period"], *ahead["period"], *marks["period"]])
    told = [Mark(_event(known, period, words), words) for period, words in events]
    inside = [moment for moment in told if first <= moment.x <= last]
    ends = _ends([*places, *(moment.x for moment in inside)])
    top = mark_all(figure, inside, ends, palette)
    ticks = _ticks(ends, is_yearly=any("-" not in str(period) for period in history["period"]))
    figure.update_layout(**plane(axis, palette, unit, ends, ticks, top=top))
    return figure


def _event(known: pd.DataFrame, period: str, words: str) -> float:
    """A period's place; a break stands halfway to the figure before it, and parts the two."""
    at = place(period)
    if not words.startswith("[b]"):
        return at
    earlier = known.loc[known["place"] < at, "place"]
    return at if earlier.empty else (float(earlier.max()) + at) / 2


def _firsts(marks: pd.DataFrame) -> list[float]:
    return [place(period) for period in marks["first_period"] if isinstance(period, str) and period]


def _ends(places: Sequence[float]) -> tuple[float, float]:
    low, high = min(places, default=0.0), max(places, default=1.0)
    edge = max((high - low) * 0.03, 0.1)
    return low - edge, high + edge


def _ticks(ends: tuple[float, float], *, is_yearly: bool) -> dict[float, str]:
    """Years, where a figure of that year or of its January stands."""
    shift = 0.5 if is_yearly else 0.5 / 12
    years = range(math.ceil(ends[0] - shift), math.floor(ends[1] - shift) + 1)
    chosen = few([year + shift for year in years])
    kept = chosen if len(chosen) <= _MOST_TICKS else chosen[::-1][::2][::-1]
    return {at: f"{at - shift:.0f}" for at in kept}


def _range(
    figure: go.Figure, ahead: pd.DataFrame, palette: Palette, unit: str, decimals: int
) -> None:
    """The band that holds four in five possible values, and its middle."""
    if ahead.empty:
        return
    there_and_back = [*ahead["place"], *ahead["place"][::-1]]
    figure.add_trace(
        go.Scatter(
            x=there_and_back,
            y=[*ahead["value_p90"], *ahead["value_p10"][::-1]],
            name="range",
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=palette.focus + _BAND,
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=list(ahead["place"]),
            y=list(ahead["value_p50"]),
            name="forecast",
            mode="lines",
            line={"color": palette.focus, "width": 2.5, "dash": "dash"},
            hovertext=[_likely(row, unit, decimals) for row in ahead.itertuples()],
            hoverinfo="text",
        )
    )


def _likely(row: Any, unit: str, decimals: int) -> str:
    low, middle, high = (
        formats.number(value, unit, decimals)
        for value in (row.value_p10, row.value_p50, row.value_p90)
    )
    return f"{row.period}: {middle} is the middle, {low} to {high} the range"


def _line(
    figure: go.Figure, known: pd.DataFrame, palette: Palette, unit: str, decimals: int
) -> None:
    points = _parted(known.sort_values("place"))
    is_marked = len(known) <= _MOST_MARKED
    figure.add_trace(
        go.Scatter(
            x=[at for at, _, _ in points],
            y=[value for _, value, _ in points],
            name="figures",
            mode="lines+markers",
            line={"color": palette.focus, "width": 3.5},
            marker={"color": palette.focus, "size": 8 if is_marked else 4},
            hovertext=[
                f"{label}: {formats.number(value, unit, decimals)}" for _, value, label in points
            ],
            hoverinfo="text",
            connectgaps=False,
            cliponaxis=False,
        )
    )


def _parted(known: pd.DataFrame) -> list[tuple[float, float | None, str]]:
    """The points of the line, with an empty one where a period is missing."""
    steps = known["place"].diff().dropna()
    usual = float(steps.min()) if not steps.empty else math.inf
    points: list[tuple[float, float | None, str]] = []
    rows = zip(known["place"], known["value"], known["period_label"], strict=True)
    for at, value, label in rows:
        if points and at - points[-1][0] > usual * _GAP:
            points.append(((at + points[-1][0]) / 2, None, ""))
        points.append((at, formats.known(value), str(label)))
    return points


def _promises(
    figure: go.Figure,
    marks: pd.DataFrame,
    known: pd.DataFrame,
    palette: Palette,
    unit: str,
    axis: Axis,
) -> None:
    """The promised levels joined by a dotted line, and where a moved one stood first."""
    drawn = marks[marks["value"].notna()].sort_values("place")
    for row in drawn.itertuples():
        if isinstance(row.first_period, str) and row.first_period:
            _moved(figure, row, palette)
    if drawn.empty:
        return
    figure.add_trace(
        go.Scatter(
            x=list(drawn["place"]),
            y=list(drawn["value"]),
            name="milestones",
            mode="lines+markers+text",
            line={"color": palette.neighbours, "width": 2, "dash": "dot"},
            marker={
                "color": palette.neighbours,
                "size": 13,
                "symbol": [MARKERS.get(status, "line-ew") for status in drawn["status"]],
                "line": {"color": palette.neighbours, "width": 2.5},
            },
            text=[_level(value, unit) for value in drawn["value"]],
            textposition=[
                f"{_side(at, value, known, axis)} center"
                for at, value in zip(drawn["place"], drawn["value"], strict=True)
            ],
            textfont={"color": palette.text, "size": 12},
            hovertext=list(drawn["words"]),
            hoverinfo="text",
            cliponaxis=False,
        )
    )


def _side(at: float, level: float, known: pd.DataFrame, axis: Axis) -> str:
    """Where a level's words stand: below it where a figure lies above, or the plane ends."""
    height = axis.high - axis.low
    near = known[(known["place"] - at).abs() <= _BESIDE]
    above = near["value"] - level
    is_over = (above >= 0) & (above <= height * _LINE)
    is_top = level > axis.high - height * _NEAR_TOP
    return "bottom" if is_top or is_over.any() else "top"


def _moved(figure: go.Figure, row: Any, palette: Palette) -> None:
    """A thin line from the first promise, a small hollow square, to where it stands now."""
    figure.add_trace(
        go.Scatter(
            x=[place(row.first_period), row.place],
            y=[row.first_value, row.value],
            name="first promised",
            mode="lines+markers",
            line={"color": palette.marker, "width": 1.5},
            marker={"color": palette.marker, "size": [9, 0], "symbol": "square-open"},
            hoverinfo="skip",
            cliponaxis=False,
        )
    )


def _level(value: float, unit: str) -> str:
    return formats.number(value, unit, 0 if float(value) == round(value) else 1)


def _labels(
    known: pd.DataFrame, ahead: pd.DataFrame, palette: Palette, unit: str, decimals: int
) -> Iterator[Label]:
    told = known[known["value"].notna()].sort_values("place")
    if not told.empty:
        last = told.iloc[-1]
        value = float(last["value"])
        figure = formats.number(value, unit, decimals)
        yield Label(value, str(last["period_label"]), figure, "\u25cf", palette.focus)
    if not ahead.empty:
        last = ahead.iloc[-1]
        low, high = (
            formats.number(last[name], unit, decimals) for name in ("value_p10", "value_p90")
        )
        yield Label(float(last["value_p50"]), "Forecast", f"{low} to {high}", "- -", palette.focus)
