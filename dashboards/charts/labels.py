"""Direct labels beside the plane of a chart, spread so that none lies over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboards.charts.axis import Axis
from dashboards.charts.canvas import on_lines
from dashboards.theme import Palette

# Of a chart with labels beside its plane, and their room there, in pixels.
HEIGHT = 400
RIGHT = 124
_CHARACTERS = 16
_LINE_HEIGHT = 16
_GAP = 6


@dataclass(frozen=True)
class Label:
    """A direct label: what it stands beside, its words, its figure in bold, a mark before it.

    when: the period of the figure, where it is not the newest drawn.
    """

    value: float
    words: str
    figure: str = ""
    sign: str = ""
    colour: str = ""
    when: str = ""

    def text(self, characters: int) -> str:
        """The label as the chart writes it, on lines of at most so many characters."""
        mark = f'<span style="color:{self.colour}">{self.sign}</span> ' if self.sign else ""
        figure = f"<br><b>{self.figure}</b>" if self.figure else ""
        return mark + on_lines(self.words, characters) + figure + self.when


def write_labels(
    figure: go.Figure,
    labels: Sequence[Label],
    axis: Axis,
    palette: Palette,
    characters: int = _CHARACTERS,
) -> None:
    """Put the labels beside the plane, none over another."""
    texts = [label.text(characters) for label in labels]
    lines = [text.count("<br>") + 1 for text in texts]
    inside = [min(max(label.value, axis.low), axis.high) for label in labels]
    for text, place in zip(texts, spread_labels(inside, lines, axis), strict=True):
        figure.add_annotation(
            xref="paper",
            x=1.0,
            xanchor="left",
            xshift=8,
            y=place,
            yanchor="middle",
            showarrow=False,
            align="left",
            text=text,
            font={"color": palette.text, "size": 12},
        )


def spread_labels(
    values: Sequence[float], lines: Sequence[int], axis: Axis, height: int = HEIGHT - 70
) -> list[float]:
    """Middles of labels, in axis units and in the order given, so that no two overlap.

    values: what each label stands beside; labels keep the order of their values.
    lines: lines of text in each label. height: of the plot in pixels.
    """
    unit = (axis.high - axis.low) / height
    halves = [(count * _LINE_HEIGHT + _GAP) / 2 * unit for count in lines]
    order = sorted(range(len(values)), key=lambda item: values[item])
    places = [0.0] * len(values)
    floor = axis.low - _GAP * unit
    for item in order:
        places[item] = max(values[item], floor + halves[item])
        floor = places[item] + halves[item]
    ceiling = axis.high + _GAP * unit
    for item in reversed(order):
        places[item] = min(places[item], ceiling - halves[item])
        ceiling = places[item] - halves[item]
    return places
