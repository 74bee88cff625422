"""The sentences at the top of the first page. Every word follows from the readings given.

They say what was counted and what moved. None of them speaks of a trend: one year's change is no
more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboards import formats

Direction = Literal["better", "worse", "flat"]

# Below this a yearly change is called little changed: in the measure's unit, and for counts as a
# share of the earlier value.
LITTLE: dict[str, float] = {
    "percent": 0.5,
    "points": 0.5,
    "weeks": 0.5,
    "per_1000": 0.5,
    "score": 0.1,
}
LITTLE_COUNT_SHARE = 0.01


@dataclass(frozen=True)
class Plans:
    """How many plans an authority maintained at its newest January.

    Attributes:
        change: since the January before; None where the two cannot be compared.
    """

    value: float
    change: float | None
    period_label: str


@dataclass(frozen=True)
class Reading:
    """The latest figure of one measure for one area.

    Attributes:
        title: as it stands inside a sentence.
        value: latest value, None where a symbol stands.
        change: value minus that of the period just before; None where the two cannot be compared.
        england: England's value for the same period, None where there is none.
        polarity: high_is_good, low_is_good or none.
    """

    title: str
    unit: str
    polarity: str
    value: float | None
    change: float | None
    england: float | None


def direction(reading: Reading) -> Direction | None:
    """Better, worse or flat; None where no direction is wanted or none can be told."""
    if reading.polarity == "none" or reading.value is None or reading.change is None:
        return None
    if abs(reading.change) < _little(reading):
        return "flat"
    is_up_good = reading.polarity == "high_is_good"
    return "better" if (reading.change > 0) == is_up_good else "worse"


def beside_england(reading: Reading) -> Direction | None:
    """Better or worse than England in the same period, or level; None where it cannot be told."""
    known = reading.value is not None and reading.england is not None
    if reading.polarity == "none" or reading.unit == "count" or not known:
        return None
    gap = (reading.value or 0) - (reading.england or 0)
    if abs(gap) < _little(reading):
        return "flat"
    return "better" if (gap > 0) == (reading.polarity == "high_is_good") else "worse"


def position(name: str, plans: Plans | None, readings: Sequence[Reading]) -> list[str]:
    """Two or three sentences on where an authority stands: the latest year, demand, England.

    plans: None where the release holds no number of plans; nothing is said of them then.
    readings: the measures of the first page, in any order; those without a wanted direction do
    not count. Nothing is weighed: the sentences count measures and name them.
    """
    wanted = [reading for reading in readings if reading.polarity != "none"]
    said = (_year(name, wanted), _demand(name, plans), _england(wanted))
    return [text for text in said if text]


def _little(reading: Reading) -> float:
    if reading.unit != "count":
        return LITTLE.get(reading.unit, 0.0)
    earlier = (reading.value or 0) - (reading.change or 0)
    return abs(earlier) * LITTLE_COUNT_SHARE


def _demand(name: str, plans: Plans | None) -> str:
    """How many plans, and how many more than a year before."""
    if plans is None:
        return ""
    start = f"{name} maintained {formats.plural(round(plans.value), 'plan')}"
    start = f"{start} in {plans.period_label}"
    if plans.change is None:
        return f"{start}."
    change = round(plans.change)
    if change == 0:
        return f"{start}, as many as a year before."
    return f"{start}, {abs(change):,} {'more' if change > 0 else 'fewer'} than a year before."


def _year(name: str, wanted: Sequence[Reading]) -> str:
    """How many measures got better, worse, or neither, in the latest year."""
    judged = [reading for reading in wanted if direction(reading)]
    if not wanted:
        return f"None of the measures shown for {name} has a direction that counts as better."
    if not judged:
        measures = formats.plural(len(wanted), "measure")
        return (
            f"No change can be stated: of the {measures} of {name} that can get better or worse, "
            "none can be compared with the year before."
        )
    return f"In the latest year, {_counts(judged)}{_unknown(len(wanted) - len(judged))}."


def _counts(judged: Sequence[Reading]) -> str:
    """'2 of the 4 measures that can be compared got better (a; b) and 2 got worse (c; d)'."""
    total = len(judged)
    verbs = {"better": "got better", "worse": "got worse", "flat": "changed little"}
    parts: list[str] = []
    for kind, verb in verbs.items():
        names = [reading.title for reading in judged if direction(reading) == kind]
        if names:
            subject = f"{len(names)}" if parts else _subject(len(names), total)
            parts.append(f"{subject} {verb} ({'; '.join(names)})")
    return formats.listed(parts)


def _subject(count: int, total: int) -> str:
    if total == 1:
        return "the one measure that can be compared"
    start = f"all {total}" if count == total else f"{count} of the {total}"
    return f"{start} measures that can be compared"


def _unknown(count: int) -> str:
    return f"; {count} more cannot be compared" if count else ""


def _england(wanted: Sequence[Reading]) -> str:
    """'Compared with England, it is better on a; worse on b.' Names: a count hides which."""
    words = {"better": "better on", "worse": "worse on", "flat": "about level on"}
    parts: list[str] = []
    for kind, text in words.items():
        names = [reading.title for reading in wanted if beside_england(reading) == kind]
        if names:
            parts.append(f"{text} {formats.listed(names)}")
    return f"Compared with England, it is {'; '.join(parts)}." if parts else ""
