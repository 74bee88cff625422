"""Signal or noise in words: what the newest month says, and whether the plan's level can be met.

A sign is never a colour and never a grade. It speaks of the newest month against the months before
it, and of nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboards.formats import plural
from dashboards.words.titles import first_fit

Sign = Literal["improvement", "concern", "neither", ""]

# So many months give limits at all, and so many give limits that stay.
LEAST_MONTHS = 8
FIRM_MONTHS = 13

SHORT = {
    "improvement": "Better, beyond chance",
    "concern": "Worse, beyond chance",
    "neither": "Changed, beyond chance",
    "common_cause": "Within the usual range",
}
RULES = {
    "outside_limits": "it lies outside the usual range",
    "trend": "it is one of seven months that all went the same way",
    "two_of_three": "two of three months lie near the edge of the usual range, on one side",
    "run": "seven months in a row lie on one side of the average",
}

KEY = {
    "improvement": "Diamonds: months better than chance explains.",
    "concern": "Squares: months worse than chance explains.",
    "neither": "Triangles: months that differ by more than chance explains.",
}


@dataclass(frozen=True)
class Signal:
    """What one series of months says. Texts are ready to print; empty for none.

    Attributes:
        standing: as in the release: limits, trial_limits, too_few_points and so on.
        months: in the stretch that the newest month belongs to.
        side: which way the newest month points, 1 up, -1 down, 0 for neither.
        level: what the plan asks for.
    """

    subject: str
    standing: str
    months: int
    latest_label: str
    latest: str
    average: str = ""
    lower: str = ""
    upper: str = ""
    variation: str = ""
    rule: str = ""
    side: int = 0
    assurance: str = ""
    level: str = ""
    is_uneven: bool = False

    @property
    def has_limits(self) -> bool:
        """Whether there is a usual range to judge by."""
        return self.standing in ("limits", "trial_limits")


def point_sign(rule: str | None, side: int, polarity: str) -> Sign:
    """What one month says: improvement, concern or neither; empty where chance explains it."""
    if not isinstance(rule, str) or not rule:
        return ""
    if polarity not in ("high_is_good", "low_is_good"):
        return "neither"
    return "improvement" if (side > 0) == (polarity == "high_is_good") else "concern"


def title(signal: Signal) -> str:
    """The finding of a control chart, ten words at most."""
    endings = {
        "improvement": "better than chance explains",
        "concern": "worse than chance explains",
        "neither": f"{'higher' if signal.side > 0 else 'lower'} than chance explains",
        "common_cause": "within its usual range",
    }
    ending = endings.get(signal.variation, signal.latest_label) if signal.has_limits else ""
    return first_fit(
        f"{signal.subject}: {signal.latest}, {ending or signal.latest_label}",
        f"{signal.subject}: {ending or signal.latest}",
        f"{signal.latest} in {signal.latest_label}",
    )


def sentences(signal: Signal) -> list[str]:
    """What the newest month says, why, and whether the plan's level can be relied on."""
    said = [_newest(signal), _range(signal), _assurance(signal)]
    if signal.is_uneven and signal.has_limits:
        said.append(
            "Some months count more than three times as many as others: the range is too narrow "
            "for small months and too wide for large ones."
        )
    return [text for text in said if text]


def _newest(signal: Signal) -> str:
    start = f"{signal.latest_label}: {signal.latest}."
    if not signal.has_limits:
        return f"{start} {_why_not(signal)}"
    if signal.variation not in ("improvement", "concern", "neither"):
        return f"{start} This is within what chance alone explains: no sign of a change."
    kinds = {"improvement": "for the better", "concern": "for the worse", "neither": ""}
    kind = f" {kinds[signal.variation]}" if kinds[signal.variation] else ""
    why = f": {RULES[signal.rule]}" if signal.rule in RULES else ""
    return f"{start} This is a change{kind} beyond what chance explains{why}."


def _why_not(signal: Signal) -> str:
    held = plural(signal.months, "month")
    why = {
        "no_variation": "Every month has the same figure, so there is no range to judge by.",
        "small_denominators": "Most months count fewer than 20, so one child more or less would "
        "look like a change: no range is drawn.",
        "missing_periods": "A month is missing, so no range is drawn across the gap.",
    }
    few = f"There are {held}; it takes {LEAST_MONTHS} to tell a change from chance."
    return why.get(signal.standing, few)


def _range(signal: Signal) -> str:
    if not signal.has_limits:
        return ""
    if signal.variation in KEY:
        return (
            f"The range drawn, {signal.lower} to {signal.upper} around an average of "
            f"{signal.average}, rests on {signal.months} months, this change among them: it is "
            "what chance would explain had nothing changed, and not what to expect from now on."
        )
    text = (
        f"The usual range, {signal.lower} to {signal.upper} around an average of "
        f"{signal.average}, is where months fall by chance alone."
    )
    if signal.standing == "trial_limits":
        text += f" It is a trial range: {signal.months} months, and it settles at {FIRM_MONTHS}."
    return text


def _assurance(signal: Signal) -> str:
    """Whether the level can be relied on; where the newest month left the range, what that means.

    The range rests on all months, so after a change it speaks of the months before it.
    """
    words = {
        "consistently_passes": "can be relied on: the whole usual range is on the right side of it",
        "consistently_fails": "cannot be expected: the whole usual range is on the wrong side "
        "of it",
        "hit_and_miss": "will be met in some months and missed in others by chance alone",
    }
    meant = words.get(signal.assurance)
    if not signal.level or not meant:
        return ""
    if signal.variation in KEY:
        return f"So it cannot say yet whether the plan's level of {signal.level} will hold."
    return f"If nothing changes, the plan's level of {signal.level} {meant}."
