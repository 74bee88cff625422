"""Sentences about how many plans there are, how many are asked for, start and end.

Every word follows from the figures given. A change is said, never explained, and two figures are
held against each other only where they are of one year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards import formats

# What the models are, for a reader; every other forecast follows a simple rule that has a name.
MODELS = {
    "the model": "a model of how all authorities' figures moved in past years",
    "the cohort model": "a model that follows children from one return to the next",
}


@dataclass(frozen=True)
class Told:
    """The newest figure of one count.

    Attributes:
        value: None where a symbol stands.
        change: since the period before; None where the two cannot be compared.
        period_label, since: 'January 2026', and the period before in the same words.
        decimals: with which value and change are printed.
    """

    value: float | None
    change: float | None
    period_label: str
    since: str
    decimals: int = 0


def demand_lead(
    name: str,
    plans: Told | None,
    growth: float | None,
    requests: Told | None,
    started: Told | None,
    ended: Told | None,
    moved_in: Told | None = None,
) -> list[str]:
    """The caseload, the requests, what started and ended, and what of the change is neither.

    moved_in: plans that came with children from other authorities.

    growth: of the plans since the period before in per cent, None where the release has none.
    What the release has no figure of is left out; with none at all the one sentence says so.
    """
    said = [
        _caseload(name, plans, growth),
        _requests(requests),
        _started_and_ended(started, ended),
        _moved_in(started, moved_in),
        _rest(plans, started, ended, moved_in),
    ]
    found = [text for text in said if text]
    return found or [f"This release has no count of plans or requests for {name}."]


def without(name: str, titles: Sequence[str]) -> str:
    """Which measures have no figure; empty for none."""
    return (
        f"This release has no figure for {name} of {formats.listed([*titles])}." if titles else ""
    )


def kept_back(titles: Sequence[str]) -> str:
    """Which measures are counted from the council's own returns and not public; empty for none."""
    if not titles:
        return ""
    text = formats.listed([*titles])
    verb = "is" if len(titles) == 1 else "are"
    return f"{text[:1].upper()}{text[1:]}, from the council's own returns, {verb} for its officers."


def no_forecast(what: str, name: str, why: str, *, is_kept_back: bool) -> str:
    """Why none is drawn. is_kept_back: the council's own returns may give one, to officers."""
    if is_kept_back:
        return (
            f"No forecast of {what} for {name} is public. One from the council's own returns, "
            "where they reach back far enough, is for its officers."
        )
    return f"No forecast of {what} for {name}. {why}".strip()


def change_text(told: Told) -> str:
    """'1,518 more than in January 2025', 'as many as in 2024'; empty without a comparison."""
    if told.change is None:
        return ""
    change = round(told.change)
    if change == 0:
        return f"as many as in {told.since}"
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} than in {told.since}"


def record_sentence(
    rule: str, ahead: str, miss: str, authorities: int, against_no_change: float | None
) -> str:
    """How the rule behind a forecast did on past years, in one sentence.

    ahead: 'one year'. miss: its mean miss with its unit, as printed.
    authorities: how many it was tried on; 1 is the council itself.
    """
    where = "the council's own past" if authorities == 1 else f"{authorities} authorities' past"
    made_by = MODELS.get(rule, f"the rule \u201c{rule}\u201d")
    start = f"The forecast comes from {made_by}. Tried on {where}, it missed by {miss} on average"
    start = f"{start} {ahead} ahead"
    if against_no_change is None or rule == "same as last year":
        return f"{start}."
    return f"{start}: {against_no_change:.0%} of what a forecast of no change missed by."


def parts_title(subject: str, topic: str, top: Sequence[str], value: str, period: str) -> str:
    """The finding of a chart of parts: which is largest, where exactly one is.

    top: the parts with the largest figure. A long name of a part keeps its end.
    """
    neutral = f"{subject} by {formats.lower_first(topic)}, {period}"
    if len(top) != 1:
        return neutral
    names = [top[0], top[0].rpartition(" - ")[2]]
    texts = [f"Largest group: {name}, {value}" for name in names]
    return next((text for text in texts if len(text.split()) <= 10), neutral)


