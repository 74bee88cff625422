"""Titles that state the finding, ten words at most, true for any data; and the alt text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboards import formats
from dashboards.formats import lower_first

MOST_WORDS = 10


@dataclass(frozen=True)
class Point:
    """What a title may speak of: one area's latest figure beside the year before and a comparator.

    Attributes:
        short_title: of the measure, a noun phrase; empty where the breakdown says it all.
        breakdown: part of the measure, as the publisher writes it; empty for the whole.
        is_name: whether that part is a school or a place, which keeps its capital in a sentence.
        value: latest value, None where there is none.
        change: since the period before; None where there is none or a break lies between.
        comparator: name as it stands in a sentence ("England", "the neighbour mean").
        comparator_value: for the same period and on the same basis, otherwise None.
        counted: the value from the counts as printed, before it was rounded; None without them.
    """

    short_title: str
    unit: str
    decimals: int
    period_label: str
    value: float | None
    change: float | None = None
    comparator: str = ""
    comparator_value: float | None = None
    breakdown: str = ""
    is_name: bool = False
    counted: float | None = None


@dataclass(frozen=True)
class Pair:
    """Two areas at their latest common period.

    Attributes:
        subject: what is measured, short.
        basis: 'since January 2018' or 'change', for growth; empty for the figure itself.
        unit: of own and other, not of the measure: a growth rate is a percentage of a count.
        own, other: None where no period has both.
    """

    first: str
    second: str
    subject: str
    basis: str
    unit: str
    decimals: int
    own: float | None
    other: float | None


def line_title(point: Point) -> str:
    """The finding of a line chart: where the measure stands, where it went, how it compares."""
    subjects = _subjects(point)
    if point.value is None:
        return first_fit(
            *[f"{subject}: no figure for {point.period_label}" for subject in subjects],
            f"No figure for {point.period_label}",
        )
    gaps = [_gap(point, with_size=True), _gap(point, with_size=False), ""]
    return first_fit(
        *[
            f"{subject}{_verb(point)} {_value(point)}{f', {gap}' if gap else ''}"
            for subject in subjects
            for gap in gaps
        ],
        *[f"{subject}: {_value(point)}" for subject in subjects],
        f"{_value(point)} in {point.period_label}",
    )


def _subjects(point: Point) -> list[str]:
    """What the title may speak of, fullest first: measure and part, part, end of a long part."""
    if not point.breakdown:
        return [point.short_title]
    part = point.breakdown if point.is_name else lower_first(point.breakdown)
    whole = f"{point.short_title} ({part})" if point.short_title else ""
    end = point.breakdown.rpartition(" - ")[2]
    return [subject for subject in (whole, point.breakdown, end) if subject]


def largest_title(topic: str, largest: str, value: str) -> str:
    """The finding of a bar chart of parts: which part has the highest figure."""
    return first_fit(
        f"Highest: {largest}, {value}",
        f"Highest {lower_first(topic)} figure is {value}",
        f"Highest figure is {value}",
    )


def neutral_title(short_title: str, topic: str, period_label: str) -> str:
    """The title of a bar chart that has no finding: what it shows, and when.

    topic: empty where the measure's own title names it.
    """
    subject = f"{short_title} by {lower_first(topic)}" if topic else short_title
    return first_fit(f"{subject}, {period_label}", subject, f"Figures for {period_label}")


def pair_title(pair: Pair) -> str:
    """The finding of a like-for-like pair: what is compared, and where both areas stand last.

    A gap says it for a measure's own figures. A change, or a multiple of an earlier figure, is
    given for both areas: a gap between two growth rates would pass for one between two shares.
    """
    if pair.own is None or pair.other is None:
        return "No period has both figures"
    if pair.basis:
        ends = ", ".join(
            f"{name} {formats.number(value, pair.unit, pair.decimals)}"
            for name, value in ((pair.first, pair.own), (pair.second, pair.other))
        )
        kind = "times an earlier figure" if pair.unit == "times" else "change"
        since = f"{pair.subject} {pair.basis}"
        return first_fit(f"{since}: {ends}", f"{pair.subject}, {kind}: {ends}", f"{kind}: {ends}")
    gap = half_up(pair.own - pair.other, pair.decimals)
    is_share = pair.unit == "percent"
    size = (_size if is_share else formats.amount)(gap, pair.unit, pair.decimals)
    side = f"{size} {'below' if gap < 0 else 'above'}" if gap else "level with"
    return first_fit(
        f"{pair.subject}: {pair.first} {side} {pair.second}",
        f"{pair.subject}: {side} {pair.second}",
        f"{pair.first} {side} {pair.second}",
        f"Latest gap is {size}",
    )


def alt_text(title: str, subtitle: str, lines: list[str], period_label: str = "") -> str:
    """What a listener needs in place of the picture: finding, subject, and the last figures.

    period_label: of the figures, where some line has a newer one.
    """
    head = f"Figures for {period_label}" if period_label else "Latest figures"
    ends = f" {head}: {'; '.join(lines)}." if lines else ""
    return f"{title}. {subtitle}.{ends} The same figures are in the table."


def _verb(point: Point) -> str:
    """In the past tense, which fits one thing and many."""
    if point.change is None:
        return ":"
    change = round(point.change, point.decimals)
    if change == 0:
        return " stayed at"
    return " rose to" if change > 0 else " fell to"


def _value(point: Point) -> str:
    return formats.number(point.value, point.unit, point.decimals)


def _gap(point: Point, *, with_size: bool) -> str:
    if point.comparator_value is None or point.value is None:
        return ""
    value = point.value if point.counted is None else point.counted
    gap = half_up(value - point.comparator_value, point.decimals)
    if gap == 0:
        return f"level with {point.comparator}"
    side = "above" if gap > 0 else "below"
    if not with_size:
        return f"{side} {point.comparator}"
    return f"{_size(gap, point.unit, point.decimals)} {side} {point.comparator}"


def half_up(gap: float, decimals: int) -> float:
    """A gap to so many decimals, half away from nought, as a reader rounds it."""
    scale = 10**decimals
    # What a sum of binary numbers lacks of a half is no more than this.
    return math.copysign(math.floor(abs(gap) * scale + 0.5 + 1e-9) / scale, gap)


def _size(gap: float, unit: str, decimals: int) -> str:
    """10.4 points, 1 point; a bare number in any other unit."""
    text = f"{abs(gap):,.{decimals}f}"
    if unit != "percent":
        return text
    return f"{text} {'point' if abs(gap) == 1 else 'points'}"


def first_fit(*candidates: str) -> str:
    """The first candidate of ten words or fewer; of the last, as many where none is short."""
    for text in candidates:
        if len(text.split()) <= MOST_WORDS:
            return text[:1].upper() + text[1:]
    return " ".join(candidates[-1].split()[:MOST_WORDS])
