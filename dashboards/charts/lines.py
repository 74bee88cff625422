"""Lines over the years, one an area, labelled at their ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards import formats
from dashboards.charts.axis import Axis
from dashboards.charts.labels import HEIGHT, RIGHT, Label, write_labels
from dashboards.charts.moments import place, span
from dashboards.charts.plane import Mark, heights, mark_all, plane
from dashboards.theme import DASH, OTHER_DASHES, Palette

# Room for the numbers of the vertical axis, in pixels: at least, and for a digit.
_LEFT, _DIGIT = 52, 8
_LABEL_CHARACTERS = 17
# Room above the plane, for the words of one mark at least: charts side by side stay level.
_TOP = 40

# Room under the plane: all of it, what the years take, and what a height of symbols of missing
# figures takes besides.
_FOOT, _YEARS, _MISSING_HEIGHT = 36, 22, 16

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
    level: tuple[str, float] | None = None,
) -> go.Figure:
    """Figure with one line an area.

    frame: columns line (text), role (see theme.Role), period (2025-01 or 2024), period_label,
        value (float, NaN where a symbol stands); one row a line and period. A column decimals
        says how a row is printed that is printed otherwise than `decimals`; a column symbol, what
        stands under the year where there is no value.
    breaks: (first period after the break, words of at most three or four).
    events: (day, month or year, words of at most three): what was then.
    level: words and value of what is promised, drawn across without a marker: nobody measured it.
    A gap in a line is a missing figure or a break; lines are never drawn across one.
    """
    figure = go.Figure()
    years = sorted({_year(period) for period in frame["period"]})
    looks = _looks(frame, palette)
    parted = list(_broken(breaks, years))
    marks = [*parted, *_happened(events, list(frame["period"]))]
    ends = _ends(years, marks)
    labels = list(_labels(frame, unit, decimals, looks))
    if level is not None:
        figure.add_trace(_level(level, ends, palette))
        shown = formats.number(level[1], unit, decimals)
        labels.append(Label(level[1], level[0], shown, "\u2500", palette.region))
    for name, rows in _in_order(frame):
        line = _line(name, rows, years, looks[name], unit, decimals)
        figure.add_trace(_without([mark.x for mark in parted], line))
    write_labels(figure, labels, axis, palette, _LABEL_CHARACTERS)
    foot = _missing(figure, frame, looks, ends, palette)
    top = mark_all(figure, marks, ends, palette)
    figure.update_layout(**_layout(axis, palette, years, unit, ends, (top, foot)))
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


def _level(level: tuple[str, float], ends: tuple[float, float], palette: Palette) -> go.Scatter:
    line = {"color": palette.region, "width": 2, "dash": "longdashdot"}
    return go.Scatter(
        x=list(ends), y=[level[1]] * 2, name=level[0], mode="lines", line=line, hoverinfo="skip"
    )


def _without(places: Sequence[float], line: go.Scatter) -> go.Scatter:
    """The line parted at the places of breaks, as the small line on a card is."""
    texts = line.hovertext or ()
    points = [*zip(line.x, line.y, texts, strict=True), *((at, None, "") for at in places)]
    x, y, text = zip(*sorted(points, key=lambda point: point[0]), strict=True)
    return line.update(x=x, y=y, hovertext=text)


def _missing(
    figure: go.Figure,
    frame: pd.DataFrame,
    looks: Mapping[str, _Look],
    ends: tuple[float, float],
    palette: Palette,
) -> int:
    """The symbol of each missing figure, under its year; one for years in a row.

    They stand below the plane, under the years' own words: on it they would be read as figures.
    Returns the room under the plane that years and symbols need, in pixels.
    """
    if "symbol" not in frame.columns:
        return _FOOT
    marks = list(_runs(frame, looks if frame["line"].nunique() > 1 else {}))
    found = heights(marks, ends)
    for told, height in zip(marks, found, strict=True):
        figure.add_annotation(
            x=told.x,
            yref="paper",
            y=0,
            yanchor="top",
            yshift=-(_YEARS + _MISSING_HEIGHT * height),
            showarrow=False,
            text=told.words,
            font={"color": palette.text, "size": 12},
        )
    return _FOOT + _MISSING_HEIGHT * (max(found) + 1) if found else _FOOT


def _runs(frame: pd.DataFrame, looks: Mapping[str, _Look]) -> Iterator[Mark]:
    """One mark for years in a row that lack the same: its symbol, and the signs of its lines.

    looks: of several lines; empty where one line needs no sign.
    """
    missing = frame[frame["value"].isna() & frame["symbol"].notna()]
    lacks: dict[int, str] = {}
    for period, rows in missing.groupby("period"):
        parts = [
            f"{''.join(looks[line].sign for line in same['line'] if line in looks)} [{symbol}]"
            for symbol, same in rows.groupby("symbol")
        ]
        lacks[_year(str(period))] = " ".join(part.strip() for part in parts)
    run: list[int] = []
    for year in sorted(lacks):
        if run and (year != run[-1] + 1 or lacks[year] != lacks[run[-1]]):
            yield Mark((run[0] + run[-1]) / 2, lacks[run[0]])
            run = []
        run.append(year)
    if run:
        yield Mark((run[0] + run[-1]) / 2, lacks[run[0]])


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
    room: tuple[int, int],
) -> dict[str, Any]:
    """The plane as high as ever. room: above it and under it, in pixels."""
    top, foot = room
    ticks: dict[float, str] = {year: str(year) for year in _ticks(years)}
    margin = {"l": _left(axis), "r": RIGHT, "t": max(top, _TOP), "b": foot}
    height = HEIGHT + foot - _FOOT
    return plane(axis, palette, unit, ends, ticks) | {"margin": margin, "height": height}
