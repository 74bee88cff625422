"""The delivery plan in sentences: how its milestones stand, counted and never weighed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import formats
from dashboards.words import milestone
from dashboards.words.flow import KIND_NAMES
from dashboards.words.timeliness import counted_day

_NUMBER = re.compile(r"^\d{3}: ")
# Counts over the twelve months up to a day, which their period names.
_OVER_TWELVE_MONTHS = frozenset({"early_support_children_12_months"})
# What may be said of each status inside a sentence, one and many.
_PHRASES = {
    "met": "met",
    "missed": "missed",
    "at_risk": "at risk",
    "not_yet_due": "not yet due",
    "awaited": "awaiting a figure",
    "not_measured": "not measured",
}


def standing(counts: Mapping[str, int]) -> str:
    """How many milestones are met, missed, at risk and so on, in one sentence.

    counts: of milestones by status, as they stand after all moves.
    """
    total = sum(counts.values())
    if total == 0:
        return "The delivery plan has no milestone yet."
    held = [(name, counts.get(name, 0)) for name in milestone.STATUSES if counts.get(name)]
    if total == 1:
        return f"The delivery plan's one milestone is {_PHRASES[held[0][0]]}."
    if len(held) == 1:
        every = "both" if total == 2 else f"all {total}"
        return f"Of the delivery plan's {total} milestones, {every} are {_PHRASES[held[0][0]]}."
    first, *rest = held
    verb = "is" if first[1] == 1 else "are"
    parts = [f"{first[1]} {verb} {_PHRASES[first[0]]}"]
    parts += [f"{count} {_PHRASES[name]}" for name, count in rest]
    return f"Of the delivery plan's {total} milestones, {formats.listed(parts)}."


def document(text: Any) -> str:
    """A document as a reader knows it, without the number that the register gives it."""
    return _NUMBER.sub("", text) if isinstance(text, str) else ""


def moves(count: int, total: int) -> str:
    """How many milestones were moved, so that nobody need look for it."""
    if total == 0:
        return ""
    if count == 0:
        return "No milestone has been moved."
    verb = "has" if count == 1 else "have"
    return f"{formats.plural(count, 'milestone')} {verb} been moved."


def assumption(is_ours: Any, why: Any = "") -> str:
    """The mark of what no document says; empty where one does."""
    if not formats.is_number(is_ours) or not is_ours:
        return ""
    reason = why if isinstance(why, str) and why else ""
    return f"Our assumption{f': {reason}' if reason else ''}"


def newest(row: Mapping[str, Any]) -> str:
    """'23.0% in 2025', '4 on 15 January 2026', or that nothing is held."""
    if not formats.is_number(row.get("newest_value")):
        return "No figure held"
    return f"{milestone.printed(row, 'newest_value')} {when(row)}"


def when(row: Mapping[str, Any]) -> str:
    """Of which time the newest figure is: 'in 2025', or the day that the council's return counts.

    row: an action or a milestone as queries.plan gives it.
    """
    label = row["newest_value_period_label"]
    if row.get("kpi") in _OVER_TWELVE_MONTHS:
        return f"in the 12 months to {label}"
    source, edition = row.get("newest_value_source"), row.get("newest_value_vintage")
    day = counted_day(str(row.get("newest_value_period")), source, edition)
    return f"on {day}" if day else f"in {label}"


def measure_name(row: Mapping[str, Any]) -> str:
    """The measure of a row of the plan, with the part of it that is meant.

    An action's own measure is named after it, so that nothing is added.
    """
    title, topic = str(row["measure_title"]), row.get("breakdown_topic") or "All"
    if topic in ("All", "Plan action"):
        return title
    part = str(row["breakdown"])
    return f"{title}: {KIND_NAMES.get(part, part)}"


def target(row: Mapping[str, Any]) -> str:
    """'95%', or 'the figure of England'; empty where the plan names none."""
    if row.get("target_area_name"):
        return f"the figure of {row['target_area_name']}"
    return milestone.figure(row.get("target_value"), row.get("unit"), row.get("decimals"))


def baseline(row: Mapping[str, Any]) -> str:
    """Where the measure stood, in the plan's own words, with the period it speaks of."""
    says = row.get("baseline_text")
    if not isinstance(says, str) or not says:
        return ""
    period = row.get("baseline_period")
    is_dated = isinstance(period, str) and period
    return f"{says} ({milestone.period_words(str(period))})" if is_dated else says


def ours(actions: Sequence[Mapping[str, Any]]) -> str:
    """How much of the plan rests on our reading and on no document; empty where nothing does.

    actions: rows of queries.plan.actions; an action with several measures counts once.
    """
    by_action = {row["plan_action"]: row for row in actions}
    owners = sum(bool(row["is_owner_assumption"]) for row in by_action.values())
    if not owners:
        return ""
    every = len(by_action)
    some = f"all {every} actions" if owners == every else f"{owners} of the {every} actions"
    which = "the one action" if every == 1 else some
    return (
        f"No document names the owner of {which}. What no document says is marked as our "
        "assumption, and waits for the council to confirm or correct it."
    )
