"""Requests for an assessment: when they come in, who asks, what the council decides and when.

Counts bind by year: received, refused, outstanding and withdrawn at the census after it, and
decisions in and over six weeks. Nothing is decided between 1 January and the census, so that a
return of the year and the year itself tell the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.draw import (
    Days,
    Places,
    Texts,
    between,
    census_day,
    day_of,
    days_between,
    flags,
    no_days,
    pick,
    spread,
    working_day,
)
from pipelines.synthetic.margins import Decisions, Margins, Requests, shares

IN_TIME_DAYS = 42
# Weekends are avoided by going back up to two days, so late starts three days beyond the limit.
LATE_FROM_DAYS = 45
LATE_TO_DAYS = 110
LAST_RECEIPT = (12, 21)
MONTH_WEIGHTS = (0.95, 0.95, 1.1, 0.9, 1.05, 1.1, 1.15, 0.45, 0.9, 1.05, 1.15, 0.8)
# Who asks, in the years for which it is not published.
SOURCE_WEIGHTS = {"1": 0.34, "2": 0.5, "3": 0.01, "4": 0.01, "5": 0.01, "": 0.13}
CARRIED_REFUSED_SHARE = 0.85
ASKED_BEFORE_SHARE = 0.65


@dataclass
class Asked:
    """Requests, one place each. Days that are not (yet) known are NaT.

    Attributes:
        received, decided, withdrawn: days.
        decision: 'Y' assess, 'N' refuse, '' not decided.
        source: code of who asked, '' not known.
    """

    received: Days
    decided: Days
    withdrawn: Days
    decision: Texts
    source: Texts

    def __len__(self) -> int:
        return len(self.received)


def joined(parts: list[Asked]) -> Asked:
    """Parts one after the other."""
    return Asked(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("received", "decided", "withdrawn", "decision", "source")
        )
    )


def asked(rng: np.random.Generator, margins: Margins) -> Asked:
    """All requests from the year before the first to the end of the January after the last."""
    years = sorted(margins.years)
    first = years[0]
    waiting = _year_before(rng, margins, first - 1)
    parts = [waiting]
    for year in years:
        wanted = margins.years[year]
        census = census_day(year)
        _carry_over(rng, parts[-1], wanted.requests, wanted.decisions, census)
        part = _received(rng, wanted.requests, year)
        _decide(rng, part, wanted.decisions, parts[-1], year)
        if year == years[-1]:
            part.source = _published_sources(rng, part, margins)
        parts.append(part)
    last = years[-1] + 1
    _close_january(rng, parts[-1], last, census_day(last))
    parts.append(_january(rng, last, margins.years[years[-1]].requests.received // 14))
    return joined(parts)


def _blank(rng: np.random.Generator, received: Days) -> Asked:
    count = len(received)
    return Asked(
        received,
        no_days(count),
        no_days(count),
        np.full(count, "", dtype="U1"),
        spread(rng, SOURCE_WEIGHTS, count).astype("U1"),
    )


def receipts(rng: np.random.Generator, year: int, count: int) -> Days:
    """Working days of a year on which requests come in, in order; few in August."""
    days = np.arange(day_of(year, 1, 4), day_of(year, *LAST_RECEIPT) + 1)
    days = days[working_day(days) == days]
    months = days.astype("datetime64[M]").astype(np.int64) % 12
    weights = np.array(MONTH_WEIGHTS)[months]
    return np.sort(rng.choice(days, size=count, p=weights / weights.sum()))


def _received(rng: np.random.Generator, wanted: Requests, year: int) -> Asked:
    """A year's requests: which are outstanding at the census, which withdrawn, which refused."""
    part = _blank(rng, receipts(rng, year, wanted.received))
    end = day_of(year, 12, 31)
    recent = np.exp(-days_between(np.full(len(part), end), part.received) / 9.0)
    open_ = flags(len(part), pick(rng, np.arange(len(part)), wanted.outstanding, recent))
    early = ~open_ & (part.received < day_of(year, 11, 15))
    gone = pick(rng, early, wanted.withdrawn)
    part.withdrawn[gone] = part.received[gone] + rng.integers(5, 30, len(gone))
    decided = ~open_ & np.isnat(part.withdrawn)
    part.decision[decided] = "Y"
    part.decision[pick(rng, decided, wanted.refused)] = "N"
    return part


