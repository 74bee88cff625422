"""The control chart: a line of months, its average and usual range, and the months that differ.

A month that differs from the others by more than chance explains has a mark of its own shape; the
shape says which way, and the colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.axis import Axis
from dashboards.charts.labels import Label, write_labels
from dashboards.charts.plane import Mark, few, mark_all, plane
from dashboards.charts.shades import tint
from dashboards.theme import Palette

# Marker, its sign in words beside the chart, its colour by role, for what a month says.
SIGNS = {
    "improvement": ("diamond", "\u25c6", "focus"),
    "concern": ("square", "\u25a0", "england"),
    "neither": ("triangle-up", "\u25b2", "neighbours"),
}
_USUAL = "circle"
# How much of its colour the usual range has.
_BAND = 0.12
_CEILING = {"percent": 100.0}


def control_chart(
    points: pd.DataFrame,
    palette: Palette,
    *,
    unit: str,
    decimals: int,
    axis: Axis,
    level: float | None = None,
    due: str = "",
    events: Sequence[tuple[str, str]] = (),
) -> go.Figure:
    """Figure of one series of months.

    points: one row a month, columns period (2025-01), period_label, value (NaN: a gap),
        centre_line, lower_limit, upper_limit (NaN where there are none), sign (improvement,
        concern, neither or empty), opened_by (break or rebase at the first month of new limits).
    level: what the plan asks for, drawn across; due: by which day.
    events: (month or day, words of three at most).
    Limits are clipped to what the measure can be, here and nowhere else.
    """
    frame = points.sort_values("period").reset_index(drop=True)
    places = [_place(period) for period in frame["period"]]
    frame = frame.assign(place=places)
    figure = go.Figure()
    for stretch in _stretches(frame):
        _limits(figure, stretch, palette, unit)
    figure.add_trace(_line(frame, palette, unit, decimals))
    _signals(figure, frame, palette, unit, decimals)
    ends = (min(places, default=0) - 0.6, max(places, default=1) + 0.6)
    if level is not None:
        _level(figure, ends, level, palette)
    labels = list(_labels(frame, palette, unit, decimals, level, due))
    write_labels(figure, labels, axis, palette)
    marks = [*_openings(frame), *(Mark(_place(moment), words) for moment, words in events)]
    inside = [moment for moment in marks if ends[0] <= moment.x <= ends[1]]
    top = mark_all(figure, inside, ends, palette)
    figure.update_layout(**plane(axis, palette, unit, ends, _ticks(places), top=top))
    return figure


def _place(period: str) -> int:
    """A month as a number, so that a missing one leaves its room."""
    return int(period[:4]) * 12 + int(period[5:7]) - 1


def _ticks(places: Sequence[int]) -> dict[float, str]:
    """Januaries by their year; the ends by month where the line holds fewer than two."""
    every = range(min(places), max(places) + 1) if places else range(0)
    years = [place for place in every if place % 12 == 0]
    chosen = few(years if len(years) > 1 else sorted({*places[:1], *places[-1:]}))
    return {place: _tick(int(place), is_year=len(years) > 1) for place in chosen}


def _tick(place: int, *, is_year: bool) -> str:
    name = pd.Timestamp(year=place // 12, month=place % 12 + 1, day=1)
    return f"{name:%Y}" if is_year else f"{name:%b %Y}"


def _stretches(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The months that share limits, for each set of limits that there is."""
    for _, rows in frame.groupby(frame["opened_by"].notna().cumsum(), sort=True):
        if rows["upper_limit"].notna().any():
            yield rows


def _limits(figure: go.Figure, rows: pd.DataFrame, palette: Palette, unit: str) -> None:
    """The usual range as a tinted band between dotted lines, the average dashed."""
    x = [rows["place"].iloc[0] - 0.5, rows["place"].iloc[-1] + 0.5]
    low = max(float(rows["lower_limit"].iloc[0]), 0.0)
    high = min(float(rows["upper_limit"].iloc[0]), _CEILING.get(unit, float("inf")))
    dotted = {"color": palette.other, "width": 1.5, "dash": "dot"}
    shared = {"mode": "lines", "hoverinfo": "skip", "line": dotted}
    figure.add_trace(go.Scatter(x=x, y=[low, low], name="Lower limit", **shared))
    figure.add_trace(
        go.Scatter(
            x=x,
            y=[high, high],
            name="Upper limit",
            fill="tonexty",
            fillcolor=tint(palette.other, _BAND),
            **shared,
        )
    )
    centre = float(rows["centre_line"].iloc[0])
    dashed = {"color": palette.other, "width": 2, "dash": "dash"}
    figure.add_trace(
        go.Scatter(
            x=x, y=[centre, centre], name="Average", mode="lines", line=dashed, hoverinfo="skip"
        )
    )


