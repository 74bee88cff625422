"""Where open cases stand: one bar a stage, parted by how they stand to their next deadline."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards.charts.canvas import LEGEND, canvas, hatch, names_axis, on_lines
from dashboards.theme import Palette, Role

# Role, pattern and words of each part, in the order along the bar. The second is open: only its
# hatching has a colour. Each stands out from the next, and from the one after an open part that is
# not there; where both in the middle are missing, the gap between the bars and the hatching part.
OPEN = "lawful_reason"
PARTS: dict[str, tuple[Role, str, str]] = {
    "past_deadline": ("england", "x", "Past its deadline"),
    OPEN: ("neighbours", "\\", "Past it, with a lawful reason"),
    "due_soon": ("focus", "", "Due within 4 weeks"),
    "later": ("region", "/", "Due later"),
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
            pattern = hatch(shape, palette, size=7, solidity=0.2)
            if state == OPEN:
                open_part = {"fillmode": "replace", "fgcolor": palette.of(role), "solidity": 0.35}
                pattern |= open_part | {"bgcolor": palette.background}
            figure.add_trace(_part(rows, words, palette.of(role), pattern, palette))
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


def fill(state: str, palette: Palette) -> str:
    """The colour that most of a part has: of an open one, the page's."""
    return palette.background if state == OPEN else palette.of(PARTS[state][0])


def _part(
    rows: pd.DataFrame, words: str, colour: str, pattern: dict[str, Any], palette: Palette
) -> go.Bar:
    counts = [int(count) for count in rows["case_count"]]
    return go.Bar(
        x=counts,
        y=list(rows["stage"]),
        name=words,
        orientation="h",
        marker={
            "color": colour,
            "line": {"color": palette.background, "width": 2},
            "pattern": pattern,
        },
        hovertext=[
            f"{stage}: {count:,}, {words[:1].lower()}{words[1:]}"
            for stage, count in zip(rows["stage"], counts, strict=True)
        ],
        hoverinfo="text",
    )
