"""Maps of a council's districts: equal tiles, or the boundaries that the council supplies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.canvas import canvas, on_lines
from dashboards.charts.shades import ink, mixed, step_of
from dashboards.theme import Palette

Point = tuple[float, float]
Ring = tuple[Point, ...]

# How much of the colour each class has, from the lowest; a class more than there are ends.
SHARES = (0.1, 0.3, 0.55, 1.0)
_ROW = 112
_TALLEST = 520
_GAP_X, _GAP_Y = 0.012, 0.03
_NAME_CHARACTERS = 14


def tile_shapes(places: Mapping[str, tuple[int, int]]) -> dict[str, tuple[Ring, ...]]:
    """A tile for each district. places: name -> row from the north, column from the west."""
    shapes: dict[str, tuple[Ring, ...]] = {}
    for name, (row, column) in places.items():
        left, right = column - 1 + _GAP_X, column - _GAP_X
        low, high = -row + _GAP_Y, -row + 1 - _GAP_Y
        corners = ((left, low), (right, low), (right, high), (left, high), (left, low))
        shapes[name] = (corners,)
    return shapes


def flat_shapes(lands: Mapping[str, Sequence[Ring]]) -> dict[str, tuple[Ring, ...]]:
    """Boundaries in longitude and latitude, laid flat: further north a degree is less wide."""
    heights = [y for rings in lands.values() for ring in rings for _, y in ring]
    squeeze = math.cos(math.radians((min(heights) + max(heights)) / 2)) if heights else 1.0
    return {
        name: tuple(tuple((x * squeeze, y) for x, y in ring) for ring in rings)
        for name, rings in lands.items()
    }


def district_map(
    frame: pd.DataFrame,
    shapes: Mapping[str, Sequence[Ring]],
    ends: Sequence[float],
    palette: Palette,
    *,
    unit: str,
    decimals: int,
    is_to_scale: bool = False,
) -> go.Figure:
    """Figure with one shape a district, its name and its figure printed on it.

    frame: columns breakdown (the district's name), value (NaN where a symbol stands), symbol.
    ends: the inner ends of the classes (see shades.steps), at most three; a fixed scale.
    is_to_scale: the shapes are boundaries, and one unit is as long in both directions.
    A district without a value is hatched and has its symbol: it takes no class's shade.
    """
    figure = go.Figure()
    cells = {row.breakdown: row for row in frame.itertuples(index=False)}
    for name, rings in shapes.items():
        cell = cells.get(name)
        value = getattr(cell, "value", None)
        text = formats.number(value, unit, decimals, getattr(cell, "symbol", None) or "x")
        fill = _fill(value, ends, palette)
        figure.add_trace(_shape(name, rings, fill, text, palette))
        _label(figure, name, rings, text, fill, palette, is_boxed=is_to_scale)
    figure.update_layout(**_layout(shapes, palette, is_to_scale=is_to_scale))
    return figure


def _fill(value: float | None, ends: Sequence[float], palette: Palette) -> str | None:
    """The shade of a value's class; None where there is no value."""
    if value is None or not formats.is_number(value):
        return None
    return mixed(palette.focus, palette.background, SHARES[step_of(float(value), ends)])


def _shape(
    name: str, rings: Sequence[Ring], fill: str | None, text: str, palette: Palette
) -> go.Scatter:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in rings:
        xs += [*(x for x, _ in ring), None]
        ys += [*(y for _, y in ring), None]
    hatch = {"shape": "/", "fgcolor": palette.marker, "bgcolor": palette.background, "size": 9}
    hatch |= {"solidity": 0.15}
    return go.Scatter(
        x=xs,
        y=ys,
        name=name,
        mode="lines",
        line={"color": palette.marker, "width": 1.5, "shape": "linear"},
        fill="toself",
        fillcolor=fill or palette.background,
        fillpattern=hatch if fill is None else None,
        hoveron="fills",
        hoverinfo="text",
        text=f"{name}: {text}",
    )


def _label(
    figure: go.Figure,
    name: str,
    rings: Sequence[Ring],
    text: str,
    fill: str | None,
    palette: Palette,
    *,
    is_boxed: bool,
) -> None:
    """Name and figure in the middle; on hatching or a boundary in a box, so that it can be read."""
    x, y = _middle(rings)
    has_box = is_boxed or fill is None
    figure.add_annotation(
        x=x,
        y=y,
        showarrow=False,
        text=f"{on_lines(name, _NAME_CHARACTERS)}<br><b>{text}</b>",
        font={"color": palette.text if has_box or not fill else ink(fill), "size": 13},
        bgcolor=palette.background if has_box else None,
    )


def _middle(rings: Sequence[Ring]) -> Point:
    """The middle of the largest ring's frame."""
    frames = []
    for ring in rings:
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        area = (max(xs) - min(xs)) * (max(ys) - min(ys))
        frames.append((area, (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2))
    _, x, y = max(frames)
    return x, y


def _layout(
    shapes: Mapping[str, Sequence[Ring]], palette: Palette, *, is_to_scale: bool
) -> dict[str, object]:
    ys = [y for rings in shapes.values() for ring in rings for _, y in ring]
    rows = math.ceil(max(ys) - min(ys)) if ys else 1
    hidden: dict[str, object] = {"visible": False, "fixedrange": True}
    return {
        **canvas(palette, _TALLEST if is_to_scale else min(_ROW * rows, _TALLEST), (2, 2, 2, 2)),
        "showlegend": False,
        "xaxis": hidden,
        "yaxis": hidden | ({"scaleanchor": "x"} if is_to_scale else {}),
    }