def _line(frame: pd.DataFrame, palette: Palette, unit: str, decimals: int) -> go.Scatter:
    """The line of all months; a month that is not there parts it."""
    known = frame.set_index("place")
    places = range(int(known.index.min()), int(known.index.max()) + 1) if len(known) else range(0)
    rows = known.reindex(places)
    return go.Scatter(
        x=list(places),
        y=[formats.known(value) for value in rows["value"]],
        name="Each month",
        mode="lines+markers",
        line={"color": palette.focus, "width": 2.5},
        marker={"size": 5, "color": palette.focus, "symbol": _USUAL},
        hovertext=[
            f"{label}: {formats.number(value, unit, decimals)}"
            for label, value in zip(rows["period_label"], rows["value"], strict=True)
        ],
        hoverinfo="text",
        connectgaps=False,
        cliponaxis=False,
    )


def _signals(
    figure: go.Figure, frame: pd.DataFrame, palette: Palette, unit: str, decimals: int
) -> None:
    """The months that differ, each kind a trace of its own shape over the line."""
    for sign, (symbol, _, role) in SIGNS.items():
        rows = frame[frame["sign"] == sign]
        if rows.empty:
            continue
        figure.add_trace(
            go.Scatter(
                x=list(rows["place"]),
                y=[float(value) for value in rows["value"]],
                name=sign,
                mode="markers",
                marker={
                    "size": 11,
                    "symbol": symbol,
                    "color": getattr(palette, role),
                    "line": {"color": palette.background, "width": 1},
                },
                hovertext=[
                    f"{label}: {formats.number(value, unit, decimals)}, more than chance explains"
                    for label, value in zip(rows["period_label"], rows["value"], strict=True)
                ],
                hoverinfo="text",
                cliponaxis=False,
            )
        )


def _level(figure: go.Figure, ends: tuple[float, float], level: float, palette: Palette) -> None:
    line = {"color": palette.region, "width": 2, "dash": "longdashdot"}
    figure.add_trace(
        go.Scatter(
            x=list(ends), y=[level, level], name="Level", mode="lines", line=line, hoverinfo="skip"
        )
    )


def _labels(
    frame: pd.DataFrame,
    palette: Palette,
    unit: str,
    decimals: int,
    level: float | None,
    due: str,
) -> Iterator[Label]:
    """The newest month, the average, the limits and the plan's level, each by its figure."""

    def text(value: float) -> str:
        return formats.number(value, unit, decimals)

    known = frame[frame["value"].notna()]
    if known.empty:
        return
    last = known.iloc[-1]
    sign, colour = "\u25cf", palette.focus
    if last["sign"] in SIGNS:
        _, sign, role = SIGNS[last["sign"]]
        colour = getattr(palette, role)
    value = float(last["value"])
    yield Label(value, str(last["period_label"]), text(value), sign, colour)
    if formats.is_number(last["upper_limit"]):
        yield Label(float(last["centre_line"]), f"Average {text(last['centre_line'])}")
        yield Label(float(last["upper_limit"]), "Upper limit")
        if float(last["lower_limit"]) > 0:
            yield Label(float(last["lower_limit"]), "Lower limit")
    if level is not None:
        words = f"Plan {text(level)}" + (f", due by {due}" if due else "")
        yield Label(level, words, sign="\u2500", colour=palette.region)


def _openings(frame: pd.DataFrame) -> Iterator[Mark]:
    """Where limits begin anew, but for the first month drawn."""
    words = {"break": "[b] Break", "rebase": "New limits"}
    opened = zip(frame["place"].iloc[1:], frame["opened_by"].iloc[1:], strict=True)
    for place, opened_by in opened:
        if opened_by in words:
            yield Mark(place - 0.5, words[opened_by])
