"""The flow of referrals from left to right: bands as wide as what they carry, labelled directly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboards.charts.canvas import canvas
from dashboards.charts.shades import tint
from dashboards.theme import FONT, Palette, Role

HEIGHT = 440
# Light enough for the names that lie on it.
_BAND = 0.25
# Between two places of a column, and the least room of one, as shares of the height.
_GAP = 0.08
_LEAST = 0.02
# The bands that start in one place share its colour; every place is named, so colour only repeats.
_START_ROLES: tuple[Role, ...] = ("focus", "region", "neighbours")


@dataclass(frozen=True)
class Band:
    """What goes from one place to another."""

    start: str
    end: str
    count: int


def flow_bands(
    columns: Sequence[Sequence[str]], bands: Sequence[Band], palette: Palette, words: dict[str, str]
) -> go.Figure:
    """Figure of bands between places that stand in columns.

    columns: names of places from left to right, each once, top to bottom; a place without a band
        is left out. words: what each place is called.
    """
    used = {name for band in bands for name in (band.start, band.end)}
    held = [kept for column in columns if (kept := [name for name in column if name in used])]
    places = [name for column in held for name in column]
    order = {name: place for place, name in enumerate(places)}
    sizes = {name: _size(name, bands) for name in places}
    colours = _colours(held[0] if held else [], palette)
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [f"{words.get(name, name)}<br>{sizes[name]:,}" for name in places],
                "x": [
                    _across(column, len(held)) for column, names in enumerate(held) for _ in names
                ],
                "y": _down(held, sizes),
                "color": [colours.get(name, palette.marker) for name in places],
                "pad": 18,
                "thickness": 14,
                "line": {"width": 0},
                "customdata": [f"{words.get(name, name)}: {sizes[name]:,}" for name in places],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
            link={
                "source": [order[band.start] for band in bands],
                "target": [order[band.end] for band in bands],
                "value": [band.count for band in bands],
                "color": [tint(colours.get(band.start, palette.other), _BAND) for band in bands],
                "customdata": [
                    f"{words.get(band.start, band.start)} to {words.get(band.end, band.end)}: "
                    f"{band.count:,}"
                    for band in bands
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
            textfont={"family": FONT, "size": 12, "color": palette.text, "shadow": "none"},
        )
    )
    figure.update_layout(**canvas(palette, HEIGHT, (8, 8, 16, 24)))
    return figure


def _size(name: str, bands: Sequence[Band]) -> int:
    """What a place holds: all that comes in, or at the start all that goes out."""
    comes = sum(band.count for band in bands if band.end == name)
    return comes or sum(band.count for band in bands if band.start == name)


def _across(column: int, count: int) -> float:
    """Where a column stands: the later ones closer, since the last names stand to their left.

    Plotly takes 0 for no place given, so that both ends keep off the edge.
    """
    share = column / max(count - 1, 1)
    return 0.001 + 0.998 * (share - 0.12 * share * (1 - share) * 2)


def _down(columns: Sequence[Sequence[str]], sizes: dict[str, int]) -> list[float]:
    """The middle of each place, those of one column one under another down to the foot."""
    whole = max((sum(sizes[name] for name in names) for names in columns), default=1) or 1
    most = max((len(names) for names in columns), default=1)
    room = 1 - _GAP * (most - 1)
    found = []
    for names in columns:
        shares = [max(sizes[name] / whole * room, _LEAST) for name in names]
        top = max(1 - sum(shares) - _GAP * (len(names) - 1), 0)
        for share in shares:
            found.append(min(top + share / 2, 0.99))
            top += share + _GAP
    return found


def _colours(starts: Sequence[str], palette: Palette) -> dict[str, str]:
    return {
        name: palette.of(role)
        for name, role in zip(starts, _START_ROLES * len(starts), strict=False)
    }