def hidden_words(hidden: int, total: int) -> str:
    """How many parts are hidden in the year shown; empty where none is."""
    if not hidden:
        return ""
    return (
        f"Hidden [c]: {hidden} of {formats.plural(total, 'group')}. "
        "A hidden number is small or nought, or would give another one away."
    )


def _caseload(name: str, plans: Told | None, growth: float | None) -> str:
    if plans is None or plans.value is None:
        return ""
    count = formats.plural(round(plans.value), "plan")
    text = f"{name} maintained {count} in {plans.period_label}"
    change = change_text(plans)
    if not change:
        return f"{text}."
    rate = f" ({growth:+.1f}%)" if growth is not None and round(plans.change or 0) else ""
    return f"{text}, {change}{rate}."


def _requests(requests: Told | None) -> str:
    if requests is None or requests.value is None:
        return ""
    count = formats.plural(round(requests.value), "request")
    change = change_text(requests)
    text = f"It received {count} for an assessment in {requests.period_label}"
    return f"{text}, {change}." if change else f"{text}."


def _started_and_ended(started: Told | None, ended: Told | None) -> str:
    """Plans that started and that ended, held against each other in one and the same year."""
    new = started.value if started else None
    old = ended.value if ended else None
    if started is None or new is None:
        if ended is None or old is None:
            return ""
        return f"{formats.plural(round(old), 'plan')} ended in {ended.period_label}."
    text = f"{formats.plural(round(new), 'plan')} started in {started.period_label}"
    if ended is None or old is None:
        return f"{text}."
    if started.period_label != ended.period_label:
        return f"{text}; {round(old):,} ended in {ended.period_label}."
    return f"{text} and {round(old):,} ended: {_balance(new, old)}."


def _balance(new: float, old: float) -> str:
    if new == old:
        return "as many started as ended"
    return "more started than ended" if new > old else "more ended than started"


def _moved_in(started: Told | None, moved_in: Told | None) -> str:
    """Plans that came with children, beside those that started in the same year where there are."""
    if moved_in is None or not moved_in.value:
        return ""
    came = round(moved_in.value)
    if started and started.value is not None and started.period_label == moved_in.period_label:
        return f"Another {came:,} came from other authorities."
    many = formats.plural(came, "plan")
    return f"{many} came from other authorities in {moved_in.period_label}."


def _rest(
    plans: Told | None, started: Told | None, ended: Told | None, moved_in: Told | None
) -> str:
    """What of the change in plans is in none of the counts of its year; empty where they add up."""
    gap = _gap(plans, started, ended, moved_in)
    if not gap:
        return ""
    text = f"These counts do not add up to the change in plans. The difference is {abs(gap):,}"
    if moved_in is None and gap > 0:
        return f"{text}: plans that came from other authorities, for one, are in none of them."
    return f"{text}."


def _gap(
    plans: Told | None, started: Told | None, ended: Told | None, moved_in: Told | None
) -> int | None:
    """The change less what the counts make of it; None where they are not all of one year."""
    flows = [started, ended, *([moved_in] if moved_in else [])]
    if plans is None or plans.change is None or None in flows:
        return None
    counts = [told.value for told in flows if told and _is_between(told.period_label, plans)]
    if len(counts) != len(flows) or None in counts:
        return None
    new, old, *came = (round(count or 0) for count in counts)
    return round(plans.change) - (new - old + sum(came))


def _is_between(year: str, plans: Told) -> bool:
    """Whether a calendar year lies between the two days on which plans were counted."""
    after = f"January {int(year) + 1}" if year.isdigit() else ""
    return (plans.since, plans.period_label) == (f"January {year}", after)
