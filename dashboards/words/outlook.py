"""Words for the chart that looks ahead: its finding, and what its range does and does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import formats
from dashboards.words import milestone
from dashboards.words.titles import first_fit

RANGE = (
    "The band is the forecast's range: four in five of the possible values lie in it, one in ten "
    "below and one in ten above. It says what follows if things go on as they have; it is not a "
    "promise."
)
NO_FORECAST = "No forecast is drawn."
_AHEAD = ("at_risk", "not_yet_due")


def title(
    subject: str, unit: str, decimals: int, rows: Sequence[Mapping[str, Any]], ends: Sequence[Any]
) -> str:
    """The finding, ten words at most: how the next milestone stands, else what is likely.

    rows: milestones in the order of their days; ends: last period of the forecast, its low and
    high end; empty without one.
    """
    if rows:
        ahead = [row for row in rows if row["plan_status"] in _AHEAD]
        row = ahead[0] if ahead else rows[-1]
        word = milestone.status(row["plan_status"]).word.lower()
        stand = f"milestone of {str(row['current_due_date'])[:4]} {word}"
        return first_fit(f"{subject}: {stand}", f"{subject}: {word}", stand)
    if len(ends) == 0:
        return first_fit(subject, "Figures so far")
    period, low, high = ends
    numbers = [formats.number(value, unit, decimals) for value in (low, high)]
    likely = f"{numbers[0]} to {numbers[1]} likely by {str(period)[:4]}"
    return first_fit(f"{subject}: {likely}", likely)


def legend(statuses: Sequence[str], is_moved: bool) -> str:
    """What the markers on the chart mean: those that are on it and no other."""
    held = [milestone.STATUSES[name] for name in milestone.STATUSES if name in set(statuses)]
    if not held:
        return ""
    text = "; ".join(f"{status.shape} {status.word.lower()}" for status in held)
    first = " A hollow square is where a milestone stood when it was first promised."
    return f"Milestones, joined by a dotted line: {text}.{first if is_moved else ''}"


def forecast_note(note: Any, why_not: Any) -> str:
    """Which rule the forecast follows, or why there is none."""
    if isinstance(note, str) and note:
        return f"{RANGE} {milestone.in_words(note)}"
    return f"{NO_FORECAST} {milestone.in_words(why_not)}".strip()


# The chart of a milestone whose chance comes from weeks that the public file does not hold.
QUEUE_FOR_OFFICERS = (
    "No range is drawn. The chance rests on the simulated queue of assessments, week by week, "
    "which is for the council's officers."
)

# The same of a forecast of the council's own figures before they are protected; without any from
# the public ones, and beside one that is drawn.
CHANCE_FOR_OFFICERS = (
    "The chance rests on a forecast from figures that are for the council's officers."
)
DRAWN_FOR_ALL = (
    "The chance rests on a forecast from figures that are for the council's officers; what is "
    "drawn is a forecast from the public ones."
)


def queue_note(chance_from: str, scenario_title: str, note: str) -> str:
    """The same for the simulated queue, with what is taken to be done about it."""
    source = milestone.basis(chance_from, "").removeprefix("by ")
    return f"{RANGE} It is {source}. Taken to hold: {scenario_title}. {note}"
