"""The forecast of the backlog in words: dates as ranges, chances, its record, and its limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.formats import day, plural
from dashboards.words import milestone
from dashboards.words.milestone import percent

ORDERS = {"oldest_first": "Oldest first", "newest_first": "Newest first"}
ORDER_WORDS = {
    "oldest_first": "The longest waiting are finished first.",
    "newest_first": "New cases are finished before they become overdue, and old ones with what "
    "is left.",
}
NOT_CLAIMED = (
    "It does not say which child is served, or when.",
    "It knows the weeks of the past year and no others: a strike, a campaign, or people who join "
    "and must learn first are not in it.",
    "More staff and fewer hours a case may be the same action: if both are entered, it is counted "
    "twice.",
    "Cases with a lawful exception, in mediation or at a tribunal are left out throughout.",
)
LOWERS = (
    "Clearing old cases can lower this rate for as long as it lasts, although the service gets "
    "better."
)
NOT_TESTED = (
    "This rate follows from the simulated queue. Do not rely on its range: no record is kept of "
    "how it did on earlier days in this order of work."
)
# A smaller share of runs is not worth a sentence.
_LEAST_SHARE = 0.005
# An 80% range that held less of what came is too narrow, and one that held more too wide; in whole
# per cent, as in pipelines/analysis/scoring.py.
HELD_LEAST, HELD_MOST = 75, 85
# From this chance on, nothing more is asked for.
_SURE = 0.8


@dataclass(frozen=True)
class Clearance:
    """One answer of the simulation: dates are None where the weeks simulated do not reach them.

    Attributes:
        goal: overdue cases that count as cleared. chance: of being there on goal_date.
        dates: of the tenth, the half and nine tenths of the runs.
        never: share of runs that do not get there. back: that get there and lose it again.
    """

    title: str
    order: str
    start: date
    overdue: int
    goal: int
    dates: tuple[date | None, date | None, date | None]
    never: float
    back: float
    weeks: int
    arrivals: float
    completions: float
    goal_date: date | None = None
    chance: float | None = None
    needed: float | None = None

    @property
    def is_there(self) -> bool:
        """Whether the goal is met on the day the forecast starts."""
        return self.overdue <= self.goal


def goal_words(goal: int) -> str:
    """What counts as cleared: 'no overdue case', '10 overdue cases or fewer'."""
    return "no overdue case" if goal == 0 else f"{plural(goal, 'overdue case')} or fewer"


def clearance_title(told: Clearance) -> str:
    """The finding of the fan chart, ten words at most."""
    first, middle, last = told.dates
    if told.is_there:
        return "Overdue cases are at the goal already"
    if middle is not None and middle == last:
        return f"Nine runs in ten: goal reached by {day(middle)}"
    if middle is not None:
        return f"Half the runs reach the goal by {day(middle)}"
    if first is not None:
        return "Fewer than half the runs reach the goal"
    return "Fewer than one run in ten reaches the goal"


def band_words(lows: Iterable[float], highs: Iterable[float]) -> str:
    """What the fan draws, by the ends of its band; one without width shows no shade."""
    line = "The line: as many runs lie above as below."
    if all(round(low) == round(high) for low, high in zip(lows, highs, strict=True)):
        return line
    return f"Shaded: eight runs in ten end each week within it. {line}"


def drawn_words(until: date, drawn: int, weeks: int) -> str:
    """How far the fan is drawn, of so many weeks simulated; nothing where it is drawn whole."""
    if drawn >= weeks:
        return ""
    return f"Drawn up to {day(until)}; the table goes on to the end of the {weeks} weeks simulated."


def left_out_words(since: date) -> str:
    """That what was observed before a day is not drawn."""
    return f"Counts before {day(since)} are left out: not all of them fit this axis."


def clearance_sentences(told: Clearance) -> list[str]:
    """When the backlog clears, how sure that is, and what it would take."""
    said = [_start(told), _when(told), _sure(told), _chance(told), _flow(told)]
    return [text for text in said if text]


def _start(told: Clearance) -> str:
    cases = plural(told.overdue, "case was", "cases were")
    there = " That is at the goal already." if told.is_there else ""
    return f"On {day(told.start)}, {cases} overdue. The goal is {goal_words(told.goal)}.{there}"


def _when(told: Clearance) -> str:
    if told.is_there:
        return ""
    first, middle, last = (day(found) if found else "" for found in told.dates)
    if not first:
        return f"Fewer than one run in ten gets there within {told.weeks} weeks."
    if not middle:
        return (
            f"One run in ten gets there by {first}; more than half do not within "
            f"{told.weeks} weeks."
        )
    if first == last:
        return f"Nine runs in ten get there by {first}."
    end = f"nine in ten by {last}" if last else f"fewer than nine in ten within {told.weeks} weeks"
    if first == middle:
        return f"Half the runs get there by {first}, {end}."
    return f"One run in ten gets there by {first}, half by {middle}, {end}."


def _sure(told: Clearance) -> str:
    parts = []
    if told.never >= _LEAST_SHARE and not told.is_there:
        parts.append(f"in {percent(told.never)} of the runs the goal is not reached at all")
    if told.back >= _LEAST_SHARE:
        parts.append(f"in {percent(told.back)} it is reached and lost again")
    text = ", and ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _chance(told: Clearance) -> str:
    if told.chance is None or told.goal_date is None:
        return ""
    is_sure = told.chance >= _SURE
    asked = (
        f" To be 80% sure, {told.needed:,.1f} cases a week must be finished up to then."
        if told.needed is not None and not is_sure
        else ""
    )
    when = day(told.goal_date)
    return (
        f"The chance of {goal_words(told.goal)} on {when}, the plan's date, is "
        f"{percent(told.chance)}.{asked}"
    )


def _flow(told: Clearance) -> str:
    """Whether the queue can shrink at all."""
    ends = f"{told.arrivals:,.1f} cases join the queue a week and {told.completions:,.1f} leave it"
    if round(told.arrivals, 1) == round(told.completions, 1):
        return f"{ends}: it stays as long as it is."
    grows = told.arrivals > told.completions
    return f"{ends}: it {'grows' if grows else 'shrinks'} in the long run."


def record_title(held_pct: float | None, count: int) -> str:
    """The finding of the track record, ten words at most."""
    if held_pct is None or not count:
        return "No earlier forecast can be checked yet"
    return f"The range held {held_pct:.0f}% of {count:,} past values"


def record_sentence(held_pct: float | None, naive: float | None) -> str:
    """How good the same forecast was on earlier days, against the promise of its range."""
    if held_pct is None:
        return "The range may be too narrow: nothing tests it yet."
    kept = "about what an 80% range promises"
    if round(held_pct) < HELD_LEAST:
        kept = "less than the 80% that it promises: it is too narrow"
    elif round(held_pct) > HELD_MOST:
        kept = "more than the 80% that it promises: it is wider than it need be"
    text = f"The same method, run on earlier days, held {held_pct:.0f}% of what came, {kept}."
    if naive is not None:
        better = "smaller" if naive < 1 else "no smaller"
        text += f" Its misses were {better} than those of saying that nothing changes."
    return text


def doubt(held_pct: float | None) -> str:
    """What must stand beside a range that the past does not bear out; nothing for a sound one."""
    if held_pct is None:
        return "Do not rely on this range: no earlier return or extract tests it."
    if HELD_LEAST <= round(held_pct) <= HELD_MOST:
        return ""
    return (
        f"Do not rely on this range of eight runs in ten: on earlier days, with this order of "
        f"work, it held {held_pct:.0f}% of what came."
    )


def miss(error: float | None) -> str:
    """Forecast less actual on average: '12 too high', '3 too low', 'none'."""
    if error is None:
        return ""
    size = round(abs(error))
    if size == 0:
        return "none"
    return f"{size:,} too {'high' if error > 0 else 'low'}"


def rate_title(first: float | None, last: float | None, order: str) -> str:
    """The finding of the on-time fan, ten words at most. first, last: middles of its ends."""
    start = ORDERS.get(order, "")
    if first is None or last is None:
        return f"{start}: no on-time rate can be told"
    if round(first) == round(last):
        return f"{start}: on-time rate stays near {last:.0f}%"
    verb = "rises" if last > first else "falls"
    return f"{start}: on-time rate {verb} from {first:.0f}% to {last:.0f}%"


def rate_record(record: Mapping[str, Any] | None) -> str:
    """How the simulated on-time rate did on earlier days, beside the measure's own months.

    record: a row of queries.backlog.chances; None where the release holds none.
    """
    if record is None or record["coverage_pct"] is None:
        return NOT_TESTED
    held, miss, own = (
        record[name] for name in ("coverage_pct", "mean_absolute_error", "own_months_error")
    )
    sound = HELD_LEAST <= round(held) <= HELD_MOST
    beside = "" if own is None else f"; the forecast of the measure's own months by {own:.0f}"
    doubtful = "" if sound else " Do not rely on this range of eight runs in ten."
    return (
        f"Made on earlier days in this order of work, "
        f"{plural(int(record['origin_count']), 'forecast')} of this rate can be checked: the range "
        f"held {held:.0f}% of what came, and the middle missed by {miss:.0f} percentage points on "
        f"average{beside}.{doubtful}"
    )


def rate_doubt(record: str, middle: float | None, row: Mapping[str, Any] | None) -> str:
    """The record of the simulated on-time rate, and a milestone whose forecast contradicts it.

    row: a milestone as queries.plan gives it; middle: the simulated rate at its date.
    """
    if row is None or middle is None:
        return record
    return (
        f"{record} It disagrees with the forecast of the measure itself: that gives the "
        f"plan's milestone, {milestone.inside(row)}, a chance of {percent(float(row['chance']))}, "
        f"while the simulated middle is {middle:.0f}% at that date."
    )


def late_sentence(
    issued: float | None,
    late: float | None,
    period: str,
    *,
    is_cleared: bool,
    leaves_out: str,
) -> str:
    """How many of the plans issued were past 20 weeks already, and what clearing them does.

    is_cleared: more were issued late than the year before, while fewer cases became overdue.
    leaves_out: which cases the measure does not count.
    """
    if issued is None or late is None or issued <= 0:
        return ""
    of = f"Of the {plural(round(issued), 'plan')} issued in {period} without {leaves_out}"
    if round(late) == 0:
        return f"{of}, none was already past 20 weeks."
    many = "was" if round(late) == 1 else "were"
    start = f"{of}, {round(late):,} {many} already past 20 weeks"
    if is_cleared:
        return (
            f"{start}, more than the year before, while the queue of overdue cases got shorter. "
            "Clearing such cases lowers the on-time rate while the service improves."
        )
    return f"{start}. Clearing such cases can lower the on-time rate while the service improves."


def what_if_words(changes: Sequence[str], start: int = 0) -> str:
    """What was changed, as a sentence; nothing changed is the forecast as it stands.

    start: whole weeks until the changes begin.
    """
    if not changes:
        return "Nothing is changed: this is the forecast for a year like the last."
    when = f"after {plural(start, 'week')}" if start else "from now on"
    return f"Changed {when}: {'; '.join(changes)}."
