"""Lines over the years, one an area, labelled at their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.axis import Axis
from dashboards.charts.labels import RIGHT, Label, write_labels
from dashboards.charts.moments import place, span
from dashboards.charts.plane import Mark, mark_all, plane
from dashboards.theme import DASH, OTHER_DASHES, Palette

# Room for the numbers of the vertical axis, in pixels: at least, and for a digit.
_LEFT, _DIGIT = 52, 8
_LABEL_CHARACTERS = 17
# Room above the plane, for the words of one mark at least: charts side by side stay level.
_TOP = 40

# Each line has a marker of its own, which its label repeats: the line's name without its colour.
_SYMBOLS = (
    ("circle", "\u25cf"),
    ("square", "\u25a0"),
    ("diamond", "\u25c6"),
    ("triangle-up", "\u25b2"),
    ("triangle-down", "\u25bc"),
    ("star", "\u2605"),
    ("x", "\u2716"),
)


@dataclass(frozen=True)
class _Look:
    """How one line is known: colour, pattern, marker, and the marker as a sign in its label."""

    colour: str
    dash: str
    marker: str
    sign: str


def comparison_lines(
    frame: pd.DataFrame,
    axis: Axis,
    palette: Palette,
    *,
    unit: str,
    decimals: int,
    breaks: Sequence[tuple[str, str]] = (),
    events: Sequence[tuple[str, str]] = (),
) -> go.Figure:
    """Figure with one line an area.

    frame: columns line (text), role (see theme.Role), period (2025-01 or 2024), period_label,
        value (float, NaN where a symbol stands); one row a line and period. A column decimals
        says how a row is printed that is printed otherwise than `decimals`.
    breaks: (first period after the break, words of at most three or four).
    events: (day, month or year, words of at most three): what was then.
    A gap in a line is a missing figure; lines are never drawn across one.
    """
    figure = go.Figure()
    years = sorted({_year(period) for period in frame["period"]})
    looks = _looks(frame, palette)
    for name, rows in _in_order(frame):
        figure.add_trace(_line(name, rows, years, looks[name], unit, decimals))
    labels = list(_labels(frame, unit, decimals, looks))
    write_labels(figure, labels, axis, palette, _LABEL_CHARACTERS)
    marks = [*_broken(breaks, years), *_happened(events, list(frame["period"]))]
    ends = _ends(years, marks)
    top = mark_all(figure, marks, ends, palette)
    figure.update_layout(**_layout(axis, palette, years, unit, ends, top))
    return figure


def _looks(frame: pd.DataFrame, palette: Palette) -> dict[str, _Look]:
    """The look of each line by its name; further areas differ by pattern and marker."""
    patterns = cycle(OTHER_DASHES)
    lines = frame.drop_duplicates("line")[["line", "role"]]
    return {
        name: _Look(palette.of(role), next(patterns) if role == "other" else DASH[role], *symbol)
        for (name, role), symbol in zip(
            lines.itertuples(index=False, name=None), cycle(_SYMBOLS), strict=False
        )
    }


def _year(period: str) -> int:
    return int(str(period)[:4])


def _in_order(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Lines as first met, the focus last so that it lies on top."""
    groups = [(str(name), rows) for name, rows in frame.groupby("line", sort=False)]
    return sorted(groups, key=lambda group: group[1]["role"].iloc[0] == "focus")


def _line(
    name: str,
    rows: pd.DataFrame,
    years: list[int],
    look: _Look,
    unit: str,
    decimals: int,
) -> go.Scatter:
    values = dict(zip(map(_year, rows["period"]), rows["value"], strict=True))
    labels = dict(zip(map(_year, rows["period"]), rows["period_label"], strict=True))
    places = {_year(str(row.period)): formats.places(row, decimals) for row in rows.itertuples()}
    y = [formats.known(values.get(year)) for year in years]
    text = [
        f"{name}, {labels.get(year, year)}: "
        f"{formats.number(value, unit, places.get(year, decimals))}"
        for year, value in zip(years, y, strict=True)
    ]
    is_focus = rows["role"].iloc[0] == "focus"
    return go.Scatter(
        x=years,
        y=y,
        name=name,
        mode="lines+markers",
        line={"color": look.colour, "width": 4 if is_focus else 2.5, "dash": look.dash},
        marker={"size": 9 if is_focus else 8, "color": look.colour, "symbol": look.marker},
        hovertext=text,
        hoverinfo="text",
        connectgaps=False,
        cliponaxis=False,
    )


def _labels(
    frame: pd.DataFrame, unit: str, decimals: int, looks: dict[str, _Look]
) -> Iterator[Label]:
    """The name of each line and its newest figure, with its year where other lines go on."""
    latest = max((_year(period) for period in frame["period"]), default=0)
    for name, rows in _in_order(frame):
        known = rows[rows["value"].notna()].sort_values("period")
        if not known.empty:
            last, look = known.iloc[-1], looks[name]
            year, value = _year(last["period"]), float(last["value"])
            when = "" if year == latest else f" ({year})"
            shown = formats.number(value, unit, formats.places(last, decimals))
            yield Label(value, name, shown, look.sign, look.colour, when)


def _broken(breaks: Sequence[tuple[str, str]], years: list[int]) -> Iterator[Mark]:
    """A break between the last year before it and the first after it."""
    for period, words in breaks:
        if years and years[0] < _year(period) <= years[-1]:
            yield Mark(_year(period) - 0.5, f"[b] {words}")


def _happened(events: Sequence[tuple[str, str]], periods: list[str]) -> Iterator[Mark]:
    """Events within the periods drawn, where a January stands at its year, and so does a year."""
    first, last = span(periods)
    shift = 0.5 / 12 if any("-" in str(period) for period in periods) else 0.5
    for moment, words in events:
        if first <= place(moment) <= last:
            yield Mark(place(moment) - shift, words)


def _ends(years: list[int], marks: Sequence[Mark]) -> tuple[float, float]:
    """The years with some room at their ends, and more where a mark stands near one."""
    if not years:
        return 0.0, 1.0
    places = [moment.x for moment in marks]
    return min([years[0] - 0.3, *places]), max([years[-1] + 0.3, *places])


def _ticks(years: list[int]) -> list[int]:
    """Years to print, the last always, few enough to stay upright on a phone."""
    step = 1 + len(years) // 5
    return years[::-1][::step][::-1]


def _left(axis: Axis) -> int:
    """Room for the longest number of the vertical axis, in pixels."""
    return max(_LEFT, _DIGIT * len(f"£{axis.high:,.0f}") + 10)


def _layout(
    axis: Axis,
    palette: Palette,
    years: list[int],
    unit: str,
    ends: tuple[float, float],
    top: int,
) -> dict[str, Any]:
    ticks: dict[float, str] = {year: str(year) for year in _ticks(years)}
    margin = {"l": _left(axis), "r": RIGHT, "t": max(top, _TOP), "b": 36}
    return plane(axis, palette, unit, ends, ticks) | {"margin": margin}
