"""Colours and line styles of the charts, for light and dark. No chart and no Streamlit here.

Colours: Government Analysis Function, colour palette for categorical data; in dark mode, tints of
the same hues that stand out from a dark page, light and middling in turn, because parts that lie
beside each other must stand out from each other as well (3:1), on paper too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["focus", "england", "neighbours", "region", "other"]

FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Palette:
    """The colours of one mode.

    Attributes:
        background: of the page; charts themselves are transparent.
        text: labels on the chart, 4.5:1 or better against the background.
        other: of every further area; 3:1 or better against the background, as every line.
        grid: gridlines, which carry no meaning.
        marker: lines that mark an event or a break, 3:1 against the background.
    """

    focus: str
    england: str
    neighbours: str
    region: str
    other: str
    background: str
    text: str
    grid: str
    marker: str

    def of(self, role: Role) -> str:
        """The colour of a line by what it stands for."""
        colour: str = getattr(self, role)
        return colour


LIGHT = Palette(
    focus="#12436D",
    england="#F46A25",
    neighbours="#801650",
    region="#28A197",
    other="#767676",
    background="#FFFFFF",
    text="#0B0C0C",
    grid="#E5E5E5",
    marker="#595959",
)
DARK = Palette(
    focus="#B3DAF9",
    england="#A96440",
    neighbours="#F9C7E6",
    region="#318179",
    other="#8A8A8A",
    background="#10181F",
    text="#F2F4F5",
    grid="#2C3A46",
    marker="#B4BCC2",
)

# A line is known by its pattern too, so that a print in black and white can be read.
DASH: dict[Role, str] = {
    "focus": "solid",
    "england": "dash",
    "neighbours": "dot",
    "region": "dashdot",
    "other": "longdash",
}
# Further areas share one grey, so each has a pattern of its own: dash and gap in pixels.
OTHER_DASHES = ("longdash", "longdashdot", "2px,7px", "16px,3px,3px,3px,3px,3px", "6px,10px")


def palette(mode: str | None) -> Palette:
    """The palette of 'dark', or the light one for anything else."""
    return DARK if mode == "dark" else LIGHT
