"""What the charts over time share: the plane they are drawn on, and the marks on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from dashboards.charts.axis import Axis
from dashboards.charts.canvas import canvas
from dashboards.charts.labels import HEIGHT, RIGHT
from dashboards.theme import Palette

# Room above the plane: for the end of the axis, and for each height of the words of marks, the
# lowest clear of what stands at the end of the axis.
TOP, _HEIGHT, _CLEAR = 16, 16, 6
_TICKS_AT_MOST = 5
# Width of the plane on a phone, and of a character, in pixels: what fits there fits anywhere.
_PHONE_WIDTH, _CHARACTER = 150, 7
_MOST_HEIGHTS = 3


@dataclass(frozen=True, order=True)
class Mark:
    """What is marked on a plane: its place along the bottom, and words of three at most."""

    x: float
    words: str


def mark_all(
    figure: go.Figure, marks: Sequence[Mark], ends: tuple[float, float], palette: Palette
) -> int:
    """Draw every mark, each with its words on a height where they lie over no others.

    Returns the room above the plane that they need, in pixels. ends: of the plane.
    """
    ordered = sorted(marks)
    found = heights(ordered, ends)
    for told, height in zip(ordered, found, strict=True):
        mark(figure, told.x, told.words, palette, height)
    return TOP + _CLEAR + _HEIGHT * (max(found) + 1) if found else TOP


def heights(ordered: Sequence[Mark], ends: tuple[float, float]) -> list[int]:
    """The lowest free height of each; where none is free, the one that is free first."""
    pixel = (ends[1] - ends[0]) / _PHONE_WIDTH
    taken = [float("-inf")] * _MOST_HEIGHTS
    found = []
    for told in ordered:
        half = len(told.words) * _CHARACTER * pixel / 2
        free = [place for place, until in enumerate(taken) if until <= told.x - half]
        height = free[0] if free else taken.index(min(taken))
        taken[height] = told.x + half
        found.append(height)
    return found


def mark(figure: go.Figure, x: float, words: str, palette: Palette, step: int = 0) -> None:
    """A dotted upright line with words over it. step: the height of the words, 0 the lowest."""
    figure.add_vline(x=x, line={"color": palette.marker, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=x,
        yref="paper",
        y=1.0,
        yanchor="bottom",
        yshift=_CLEAR + _HEIGHT * step,
        showarrow=False,
        text=words,
        font={"color": palette.text, "size": 12},
    )


def few(places: Sequence[float]) -> list[float]:
    """Of the places that could have a tick, so many that a phone can print them; the last stays."""
    step = max(1, -(-len(places) // _TICKS_AT_MOST))
    return list(places[::-1][::step][::-1])


def plane(
    axis: Axis,
    palette: Palette,
    unit: str,
    ends: tuple[float, float],
    ticks: dict[float, str],
    *,
    top: int = TOP,
) -> dict[str, Any]:
    """The layout: a fixed vertical axis, ticks in words along the bottom, no legend.

    ticks: place -> words, of one or two lines. top: room above the plane, as mark_all gives it.
    """
    return {
        **canvas(palette, HEIGHT, (52, RIGHT, top, 44)),
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {
            "range": list(ends),
            "tickvals": list(ticks),
            "ticktext": list(ticks.values()),
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "linecolor": palette.marker,
            "tickfont": {"color": palette.text},
        },
        "yaxis": {
            "range": [axis.low, axis.high],
            "tick0": axis.low,
            "dtick": axis.step,
            "ticksuffix": "%" if unit == "percent" else "",
            "tickprefix": "£" if unit == "pounds" else "",
            "tickformat": ",d" if axis.step >= 1 else ",.2~f",
            "gridcolor": palette.grid,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": palette.text},
        },
    }
