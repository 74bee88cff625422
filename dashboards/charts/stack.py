"""Share bars: one bar a year, its parts beside each other, each printed with its figure."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.canvas import LEGEND, canvas, names_axis
from dashboards.charts.shades import ink
from dashboards.theme import Palette, Role

# The parts' colours, dark and light in turn so that neighbours differ in black and white too.
PARTS: tuple[Role, ...] = ("focus", "england", "neighbours", "region")
_BAR = 34
_AROUND = 74
# A part narrower than this share of the bar has no room for its figure: the table has it.
_NARROW = 6.0


def share_bars(frame: pd.DataFrame, palette: Palette, *, decimals: int) -> go.Figure:
    """Figure with one bar a period, the newest on top, from 0 to 100%.

    frame: columns line, order (of the parts), period, period_label, value (percentages; NaN for a
        symbol, which draws nothing); one row a part and period, at most four parts.
    What the parts leave of 100% stays empty, and is never filled with a guess.
    """
    figure = go.Figure()
    newest_first = frame.sort_values("period", ascending=False, kind="stable")
    labels = list(dict.fromkeys(newest_first["period_label"]))
    parts = list(dict.fromkeys(frame.sort_values("order", kind="stable")["line"]))
    for name, role in zip(parts, PARTS, strict=False):
        figure.add_trace(_part(frame[frame["line"] == name], palette, role, decimals))
    totals = frame.groupby("period_label")["value"].sum()
    height = _AROUND + _BAR * len(labels) + 18 * ((len(parts) + 1) // 2)
    figure.update_layout(
        **canvas(palette, height, (8, 30, 8, 28)),
        barmode="stack",
        bargap=0.3,
        legend=LEGEND,
        # A figure that would have to shrink is left to the table.
        uniformtext={"minsize": 11, "mode": "hide"},
        xaxis={
            "range": [0, max(100.0, float(totals.max()) if len(totals) else 100.0)],
            "tickvals": [0, 50, 100],
            "ticktext": ["0%", "50%", "100%"],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": palette.text},
        },
        yaxis=names_axis(labels, palette),
    )
    return figure


def _part(rows: pd.DataFrame, palette: Palette, role: Role, decimals: int) -> go.Bar:
    name, colour = str(rows["line"].iloc[0]), palette.of(role)
    values = [formats.known(value) for value in rows["value"]]
    texts = [
        formats.number(value, "percent", formats.places(row, decimals)) if value else ""
        for value, row in zip(values, rows.itertuples(), strict=True)
    ]
    return go.Bar(
        x=values,
        y=list(rows["period_label"]),
        name=name,
        orientation="h",
        marker={"color": colour, "line": {"color": palette.background, "width": 2}},
        text=[
            text if value and value >= _NARROW else ""
            for text, value in zip(texts, values, strict=True)
        ],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": ink(colour), "size": 13},
        hovertext=[
            f"{name}, {label}: {text}"
            for label, text in zip(rows["period_label"], texts, strict=True)
        ],
        hoverinfo="text",
    )
