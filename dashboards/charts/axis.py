"""The vertical axis: fixed for a measure from all its data, and honest about being cut."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

# A nice step is one of these times a power of ten.
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 5
# What an axis is set from, as the note says it.
_DRAWN = "chosen for the figures drawn, so it differs from chart to chart"
_USUAL = "set from the 2nd to the 98th percentile of all authorities' figures over all years"
# One figure spans nothing, so its axis holds zero.
_ALONE = "set from the only figure there is"
_WHOLE = (
    "set from the lowest and highest figure of any area over all years, because a figure drawn "
    "lies outside the usual range of authorities"
)


@dataclass(frozen=True)
class Spread:
    """What all values of one measure and topic span, over every area and period.

    Attributes:
        low, high: smallest and largest value of any area.
        usual_low, usual_high: 2nd and 98th percentile over the authorities alone.
    """

    low: float
    high: float
    usual_low: float
    usual_high: float


@dataclass(frozen=True)
class Axis:
    """Ends of an axis in the measure's unit, its step, and a clause on what its ends rest on."""

    low: float
    high: float
    step: float
    basis: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether the axis leaves out zero."""
        return self.low > 0

    def words(self, unit: str) -> str:
        """A sentence for the note under the chart."""
        before, after = "£" if unit == "pounds" else "", "%" if unit == "percent" else ""
        low, high = (f"{before}{end:,.10g}{after}" for end in (self.low, self.high))
        ends = f"from {low} to {high}"
        cut = " It does not start at zero." if self.is_cut else ""
        basis = f", {self.basis}" if self.basis else ""
        return f"The vertical axis runs {ends}{basis}.{cut}"


# Of a share month by month or week by week: no other authority's is held to set an axis from.
SHARE_AXIS = Axis(0.0, 100.0, 20.0, basis="all that a share can be")


def fixed_axis(spread: Spread, shown: list[float], unit: str) -> Axis:
    """The axis of a rate: the usual span of all authorities, or the whole span.

    Two widths only, so that charts of one measure can be laid side by side: the usual one, and
    the whole one when a value shown lies outside the usual.
    """
    inside = all(spread.usual_low <= value <= spread.usual_high for value in shown)
    low, high = (spread.usual_low, spread.usual_high) if inside else (spread.low, spread.high)
    low, high = min([low, *shown]), max([high, *shown])
    if low == high:
        return replace(_nice(min(low, 0.0), max(high, 0.0) if high else 1.0, unit), basis=_ALONE)
    return replace(_nice(low, high, unit), basis=_USUAL if inside else _WHOLE)


def zero_axis(shown: list[float]) -> Axis:
    """An axis from zero, or below it, to the largest figure drawn: for counts and changes."""
    return replace(_nice(min([*shown, 0.0]), max([*shown, 1.0]), "count"), basis=_DRAWN)


def _nice(low: float, high: float, unit: str) -> Axis:
    width = max(high - low, 1.0 if unit != "score" else 0.01)
    raw = width / _TICKS
    scale = 10.0 ** math.floor(math.log10(raw))
    step = next(scale * part for part in _STEPS if scale * part >= raw * 0.999)
    bottom = math.floor(low / step) * step
    top = math.ceil(high / step) * step
    if unit == "percent":
        top = min(top, 100.0) if high <= 100 else top
    return Axis(bottom, max(top, bottom + step), step)
