"""Findings over the editions of a return: one bar an edition, its parts by what became of them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboards.charts.canvas import LEGEND, canvas, hatch, names_axis
from dashboards.theme import Palette, Role

_BAR = 34
_AROUND = 70
# Room for the number of open findings at the end of a bar, in pixels.
_RIGHT = 96
# Status -> (colour by role, pattern), so that a print in black and white can be read.
_LOOKS: dict[str, tuple[Role, str]] = {
    "open": ("focus", ""),
    "explained": ("region", "/"),
    "fixed": ("other", "."),
}


def history_bars(frame: pd.DataFrame, palette: Palette, words: dict[str, str]) -> go.Figure:
    """Figure with one bar an edition, in the order of the frame.

    frame: columns edition (text), open, explained, fixed (counts). words: of the three.
    """
    figure = go.Figure()
    editions = list(frame["edition"])
    for status, (role, shape) in _LOOKS.items():
        if frame[status].sum() or status == "open":
            figure.add_trace(_bars(frame, status, words[status], palette, role, shape))
    figure.add_trace(_open_labels(frame, palette))
    figure.update_layout(
        **canvas(palette, _AROUND + _BAR * max(len(editions), 1), (8, _RIGHT, 36, 8)),
        barmode="stack",
        bargap=0.4,
        showlegend=True,
        legend=LEGEND,
        xaxis={"visible": False, "rangemode": "tozero", "fixedrange": True},
        yaxis=names_axis(editions, palette),
    )
    return figure


def _open_labels(frame: pd.DataFrame, palette: Palette) -> go.Scatter:
    """How many are open, at the end of each bar. No annotation: it would take 2026 for a place."""
    return go.Scatter(
        x=list(frame["open"] + frame["explained"] + frame["fixed"]),
        y=list(frame["edition"]),
        mode="text",
        text=[f"  <b>{count:,}</b> open" for count in frame["open"]],
        textposition="middle right",
        textfont={"color": palette.text, "size": 12},
        showlegend=False,
        hoverinfo="skip",
        cliponaxis=False,
    )


def _bars(
    frame: pd.DataFrame, status: str, word: str, palette: Palette, role: Role, shape: str
) -> go.Bar:
    return go.Bar(
        x=list(frame[status]),
        y=list(frame["edition"]),
        name=word,
        orientation="h",
        marker={
            "color": palette.of(role),
            "pattern": hatch(shape, palette),
        },
        hovertext=[
            f"{edition}: {count:,} {word.lower()}"
            for edition, count in zip(frame["edition"], frame[status], strict=True)
        ],
        hoverinfo="text",
    )
