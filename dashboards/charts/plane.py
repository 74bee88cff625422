"""What the charts over time share: the plane they are drawn on, and the marks on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboards.charts.axis import Axis
from dashboards.charts.canvas import canvas
from dashboards.charts.labels import HEIGHT, RIGHT
from dashboards.theme import Palette

# Room above the plane: for the end of the axis, and for marked events on two heights in turn.
TOP, TOP_MARKED = 16, 52
_TICKS_AT_MOST = 5


def mark(figure: go.Figure, x: float, words: str, palette: Palette, step: int = 0) -> None:
    """A dotted upright line with words over it. step: 0 or 1, the height of the words."""
    figure.add_vline(x=x, line={"color": palette.marker, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=x,
        yref="paper",
        y=1.0,
        yanchor="bottom",
        yshift=16 * step,
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
    is_marked: bool = False,
) -> dict[str, Any]:
    """The layout: a fixed vertical axis, ticks in words along the bottom, no legend.

    ticks: place -> words, of one or two lines. is_marked: whether marks stand over the plane.
    """
    return {
        **canvas(palette, HEIGHT, (52, RIGHT, TOP_MARKED if is_marked else TOP, 44)),
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
