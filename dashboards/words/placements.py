"""Sentences about where children with a plan learn, and what would change it.

A share is held against England's of the same day only. Nothing here calls a setting better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dashboards import formats
from dashboards.words.demand import Told
from dashboards.words.titles import first_fit, half_up

# What each way of counting leaves out, in one sentence; the first is the DfE's own.
VARIANTS: dict[str, str] = {
    "mainstream_share": (
        "The DfE's definition: every mainstream school, with its units and resourced provision."
    ),
    "mainstream_share_state_funded": (
        "Leaves out children placed in independent mainstream schools."
    ),
    "mainstream_share_excluding_units_and_resourced": (
        "Leaves out children in SEN units and resourced provision: mainstream classes only."
    ),
}
VARIANT_NAMES: dict[str, str] = {
    "mainstream_share": "All mainstream schools (DfE)",
    "mainstream_share_state_funded": "State-funded mainstream schools",
    "mainstream_share_excluding_units_and_resourced": "Mainstream classes",
}
# Kinds of place, as the council's return names them.
KINDS: dict[str, str] = {
    "special_school": "Special school",
    "sen_unit": "SEN unit",
    "resourced_provision": "Resourced provision",
    "mainstream": "Mainstream class",
    "alternative_provision": "Alternative provision",
    "early_years": "Early years setting",
    "post_16": "College or special post-16",
}
STATUSES = (
    "Open: open to children. Funded: the money is given and the place is not open yet. Planned: "
    "decided on, and the money is not given yet."
)
NOT_A_VERDICT = (
    "A share says where children are. It does not say whether a place is right for the child in it."
)


def placements_lead(
    name: str,
    share: Told | None,
    england: float | None,
    children: float | None,
    decimals: int,
    *,
    is_about: bool = False,
    counted: float | None = None,
) -> list[str]:
    """Where the authority stands, beside England on the same day, and in children.

    children: how many more would have to be in mainstream for the share to equal England's; below
        nought where it is above; None where the release has no such figure.
    decimals: of England's share; the authority's own may be protected, and brings its own.
    is_about: whether the number of children rests on rounded figures.
    counted: the share from the counts as printed, where it is itself rounded further.
    """
    if share is None or share.value is None:
        return [f"This release has no mainstream share for {name}."]
    own = formats.number(share.value, "percent", share.decimals)
    first = f"{own} of {name}'s plans were in mainstream schools in {share.period_label}"
    if share.change is not None:
        change = formats.change_words(share.change, "percent", share.decimals, share.since)
        first = f"{first}: {formats.lower_first(change)}"
    if england is None:
        return [f"{first}.", "England has no figure for the same day yet."]
    text = f"England's share was {formats.number(england, 'percent', decimals)}"
    exact = share.value if counted is None else counted
    gap = half_up(exact - england, share.decimals)
    more = children_words(children)
    if more and is_about:
        more = f"about {more}"
    return [f"{first}.", _beside(text, gap, more, share.decimals)]


def children_words(children: float | None) -> str:
    """'1,032 more children'; empty for none."""
    if children is None or children <= 0:
        return ""
    return formats.plural(round(children), "more child", "more children")


def _beside(text: str, gap: float, more: str, decimals: int) -> str:
    if gap == 0:
        return f"{text}, the same." if decimals else f"{text}, about the same."
    size = formats.amount(gap, "points", decimals)
    if gap > 0:
        return f"{text}, {size} lower."
    text = f"{text}, {size} higher"
    if not more:
        return f"{text}."
    return f"{text}: {more} would have to be in mainstream schools to equal it."


def variants_title(shares: Mapping[str, float | None], decimals: int) -> str:
    """How far the definitions lie apart, for those with a figure. shares: by kpi, one day's."""
    known = [value for value in shares.values() if value is not None]
    if not known:
        return "No definition has a figure"
    if len(known) == 1:
        return "One definition has a figure"
    apart = round(max(known) - min(known), decimals)
    count = {2: "two", 3: "three"}.get(len(known), str(len(known)))
    if apart == 0:
        return f"The {count} definitions give the same share"
    return f"The {count} definitions lie {formats.amount(apart, 'points', decimals)} apart"


