"""Where open cases stand: one bar a stage, parted by how they stand to their next deadline."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from dashboards.theme import FONT, Palette

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
        template="none",
        barmode="stack",
        bargap=0.4,
        height=_AROUND + _BAR * len(names),
        margin={"l": 8, "r": 104, "t": 40, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": palette.text},
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        dragmode=False,
        xaxis={"visible": False, "range": [0, float(longest) * 1.02], "fixedrange": True},
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
            "pattern": {
                "shape": shape,
                "fillmode": "overlay",
                "fgcolor": palette.background,
                "size": 7,
                "solidity": 0.2,
            },
        },
        hovertext=[
            f"{stage}: {count:,}, {words[:1].lower()}{words[1:]}"
            for stage, count in zip(rows["stage"], counts, strict=True)
        ],
        hoverinfo="text",
    )
