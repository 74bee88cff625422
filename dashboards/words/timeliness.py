"""The first sentences of Timeliness and backlog: true for any figures, and for any missing one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dashboards import formats
from dashboards.measure import OWN
from dashboards.words.sources import is_extract, is_return

NOTHING = "This release holds no figure of open cases and none of plans issued on time for {name}."
OVERDUE_MEANS = (
    "Overdue means open for more than 20 weeks (140 days) since the request, without a lawful "
    "exception, mediation or tribunal."
)

# Length of a period that names a month, and half a year in months.
_MONTH = 7
_HALF_A_YEAR = 6
# As date.weekday counts.
_THURSDAY = 3


@dataclass(frozen=True)
class Queue:
    """Open cases on a day or in a month.

    Attributes:
        when: 'On 31 January 2026, by the newest extract', or as `when_counted` says.
        before: overdue cases a year earlier; None where that cannot be told. since: its label.
        period: '2026-01', the month that it stands for.
    """

    when: str
    open_cases: float | None
    overdue: float | None
    before: float | None = None
    since: str = ""
    period: str = ""


@dataclass(frozen=True)
class Rate:
    """Plans issued within 20 weeks in a year, as printed; texts are empty for none.

    Attributes:
        late, late_before: plans that were past 20 weeks when issued, that year and the one before.
    """

    year: str
    value: float
    text: str
    change: float | None = None
    change_text: str = ""
    england: str = ""
    late: float | None = None
    late_before: float | None = None

    def is_same_year(self, queue: Queue) -> bool:
        """Whether the queue's year ends within half a year of the end of the rate's."""
        if len(queue.period) < _MONTH or not self.year.isdigit():
            return False
        months = 12 * (int(queue.period[:4]) - int(self.year) - 1) + int(queue.period[5:7]) - 1
        return abs(months) <= _HALF_A_YEAR


def cleared(queue: Queue | None, rate: Rate | None) -> bool:
    """Whether old cases were cleared: more plans were issued late, and fewer cases are overdue."""
    if queue is None or rate is None or not rate.is_same_year(queue):
        return False
    if queue.overdue is None or queue.before is None:
        return False
    if rate.late is None or rate.late_before is None:
        return False
    return rate.late > rate.late_before and queue.overdue < queue.before


def lead(name: str, queue: Queue | None, rate: Rate | None) -> list[str]:
    """Where the queue and the rate stand, and what it means if they seem to disagree."""
    said = [_queue(queue), _rate(rate), _together(queue, rate)]
    return [text for text in said if text] or [NOTHING.format(name=name)]


def when_counted(period: str, edition: str) -> str:
    """'On 15 January 2026, as counted for the annual return', or 'In December 2025'.

    A later extract of the same January counts its last day, and may say otherwise. edition: of the
    file that the month's count comes from.
    """
    day = return_day(period, edition)
    return f"On {day}, as counted for the annual return" if day else f"In {formats.month(period)}"


def return_day(period: str, edition: str) -> str:
    """'15 January 2026' where a count of January comes from the annual return; otherwise empty."""
    if not period.endswith("-01") or is_extract(edition):
        return ""
    return formats.day(census_day(int(period[:4])))


def counted_day(period: str, source: object, edition: object) -> str:
    """The day of a figure that the council's own yearly return counts; empty for any other."""
    is_counted = source == OWN and is_return(str(edition))
    return return_day(period, str(edition)) if is_counted else ""


def census_day(year: int) -> date:
    """The day that the SEN2 return counts: the third Thursday of January."""
    first = date(year, 1, 1)
    return first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 14)


def _queue(queue: Queue | None) -> str:
    if queue is None or queue.open_cases is None:
        return ""
    many = formats.plural(round(queue.open_cases), "case was", "cases were")
    start = f"{queue.when}, {many} open"
    if queue.overdue is None:
        return f"{start}."
    overdue = round(queue.overdue)
    part = "none was overdue" if overdue == 0 else f"{overdue:,} of them overdue"
    if queue.before is None:
        return f"{start} and {part}."
    gap = overdue - round(queue.before)
    if gap == 0:
        return f"{start} and {part}, as many as in {queue.since}."
    side = "more" if gap > 0 else "fewer"
    return f"{start} and {part}, {abs(gap):,} {side} overdue than in {queue.since}."


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return ""
    beside = f" (England: {rate.england})" if rate.england else ""
    start = f"Of the plans issued in {rate.year}, {rate.text} came within 20 weeks{beside}"
    return f"{start}. {rate.change_text}." if rate.change_text else f"{start}."


def _together(queue: Queue | None, rate: Rate | None) -> str:
    """Said only where one got better and the other worse over the same year; why, where known."""
    if queue is None or rate is None or queue.before is None or not rate.change:
        return ""
    if queue.overdue is None or not rate.is_same_year(queue):
        return ""
    gap = queue.overdue - queue.before
    if gap < 0 and rate.change < 0:
        return _both_fell(queue, rate)
    if gap > 0 and rate.change > 0:
        return (
            "Both rose together: the rate does not count the children who still wait, and more "
            "of them are overdue."
        )
    return ""


def _both_fell(queue: Queue, rate: Rate) -> str:
    if not cleared(queue, rate):
        return (
            "Both fell. Clearing old cases can lower the rate, because their plans are late when "
            "they are issued; but no rise in late plans shows here that would explain it."
        )
    more = round((rate.late or 0) - (rate.late_before or 0))
    return (
        f"Both fell together for a reason: {more:,} more plans were already late when they were "
        "issued than in the year before, as happens when old cases are finished. Clearing the "
        "queue lowered the rate."
    )


def stage_title(past: int, every: int) -> str:
    """The finding of the chart of stages, ten words at most."""
    if every == 0:
        return "No case is open"
    verb = "is" if past == 1 else "are"
    return f"{past:,} of {formats.plural(every, 'open case')} {verb} past the next deadline"


def band_title(overdue: int | None, every: int | None) -> str:
    """The finding of the chart of ages, ten words at most."""
    if every is None:
        return "Open cases by age"
    if overdue is None:
        return f"{formats.plural(every, 'case is', 'cases are')} open"
    verb = "is" if overdue == 1 else "are"
    return f"{overdue:,} of {formats.plural(every, 'open case')} {verb} overdue"


def lawful_words(count: int) -> str:
    """Cases past 20 weeks that are not overdue, which are told apart; nothing for none."""
    if count <= 0:
        return ""
    many = formats.plural(count, "case is", "cases are")
    return (
        f"{many} past 20 weeks and not overdue: the law allows longer with an exception, and "
        "while there is mediation or a tribunal."
    )


def january_words(month: str, of_return: tuple[str, int], of_extract: tuple[str, int]) -> str:
    """That a month is read from its return, and what a newer extract of the same month says.

    of_return, of_extract: the day that is counted, and the overdue cases on it.
    """
    (day, told), (later, now) = of_return, of_extract
    many = [formats.plural(count, "overdue case", "overdue cases") for count in (told, now)]
    counted = f" on {day}" if day else ""
    return (
        f"Two counts of {month}: the January return, which the chart shows, has "
        f"{many[0]}{counted}. The newest extract has {many[1]} on {later}."
    )
