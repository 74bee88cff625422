"""The sentence at the top of the first page. Every word of it follows from the readings given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboards import formats

Direction = Literal["better", "worse", "flat"]

# Below this a yearly change is called little changed: in the measure's unit, and for counts as a
# share of the earlier value.
LITTLE: dict[str, float] = {"percent": 0.5, "weeks": 0.5, "per_1000": 0.5, "score": 0.1}
LITTLE_COUNT_SHARE = 0.01


@dataclass(frozen=True)
class Reading:
    """The latest figure of one measure for one area.

    Attributes:
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


def position(name: str, readings: Sequence[Reading]) -> str:
    """One sentence on where an authority stands.

    readings: the measures of the first page, in any order; those without a wanted direction do
    not count. Nothing is weighed: the sentence counts measures and names them.
    """
    wanted = [reading for reading in readings if reading.polarity != "none"]
    judged = [reading for reading in wanted if direction(reading)]
    if not wanted:
        return f"None of the measures shown for {name} has a direction that counts as better."
    if not judged:
        return (
            f"No direction can be stated for {name}: none of the {len(wanted)} measures that have "
            "one can be compared with the year before."
        )
    body = f"{_opening(name, judged)}: {_counts(judged)}"
    return f"{body}{_england(wanted)}{_unknown(len(wanted) - len(judged))}."


def _little(reading: Reading) -> float:
    if reading.unit != "count":
        return LITTLE.get(reading.unit, 0.0)
    earlier = (reading.value or 0) - (reading.change or 0)
    return abs(earlier) * LITTLE_COUNT_SHARE


def _opening(name: str, judged: Sequence[Reading]) -> str:
    seen = {direction(reading) for reading in judged}
    if seen == {"better"}:
        return f"{name} is improving"
    if seen == {"worse"}:
        return f"{name} is getting worse"
    if seen == {"flat"}:
        return f"{name} has changed little"
    if "worse" not in seen:
        return f"{name} is improving or holding steady"
    if "better" not in seen:
        return f"{name} is holding steady or getting worse"
    return f"The picture for {name} is mixed"


def _counts(judged: Sequence[Reading]) -> str:
    total = len(judged)
    texts: list[str] = []
    verbs = {"better": "got better", "worse": "got worse", "flat": "changed little"}
    for kind, verb in verbs.items():
        names = [reading.title for reading in judged if direction(reading) == kind]
        if names:
            noun = " measures" if not texts and total > 1 else ""
            texts.append(f"{len(names)} of {total}{noun} {verb} ({'; '.join(names)})")
    return "in the latest year, " + formats.listed(texts)


def _england(wanted: Sequence[Reading]) -> str:
    known = [side for side in map(beside_england, wanted) if side]
    if not known:
        return ""
    words = {"better": "better on", "worse": "worse on", "flat": "level on"}
    sides = [f"{text} {known.count(side)}" for side, text in words.items() if side in known]
    return f"; beside England it is {formats.listed(sides)} of {len(known)}"


def _unknown(count: int) -> str:
    if count == 0:
        return ""
    return f"; {formats.plural(count, 'measure')} cannot be compared with the year before"
