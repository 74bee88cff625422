"""Where open cases stand: one bar a stage, parted by how they stand to their next deadline."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboards.charts.canvas import LEGEND, canvas, hatch, names_axis, on_lines
from dashboards.theme import Palette

# Colour by role, pattern and the words of each part, in the order along the bar.
PARTS = {
    "past_deadline": ("england", "x", "Past its deadline"),
    "lawful_reason": ("neighbours", "\\", "Past it, with a lawful reason"),
    "due_soon": ("region", "/", "Due within 4 weeks"),
    "later": ("focus", "", "Due later"),
}
_BAR = 46
_AROUND = 64
_LABEL_CHARACTERS = 20


def stage_bars(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Figure with one stacked bar a stage, in the order of the frame, from zero.

    frame: stage (text), case_state (a key of PARTS), case_count; one row a stage and state.
    """
    names = list(dict.fromkeys(frame["stage"]))
    longest = max(frame.groupby("stage")["case_count"].sum().max() if len(frame) else 1, 1)
    figure = go.Figure()
    for state, (role, shape, words) in PARTS.items():
        rows = frame[(frame["case_state"] == state) & (frame["case_count"] > 0)]
        if not rows.empty:
            figure.add_trace(_part(rows, words, getattr(palette, role), shape, palette))
    totals = frame.groupby("stage")["case_count"].sum()
    past = frame[frame["case_state"] == "past_deadline"].groupby("stage")["case_count"].sum()
    for name in names:
        figure.add_annotation(
            x=float(totals[name]),
            y=name,
            xanchor="left",
            xshift=6,
            showarrow=False,
            text=f"<b>{int(totals[name]):,}</b>, {int(past.get(name, 0)):,} past",
            font={"color": palette.text, "size": 13},
        )
    figure.update_layout(
        **canvas(palette, _AROUND + _BAR * len(names), (8, 104, 40, 8)),
        barmode="stack",
        bargap=0.4,
        showlegend=True,
        legend=LEGEND,
        xaxis={"visible": False, "range": [0, float(longest) * 1.02], "fixedrange": True},
        yaxis=names_axis(names, palette, [on_lines(name, _LABEL_CHARACTERS) for name in names]),
    )
    return figure


def _part(rows: pd.DataFrame, words: str, colour: str, shape: str, palette: Palette) -> go.Bar:
    counts = [int(count) for count in rows["case_count"]]
    return go.Bar(
        x=counts,
        y=list(rows["stage"]),
        name=words,
        orientation="h",
        marker={
            "color": colour,
            "line": {"color": palette.background, "width": 2},
            "pattern": hatch(shape, palette, size=7, solidity=0.2),
        },
        hovertext=[
            f"{stage}: {count:,}, {words[:1].lower()}{words[1:]}"
            for stage, count in zip(rows["stage"], counts, strict=True)
        ],
        hoverinfo="text",
    )
