"""The fan: what a simulation gives week by week, as a middle line within its 80% range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.axis import Axis
from dashboards.charts.labels import Label, write_labels
from dashboards.charts.plane import Mark, few, mark_all, plane
from dashboards.charts.shades import tint
from dashboards.theme import Palette

_DAY = 24 * 3600.0
# How much of its colour the band has.
_BAND = 0.18
_COLUMNS = ("day", "p10", "p50", "p90")


def fan(
    weeks: pd.DataFrame,
    palette: Palette,
    *,
    unit: str,
    decimals: int,
    axis: Axis,
    history: pd.DataFrame | None = None,
    beside: tuple[str, pd.DataFrame] | None = None,
    level: tuple[str, float] | None = None,
    events: Sequence[tuple[date, str]] = (),
) -> go.Figure:
    """Figure of one simulation from a day on.

    weeks: day (date), p10, p50, p90, in order; NaN where there is nothing to count.
    history: day, value: what was observed before. beside: name and rows (day, p50) of another
    simulation, its middle alone. level: words and value of what is aimed for.
    """
    past = history if history is not None else pd.DataFrame(columns=["day", "value"])
    days = [_place(day) for day in [*past["day"], *weeks["day"]]]
    ends = (min(days, default=0.0), max(days, default=1.0))
    figure = go.Figure()
    known = weeks[weeks["p50"].notna()]
    _band(figure, known, palette)
    if not past.empty:
        figure.add_trace(_history(past, palette, unit, decimals))
    if beside is not None:
        figure.add_trace(_beside(beside, palette))
    if level is not None:
        line = {"color": palette.region, "width": 2, "dash": "longdashdot"}
        y = [level[1], level[1]]
        figure.add_trace(
            go.Scatter(x=list(ends), y=y, name=level[0], mode="lines", line=line, hoverinfo="skip")
        )
    figure.add_trace(_middle(known, palette, unit, decimals))
    labels = list(_labels(known, palette, unit, decimals, beside, level))
    write_labels(figure, labels, axis, palette)
    marks = [Mark(_place(day), words) for day, words in events]
    inside = [moment for moment in marks if ends[0] <= moment.x <= ends[1]]
    top = mark_all(figure, inside, ends, palette)
    figure.update_layout(**plane(axis, palette, unit, ends, _ticks(ends), top=top))
    return figure


def _place(day: date) -> float:
    """A day as a number of days, so that time runs evenly."""
    return pd.Timestamp(day).timestamp() / _DAY


def _ticks(ends: tuple[float, float]) -> dict[float, str]:
    """First days of months, few enough to print, its month over its year."""
    first, last = (pd.Timestamp(end * _DAY, unit="s") for end in ends)
    months = pd.date_range(first.normalize(), last, freq="MS")
    chosen = few([_place(month) for month in months])
    return {place: f"{pd.Timestamp(place * _DAY, unit='s'):%b<br>%Y}" for place in chosen}


def _band(figure: go.Figure, rows: pd.DataFrame, palette: Palette) -> None:
    x = [_place(day) for day in rows["day"]]
    shared = {
        "x": x,
        "mode": "lines",
        "hoverinfo": "skip",
        "line": {"color": palette.focus, "width": 1, "dash": "dot"},
    }
    figure.add_trace(go.Scatter(y=list(rows["p10"]), name="P10", **shared))
    colour = tint(palette.focus, _BAND)
    figure.add_trace(
        go.Scatter(y=list(rows["p90"]), name="P90", fill="tonexty", fillcolor=colour, **shared)
    )


def _middle(rows: pd.DataFrame, palette: Palette, unit: str, decimals: int) -> go.Scatter:
    def text(value: float) -> str:
        return formats.number(value, unit, decimals)

    return go.Scatter(
        x=[_place(day) for day in rows["day"]],
        y=[float(value) for value in rows["p50"]],
        name="Middle",
        mode="lines",
        line={"color": palette.focus, "width": 3.5},
        hovertext=[
            f"{formats.day(day)}: {text(p50)} ({text(p10)} to {text(p90)})"
            for day, p10, p50, p90 in zip(*(rows[name] for name in _COLUMNS), strict=True)
        ],
        hoverinfo="text",
        cliponaxis=False,
    )


def _history(past: pd.DataFrame, palette: Palette, unit: str, decimals: int) -> go.Scatter:
    return go.Scatter(
        x=[_place(day) for day in past["day"]],
        y=[float(value) for value in past["value"]],
        name="Observed",
        mode="lines+markers",
        line={"color": palette.other, "width": 2.5},
        marker={"size": 6, "color": palette.other, "symbol": "circle"},
        hovertext=[
            f"{formats.day(row.day)}: {formats.number(row.value, unit, decimals)}, observed"
            for row in past.itertuples()
        ],
        hoverinfo="text",
        cliponaxis=False,
    )


def _beside(beside: tuple[str, pd.DataFrame], palette: Palette) -> go.Scatter:
    name, rows = beside
    return go.Scatter(
        x=[_place(day) for day in rows["day"]],
        y=[float(value) for value in rows["p50"]],
        name=name,
        mode="lines",
        line={"color": palette.england, "width": 2.5, "dash": "dash"},
        hoverinfo="skip",
    )


def _labels(
    rows: pd.DataFrame,
    palette: Palette,
    unit: str,
    decimals: int,
    beside: tuple[str, pd.DataFrame] | None,
    level: tuple[str, float] | None,
) -> Iterator[Label]:
    """The ends of the range and of its middle, the other simulation's, and what is aimed for."""
    if rows.empty:
        return
    last = rows.iloc[-1]
    middle = formats.number(last["p50"], unit, decimals)
    yield Label(float(last["p50"]), "Middle", middle, "\u2501", palette.focus)
    for share, words in (("p90", "9 runs in 10 end below"), ("p10", "1 run in 10 ends below")):
        if round(last[share], decimals) != round(last["p50"], decimals):
            figure = formats.number(last[share], unit, decimals)
            yield Label(float(last[share]), f"{words} {figure}")
    if beside is not None and not beside[1].empty:
        end = float(beside[1]["p50"].iloc[-1])
        figure = formats.number(end, unit, decimals)
        yield Label(end, beside[0], figure, "\u254d", palette.england)
    if level is not None:
        yield Label(level[1], level[0], sign="\u2500", colour=palette.region)
