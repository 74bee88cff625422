"""Horizontal bars: the parts of one measure in one period, for one area or two."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.canvas import LEGEND, canvas, hatch, names_axis, on_lines
from dashboards.theme import Palette

# Of a bar, in pixels; and of the room of a group, the part between it and the next.
_BAR, _GAP = 22, 0.35
_LABEL_CHARACTERS = 22
# Height of a line of a label, in pixels: a name of three lines needs more than one bar.
_LINE = 18
_AROUND = 56
# Room for the figures at the ends of the bars, in pixels: 100.0%, and 100.0% (8 of 8).
_RIGHT, _RIGHT_SMALL = 64, 116


def breakdown_bars(frame: pd.DataFrame, palette: Palette, *, unit: str, decimals: int) -> go.Figure:
    """Figure with one group of bars a breakdown, in the order of the frame, from zero.

    frame: columns breakdown, line, role, value, numerator, denominator; a NaN value (a symbol in
        the table) draws no bar, and its symbol, [c], where there is a column symbol.
        A percentage of few says on its bar of how many. A column decimals says how a row is printed
        that is printed otherwise than `decimals`.
    """
    figure = go.Figure()
    names = list(dict.fromkeys(frame["breakdown"]))
    for name, rows in frame.groupby("line", sort=False):
        figure.add_trace(_bars(str(name), rows, palette, unit, decimals))
    lines = frame["line"].nunique()
    if "symbol" in frame.columns:
        _symbols(figure, frame, names, palette)
    is_any_small = frame["denominator"].map(formats.is_small).any()
    labels = [on_lines(name, _LABEL_CHARACTERS) for name in names]
    tallest = max((label.count("<br>") + 1 for label in labels), default=1)
    height = _AROUND + len(names) * max(14 + _BAR * max(lines, 1), _LINE * tallest)
    figure.update_layout(
        **canvas(palette, height, (8, _RIGHT_SMALL if is_any_small else _RIGHT, 30, 8)),
        barmode="group",
        bargap=_GAP,
        showlegend=lines > 1,
        legend=LEGEND,
        xaxis={"visible": False, "rangemode": "tozero", "fixedrange": True},
        yaxis=names_axis(names, palette, labels),
    )
    return figure


def _bars(name: str, rows: pd.DataFrame, palette: Palette, unit: str, decimals: int) -> go.Bar:
    role = rows["role"].iloc[0]
    values = [formats.known(value) for value in rows["value"]]
    bases = [
        formats.parts(*pair) for pair in zip(rows["numerator"], rows["denominator"], strict=True)
    ]
    texts = [
        formats.number(value, unit, formats.places(row, decimals))
        for value, row in zip(values, rows.itertuples(), strict=True)
    ]
    labels = [
        "" if value is None else _label(text, base, of)
        for value, text, base, of in zip(values, texts, bases, rows["denominator"], strict=True)
    ]
    return go.Bar(
        x=values,
        y=list(rows["breakdown"]),
        name=name,
        orientation="h",
        marker={
            "color": palette.of(role),
            "pattern": hatch("" if role == "focus" else "/", palette),
        },
        text=labels,
        hovertext=[
            f"{name}, {part}: {text}{f' ({base})' if base else ''}"
            for part, text, base in zip(rows["breakdown"], texts, bases, strict=True)
        ],
        textposition="outside",
        textfont={"color": palette.text},
        cliponaxis=False,
        hoverinfo="text",
    )


def _symbols(figure: go.Figure, frame: pd.DataFrame, names: list[str], palette: Palette) -> None:
    """The symbol of each part without a figure, where its bar would begin."""
    lines = list(dict.fromkeys(frame["line"]))
    missing = frame[frame["value"].isna() & frame["symbol"].notna()]
    for part, line, symbol in missing[["breakdown", "line", "symbol"]].itertuples(
        index=False, name=None
    ):
        middle = lines.index(line) - (len(lines) - 1) / 2
        figure.add_annotation(
            xref="paper",
            x=0,
            xanchor="left",
            xshift=4,
            y=names.index(part) + middle * (1 - _GAP) / len(lines),
            showarrow=False,
            text=f"[{symbol}]",
            font={"color": palette.text, "size": 13},
        )


def _label(figure: str, base: str, denominator: float) -> str:
    return f"{figure} ({base})" if base and formats.is_small(denominator) else figure
