"""What every chart is drawn on, and what charts of lying bars share."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from dashboards.theme import FONT, Palette

CLEAR = "rgba(0,0,0,0)"
# Over the bars, in the order of the traces.
LEGEND = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"}


def canvas(palette: Palette, height: float, margin: tuple[int, int, int, int]) -> dict[str, Any]:
    """The layout that all charts begin with. margin: left, right, top, bottom, in pixels."""
    return {
        "template": "none",
        "height": height,
        "margin": dict(zip("lrtb", margin, strict=True)),
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": 13, "color": palette.text},
        "dragmode": False,
    }


def on_lines(text: str, characters: int) -> str:
    """A text as a chart writes it on lines of at most so many characters."""
    return "<br>".join(wrap(text, characters))


def names_axis(
    names: Sequence[str], palette: Palette, texts: Sequence[str] | None = None
) -> dict[str, Any]:
    """The axis of lying bars, in the order given from the top. texts: the names as printed."""
    return {
        "type": "category",
        "autorange": "reversed",
        "automargin": True,
        "ticklabelstandoff": 6,
        "fixedrange": True,
        "categoryorder": "array",
        "categoryarray": list(names),
        "tickvals": list(names),
        "ticktext": list(texts or names),
        "tickfont": {"color": palette.text},
    }


def hatch(shape: str, palette: Palette, size: int = 6, solidity: float = 0.3) -> dict[str, Any]:
    """The pattern over a bar's colour, so that a print in black and white can be read."""
    return {
        "shape": shape,
        "fillmode": "overlay",
        "fgcolor": palette.background,
        "size": size,
        "solidity": solidity,
    }
