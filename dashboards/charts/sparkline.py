"""The small line on a card: an SVG text, because eight interactive charts would slow the page."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence

from dashboards.theme import Palette

WIDTH, HEIGHT, _EDGE = 220, 44, 6


def sparkline(
    values: Sequence[float | None], palette: Palette, breaks: Collection[int] = ()
) -> str:
    """SVG of one line, the latest figure as a dot; None leaves a gap. Its axis is its own span.

    values: one a consecutive period, oldest first.
    breaks: places in values before which the line is parted, because the series changes there.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    points = [
        _point(place, value, len(values), min(known), max(known))
        for place, value in enumerate(values)
    ]
    strokes = "".join(_stroke(run, palette) for run in _runs(points, breaks))
    x, y = next(point for point in reversed(points) if point)
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{palette.focus}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{strokes}{dot}</svg>'
    )


def data_uri(svg: str) -> str:
    """The SVG as the source of an image; nothing is fetched."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _point(
    place: int, value: float | None, count: int, low: float, high: float
) -> tuple[float, float] | None:
    if value is None:
        return None
    x = _EDGE + (WIDTH - 2 * _EDGE) * (place / (count - 1) if count > 1 else 0.5)
    share = (value - low) / (high - low) if high > low else 0.5
    return x, HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * share


def _runs(
    points: Sequence[tuple[float, float] | None], breaks: Collection[int]
) -> list[list[tuple[float, float]]]:
    """Points parted at the gaps and before the breaks."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, point in enumerate(points):
        if point is None or place in breaks:
            runs.append([])
        if point is not None:
            runs[-1].append(point)
    return [run for run in runs if run]


def _stroke(run: list[tuple[float, float]], palette: Palette) -> str:
    if len(run) == 1:
        x, y = run[0]
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{palette.focus}"/>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return (
        f'<polyline points="{path}" fill="none" stroke="{palette.focus}" stroke-width="2.5" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )
