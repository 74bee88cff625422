"""Titles that state the finding, ten words at most, true for any data; and the alt text."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards import formats

MOST_WORDS = 10


@dataclass(frozen=True)
class Point:
    """What a title may speak of: one area's latest figure beside the year before and a comparator.

    Attributes:
        short_title: of the measure, in sentence case.
        value: latest value, None where there is none.
        change: since the period before; None where there is none or a break lies between.
        comparator: name as it stands in a sentence ("England", "the neighbour mean").
        comparator_value: for the same period and on the same basis, otherwise None.
    """

    short_title: str
    unit: str
    decimals: int
    period_label: str
    value: float | None
    change: float | None = None
    comparator: str = ""
    comparator_value: float | None = None


def line_title(point: Point) -> str:
    """The finding of a line chart: where the measure stands, where it went, how it compares."""
    if point.value is None:
        return _first_fit(
            f"No {_lower(point.short_title)} figure for {point.period_label}",
            f"No figure for {point.period_label}",
        )
    start = f"{point.short_title}{_verb(point)} {_value(point)}"
    return _first_fit(
        f"{start}, {_gap(point, with_size=True)}" if _gap(point, with_size=True) else start,
        f"{start}, {_gap(point, with_size=False)}" if _gap(point, with_size=False) else start,
        start,
        f"Latest figure{_verb(point)} {_value(point)}",
    )


def largest_title(topic: str, largest: str, value: str) -> str:
    """The finding of a bar chart of parts: which part has the highest figure."""
    return _first_fit(
        f"Highest: {largest}, {value}",
        f"Highest {_lower(topic)} figure is {value}",
        f"Highest figure is {value}",
    )


def pair_title(first: str, second: str, gaps: list[float], unit: str, decimals: int) -> str:
    """The finding of like-for-like pairs: does the gap between two areas widen or narrow."""
    if not gaps:
        return "No period has both figures"
    last = _size(gaps[-1], unit, decimals)
    if gaps[-1] == 0:
        return _first_fit(f"{first} and {second} are level, like for like", "Both areas are level")
    side = "below" if gaps[-1] < 0 else "above"
    return _first_fit(
        f"{first} is {last} {side} {second}, like for like",
        f"{first} is {last} {side} {second}",
        f"Latest gap is {last}",
    )


def alt_text(title: str, subtitle: str, lines: list[str]) -> str:
    """What a listener needs in place of the picture: finding, subject, and the last figures."""
    ends = f" Latest figures: {'; '.join(lines)}." if lines else ""
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
    gap = round(point.value - point.comparator_value, point.decimals)
    if gap == 0:
        return f"level with {point.comparator}"
    side = "above" if gap > 0 else "below"
    if not with_size:
        return f"{side} {point.comparator}"
    return f"{_size(gap, point.unit, point.decimals)} {side} {point.comparator}"


def _size(gap: float, unit: str, decimals: int) -> str:
    """10.4 points, 1 point; a bare number in any other unit."""
    text = f"{abs(gap):,.{decimals}f}"
    if unit != "percent":
        return text
    return f"{text} {'point' if abs(gap) == 1 else 'points'}"


def _lower(title: str) -> str:
    """The title inside a sentence; a word in capitals, such as SEN, stays as it is."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _first_fit(*candidates: str) -> str:
    """The first candidate of ten words or fewer; the last is short by construction."""
    for text in candidates:
        if len(text.split()) <= MOST_WORDS:
            return text[:1].upper() + text[1:]
    return " ".join(candidates[-1].split()[:MOST_WORDS])
