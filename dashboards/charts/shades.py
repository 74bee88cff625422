"""Shades of one colour, and the ink that can be read on a colour: sums on red, green and blue."""

from __future__ import annotations

from collections.abc import Sequence

_BLACK, _WHITE = "#0B0C0C", "#FFFFFF"


def mixed(colour: str, ground: str, share: float) -> str:
    """The colour laid over a ground; share 1 is the colour itself, 0 the ground."""
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(top * share + below * (1 - share)):02X}" for top, below in pairs)


def tint(colour: str, share: float) -> str:
    """The colour as glass: share 1 hides what lies behind, 0 shows it all."""
    red, green, blue = _parts(colour)
    return f"rgba({red},{green},{blue},{share})"


def contrast(first: str, second: str) -> float:
    """The ratio of WCAG 2: 1 for the same colour, 21 for black on white."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink(colour: str) -> str:
    """Black or white, whichever stands out more from a filled shape of this colour."""
    return max((_BLACK, _WHITE), key=lambda text: contrast(text, colour))


def steps(values: Sequence[float], count: int, decimals: int) -> tuple[float, ...]:
    """The inner ends of classes of equal width over all values; none where all are alike."""
    if not values or min(values) == max(values):
        return ()
    low, width = min(values), (max(values) - min(values)) / count
    ends = [round(low + width * place, decimals) for place in range(1, count)]
    return tuple(dict.fromkeys(ends))


def step_of(value: float, ends: Sequence[float]) -> int:
    """Which class a value lies in: 0 is the lowest. A value on an end is in the class above."""
    return sum(value >= end for end in ends)


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    shares = [part / 255 for part in _parts(colour)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