def mix_title(
    shares: Mapping[str, float | None], whole: str, period_label: str, decimals: int
) -> str:
    """Which part has the largest share, where exactly one has.

    shares: by the parts' names. whole: what they are parts of, in the plural.
    """
    known = {name: value for name, value in shares.items() if value is not None}
    top = [name for name, value in known.items() if value == max(known.values())]
    if len(top) != 1:
        return f"Shares of {whole}, {period_label}"
    value = formats.number(known[top[0]], "percent", decimals)
    return f"Largest share of {whole}: {formats.lower_first(top[0])}, {value}"


def places_title(counts: Mapping[str, float | None]) -> str:
    """'143 places open, 48 funded, 143 planned'; what has no figure is left out.

    counts: by the status in words, in order.
    """
    known = [(word, value) for word, value in counts.items() if value is not None]
    if not known:
        return "No figure of places"
    (word, value), *rest = known
    first = f"{formats.plural(round(value), 'place')} {word.lower()}"
    return ", ".join([first, *(f"{round(value):,} {word.lower()}" for word, value in rest)])


def month_words(month: str | None) -> str:
    """'September 2026' from 2026-09; a place without a day has none."""
    if not month:
        return "No date"
    return formats.month(month)


def places_against_need(coming: float | None, now: float | None, then: str, plans: str) -> str:
    """Places still to open beside the plans expected, which are no measure of the places needed.

    coming: funded and planned places; now: plans in force; then: the year of the forecast, in
    words; plans: the forecast's range, as printed. Empty where one of them is not known.
    """
    if coming is None or now is None or not plans:
        return ""
    return (
        f"Funded or planned and not yet open: {formats.plural(round(coming), 'place')}. "
        f"Plans stood at {round(now):,}; the forecast for {then} is {plans}. Not every plan needs "
        "such a place, and places fall free each year: the two numbers stand beside each other, "
        "and neither is to be taken from the other."
    )


def district_title(short_title: str, known: Sequence[float], unit: str, decimals: int) -> str:
    """The span of the districts' figures. known: those that can be told."""
    if not known:
        return "No district's figure can be shown"
    low, high = (formats.number(end(known), unit, decimals) for end in (min, max))
    span = low if low == high else f"{low} to {high}"
    return first_fit(f"{short_title} by district: {span}", f"By district: {span}")


def class_words(ends: Sequence[float], unit: str, decimals: int) -> str:
    """What the shades of a map mean, from light to dark; empty where there is one shade."""
    if not ends:
        return ""
    texts = [formats.number(end, unit, decimals) for end in ends]
    middle = [f"{low} to under {high}" for low, high in pairwise(texts)]
    classes = "; ".join([f"under {texts[0]}", *middle, f"{texts[-1]} or more"])
    return f"Shades from light to dark: {classes}; the same in every year."


def scenario_title(change: float | None, by: str, decimals: int) -> str:
    """What the actions of a scenario do together in its last year. by: 'January 2029'."""
    if change is None:
        return "The scenario could not be worked out"
    if round(change, decimals) == 0:
        return f"Together the actions change nothing by {by}"
    verb = "add" if change > 0 else "remove"
    return f"Together the actions {verb} {formats.amount(change, 'points', decimals)} by {by}"


def needed_words(
    rows: Sequence[tuple[str, float | None, str]], goal: str, goal_label: str
) -> tuple[str, list[str]]:
    """What share of new plans would have to name mainstream to reach a goal, by each year.

    rows: (year in words, the share or None, why there is none).
    goal, goal_label: England's share as printed, and its day.
    Gives the sentence before the list, and the list, which is empty without any row to tell.
    """
    told = [
        f"by {year}: {formats.number(share, 'percent', 0)} of new plans"
        if share is not None
        else f"by {year}: out of reach. {why.rstrip('.')}"
        for year, share, why in rows
        if share is not None or why
    ]
    start = (
        f"How many of the new plans would have to name a mainstream school from now on, for the "
        f"share of all plans to equal England's {goal} ({goal_label}):"
    )
    return start, told


def newest_share_words(share: Told | None) -> str:
    """What the share of new plans in mainstream was last, to hold the needed one against."""
    if share is None or share.value is None:
        return ""
    value = formats.number(share.value, "percent", share.decimals)
    return f"It was {value} in {share.period_label}. England's share may move too."