def _decide(
    rng: np.random.Generator, part: Asked, wanted: Decisions, before: Asked, year: int
) -> None:
    """Days of decision within the year, so that early and late ones of the year add up."""
    end = day_of(year, 12, 31)
    carried = before.decided[before.decided >= day_of(year, 1, 1)]
    waited = days_between(carried, before.received[before.decided >= day_of(year, 1, 1)])
    late_already = int((waited > IN_TIME_DAYS).sum())
    decided = part.decision != ""
    could_be_late = decided & (part.received + LATE_TO_DAYS <= end)
    late = pick(rng, could_be_late, wanted.over_six_weeks - late_already)
    in_time = np.flatnonzero(decided & ~flags(len(part), late))
    last = np.minimum(part.received[in_time] + IN_TIME_DAYS, end)
    first = np.minimum(part.received[in_time] + 14, last - 5)
    part.decided[in_time] = working_day(last - (between(rng, first, last, 2.5) - first))
    received = part.received[late]
    part.decided[late] = working_day(
        between(rng, received + LATE_FROM_DAYS, received + LATE_TO_DAYS, 1.6)
    )


def _carry_over(
    rng: np.random.Generator,
    before: Asked,
    wanted: Requests,
    decisions: Decisions,
    census: np.datetime64,
) -> None:
    """What was outstanding at the census is decided after it, as many as the year still needs."""
    open_ = (before.decision == "") & np.isnat(before.withdrawn)
    own = wanted.received - wanted.outstanding - wanted.withdrawn
    chosen = pick(rng, open_, decisions.all - own)
    dropped = np.setdiff1d(np.flatnonzero(open_), chosen)
    before.withdrawn[dropped] = census + rng.integers(5, 60, len(dropped))
    _decide_after(rng, before, chosen, census)


def _decide_after(
    rng: np.random.Generator, part: Asked, places: Places, census: np.datetime64
) -> None:
    """In time where six weeks end after the census, late otherwise."""
    received = part.received[places]
    first = np.full(len(places), census + 4)
    is_late = received + IN_TIME_DAYS < first
    last = np.where(is_late, np.maximum(first + 40, received + LATE_TO_DAYS), received + 42)
    chosen = between(rng, np.where(is_late, np.maximum(first, received + 47), first), last, 1.5)
    part.decided[places] = working_day(chosen)
    part.decision[places] = np.where(rng.random(len(places)) < CARRIED_REFUSED_SHARE, "N", "Y")


def _year_before(rng: np.random.Generator, margins: Margins, year: int) -> Asked:
    """The part of the year before the first that still matters: assessed, refused, open."""
    first = margins.years[year + 1]
    outstanding = first.requests.outstanding
    # Of those issued in the first year after more than 20 weeks, most were asked for now.
    late = first.timeliness.middle + first.timeliness.over_year
    agreed = round(ASKED_BEFORE_SHARE * late) + outstanding
    refused = round(1.6 * (first.new_plans.all - first.timeliness.all)) + 2
    wanted = Requests(
        received=agreed + refused + outstanding,
        refused=refused,
        outstanding=outstanding,
        withdrawn=0,
    )
    part = _received(rng, wanted, year)
    slow = round(0.15 * (agreed + refused))
    spans = Decisions(in_six_weeks=agreed + refused - slow, over_six_weeks=slow)
    _decide(rng, part, spans, _blank(rng, no_days(0)), year)
    return part


def _published_sources(rng: np.random.Generator, part: Asked, margins: Margins) -> Texts:
    """Who asked, by what became of the request, as published."""
    states = {
        "refused": part.decision == "N",
        "outstanding": (part.decision == "") & np.isnat(part.withdrawn),
        "withdrawn": ~np.isnat(part.withdrawn),
        "agreed": part.decision == "Y",
    }
    source = part.source.copy()
    for state, members in states.items():
        weights = {code: getattr(kind, state) for code, kind in margins.sources.items()}
        parts = shares(weights, int(members.sum()))
        drawn = np.repeat(np.array(list(parts), dtype="U1"), list(parts.values()))
        places = np.flatnonzero(members)[: len(drawn)]
        source[places] = rng.permutation(drawn)
    return source


def _close_january(rng: np.random.Generator, part: Asked, year: int, census: np.datetime64) -> None:
    """Decisions between the last census and the end of that January."""
    open_ = (part.decision == "") & np.isnat(part.withdrawn)
    due = open_ & (part.received + IN_TIME_DAYS <= day_of(year, 1, 30))
    places = pick(rng, due, round(0.8 * int(due.sum())))
    count = len(places)
    part.decided[places] = working_day(
        between(rng, np.full(count, census + 4), np.full(count, day_of(year, 1, 30)))
    )
    part.decision[places] = np.where(rng.random(count) < CARRIED_REFUSED_SHARE, "N", "Y")


def _january(rng: np.random.Generator, year: int, count: int) -> Asked:
    """Requests of the last January; none is decided yet."""
    days = np.arange(day_of(year, 1, 5), day_of(year, 1, 31))
    days = days[working_day(days) == days]
    return _blank(rng, np.sort(rng.choice(days, size=count)))
