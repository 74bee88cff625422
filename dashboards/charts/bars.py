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
# Room for the figures at the ends of the bars, in pixels: 100.0%, and 100.0% (8 of 8).
_RIGHT, _RIGHT_SMALL = 64, 116


def breakdown_bars(frame: pd.DataFrame, palette: Palette, *, unit: str, decimals: int) -> go.Figure:
    """Figure with one group of bars a breakdown, in the order of the frame, from zero.

    frame: columns breakdown, line, role, value, numerator, denominator; a NaN value (a symbol in
        the table) draws no bar. A percentage of few says on its bar of how many.
    """
    figure = go.Figure()
    names = list(dict.fromkeys(frame["breakdown"]))
    for name, rows in frame.groupby("line", sort=False):
        figure.add_trace(_bars(str(name), rows, palette, unit, decimals))
    lines = frame["line"].nunique()
    is_any_small = frame["denominator"].map(formats.is_small).any()
    figure.update_layout(
        template="none",
        barmode="group",
        bargap=0.35,
        height=_AROUND + len(names) * (14 + _BAR * max(lines, 1)),
        margin={"l": 8, "r": _RIGHT_SMALL if is_any_small else _RIGHT, "t": 30, "b": 8},
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
    bases = [
        formats.parts(*pair) for pair in zip(rows["numerator"], rows["denominator"], strict=True)
    ]
    labels = [
        _label(formats.number(value, unit, decimals), base, of) if value is not None else ""
        for value, base, of in zip(values, bases, rows["denominator"], strict=True)
    ]
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
        text=labels,
        hovertext=[
            f"{name}, {part}: {formats.number(value, unit, decimals)}{f' ({base})' if base else ''}"
            for part, value, base in zip(rows["breakdown"], values, bases, strict=True)
        ],
        textposition="outside",
        textfont={"color": palette.text},
        cliponaxis=False,
        hoverinfo="text",
    )


def _label(figure: str, base: str, denominator: float) -> str:
    return f"{figure} ({base})" if base and formats.is_small(denominator) else figure
