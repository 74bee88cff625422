"""Horizontal bars: the parts of one measure in one period, for one area or two."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.theme import FONT, Palette

_BAR = 22
_LABEL_CHARACTERS = 22
_AROUND = 56


def breakdown_bars(frame: pd.DataFrame, palette: Palette, *, unit: str, decimals: int) -> go.Figure:
    """Figure with one group of bars a breakdown, in the order of the frame, from zero.

    frame: columns breakdown, line, role, value; NaN (a symbol in the table) draws no bar.
    """
    figure = go.Figure()
    names = list(dict.fromkeys(frame["breakdown"]))
    for name, rows in frame.groupby("line", sort=False):
        figure.add_trace(_bars(str(name), rows, palette, unit, decimals))
    lines = frame["line"].nunique()
    figure.update_layout(
        template="none",
        barmode="group",
        bargap=0.35,
        height=_AROUND + len(names) * (14 + _BAR * max(lines, 1)),
        margin={"l": 8, "r": 64, "t": 30, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": palette.text},
        showlegend=lines > 1,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        dragmode=False,
        xaxis={"visible": False, "rangemode": "tozero", "fixedrange": True},
        yaxis={
            "autorange": "reversed",
            "automargin": True,
            "ticklabelstandoff": 6,
            "fixedrange": True,
            "categoryorder": "array",
            "categoryarray": names,
            "tickvals": names,
            "ticktext": ["<br>".join(wrap(name, _LABEL_CHARACTERS)) for name in names],
            "tickfont": {"color": palette.text},
        },
    )
    return figure


def _bars(name: str, rows: pd.DataFrame, palette: Palette, unit: str, decimals: int) -> go.Bar:
    role = rows["role"].iloc[0]
    values = [float(value) if formats.is_number(value) else None for value in rows["value"]]
    return go.Bar(
        x=values,
        y=list(rows["breakdown"]),
        name=name,
        orientation="h",
        marker={
            "color": palette.of(role),
            "pattern": {
                "shape": "" if role == "focus" else "/",
                "fillmode": "overlay",
                "fgcolor": palette.background,
                "size": 6,
                "solidity": 0.3,
            },
        },
        text=[
            formats.number(value, unit, decimals) if value is not None else "" for value in values
        ],
        textposition="outside",
        textfont={"color": palette.text},
        cliponaxis=False,
        hoverinfo="skip",
    )
