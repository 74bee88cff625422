"""What the charts over months and weeks share: the plane they are drawn on, and its labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from dashboards.charts.axis import Axis
from dashboards.charts.lines import HEIGHT, spread_labels
from dashboards.theme import FONT, Palette

# Room for the direct labels beside the plane, in pixels and characters.
RIGHT = 124
LABEL_CHARACTERS = 16
# Room above the plane: for the end of the axis, and for marked events on two heights in turn.
TOP, TOP_MARKED = 16, 52
_TICKS_AT_MOST = 5


@dataclass(frozen=True)
class Label:
    """A direct label: what it stands beside, its words, its figure in bold, a mark before it."""

    value: float
    words: str
    figure: str = ""
    sign: str = ""
    colour: str = ""

    @property
    def text(self) -> str:
        """The label as the chart writes it."""
        mark = f'<span style="color:{self.colour}">{self.sign}</span> ' if self.sign else ""
        figure = f"<br><b>{self.figure}</b>" if self.figure else ""
        return mark + "<br>".join(wrap(self.words, LABEL_CHARACTERS)) + figure


def write_labels(figure: go.Figure, labels: Sequence[Label], axis: Axis, palette: Palette) -> None:
    """Put the labels beside the plane, none over another."""
    texts = [label.text for label in labels]
    lines = [text.count("<br>") + 1 for text in texts]
    inside = [min(max(label.value, axis.low), axis.high) for label in labels]
    for text, place in zip(texts, spread_labels(inside, lines, axis), strict=True):
        figure.add_annotation(
            xref="paper",
            x=1.0,
            xanchor="left",
            xshift=8,
            y=place,
            yanchor="middle",
            showarrow=False,
            align="left",
            text=text,
            font={"color": palette.text, "size": 12},
        )


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
        "template": "none",
        "height": HEIGHT,
        "margin": {"l": 52, "r": RIGHT, "t": TOP_MARKED if is_marked else TOP, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": palette.text},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
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
            "tickformat": ",d" if axis.step >= 1 else ",.2~f",
            "gridcolor": palette.grid,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": palette.text},
        },
    }
