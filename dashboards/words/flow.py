"""Early support in words: its kinds, the steps after it, and what may be said of them.

No sentence says that support made a plan needless. Children are not referred by chance, and nobody
knows what would have happened without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards import formats
from dashboards.words.titles import first_fit

# The kinds of support, in the order in which a child would meet them.
KINDS = {
    "APDR": "assess, plan, do, review: the cycle that a school runs itself",
    "EAPDR": "enhanced assess, plan, do, review: with advice from outside the school",
    "SEDIS": "enhanced district inclusion support",
}
_IN_FULL = {kind: meaning.partition(":")[0] for kind, meaning in KINDS.items()}
# 'EAPDR (enhanced assess, plan, do, review)', for the first time that the letters are met.
KIND_NAMES = {kind: f"{kind} ({name})" for kind, name in _IN_FULL.items()}
# What can come after a referral, in the order of the way to a plan.
STEPS = {
    "further_support": "Further support",
    "needs_met": "Needs met",
    "no_further_step": "No further step",
    "request": "Request",
    "no_assessment": "No assessment",
    "assessment": "Assessment",
    "no_plan": "No plan",
    "plan": "Plan",
}
MONTHS = (6, 12, 24)
# A year of referrals is followed to its end once so many in a hundred of them are.
MOST_FOLLOWED = 75
CAVEAT = (
    "This does not say what would have happened without the support: children are not referred by "
    "chance. A child who moved away counts as one without a plan."
)


def kinds_title(counts: Mapping[str, float], period: str) -> str:
    """The finding of the lines by kind of support, ten words at most.

    counts: of children by kind, those that are known.
    """
    most = max(counts.values(), default=0.0)
    first = [kind for kind, count in counts.items() if count == most and most > 0]
    if len(first) != 1 or len(counts) < len(KINDS):
        return f"Supported children by kind of support, {period}"
    return f"{first[0]} reached the most children: {most:,.0f} in {period}"


@dataclass(frozen=True)
class Followed:
    """The children referred in one year, and how many of them had no plan some months later.

    Attributes:
        share: in per cent, None where it is hidden or not known.
        decimals: of the share as it is printed: those of protected numbers are whole.
    """

    year: str
    months: int
    share: float | None
    decimals: int = 0

    @property
    def text(self) -> str:
        """The share as it is printed."""
        return formats.number(self.share, "percent", self.decimals)


def stage(name: str) -> str:
    """A stage by its word; a kind of support by its letters."""
    return STEPS.get(name, name)


def is_followed(children: float | None, referrals: float | None) -> bool:
    """Whether nearly all referrals of a year are old enough; unknown numbers are not known to be.

    The others came too late in the year, and a share of the early ones would pass for the year's.
    """
    if not formats.is_number(children) or not formats.is_number(referrals) or not referrals:
        return False
    return 100 * float(children or 0) >= MOST_FOLLOWED * float(referrals)


def flow_title(plans: int, referrals: int, months: int) -> str:
    """The finding of the flow, ten words at most."""
    if referrals == 0:
        return f"No referral is {months} months old yet"
    return f"{plans:,} of {referrals:,} referrals reached a plan within {months} months"


def flow_sentences(counts: dict[str, int], referrals: int, months: int) -> list[str]:
    """What came of the referrals, step by step. counts: of referrals, by the step they came to."""
    if referrals == 0:
        return []
    first = [name for name in ("needs_met", "further_support", "no_further_step") if counts[name]]
    said = {
        "needs_met": "ended with the needs met",
        "further_support": "led to further support",
        "no_further_step": "led to nothing further that is on record",
    }
    parts = [f"{counts[name]:,} {said[name]}" for name in first]
    asked = f"{counts['request']:,} led to a request for an assessment"
    ways = formats.listed([asked, *parts])
    return [
        f"Of {formats.plural(referrals, 'referral')} at least {months} months old, {ways}.",
        f"Of the requests, {counts['assessment']:,} led to an assessment, and "
        f"{counts['plan']:,} of all referrals to a plan.",
    ]


def followed_title(found: Sequence[Followed]) -> str:
    """The finding on children without a plan: the longest time of the newest year that has it."""
    best = _longest(found)
    if best is None:
        return "No year of referrals has been followed long enough"
    return f"{best.text} had no plan {best.months} months after referral in {best.year}"


def promise_title(figure: str, label: str, milestone: str, status: str) -> str:
    """'875 children by January 2026; milestone of 500 met', ten words at most."""
    return first_fit(
        f"{figure} children by {label}; milestone of {milestone} {status}",
        f"{figure} children; milestone of {milestone} {status}",
    )


def lead(said: Sequence[str], found: Sequence[Followed]) -> str:
    """The position in a few sentences, true for any data.

    said: what each milestone of the plan has come to. found: years followed to their end.
    """
    best = _longest(found)
    promised = spelled(" ".join(said))
    if best is None:
        return promised
    year, months = best.year, best.months
    later = (
        f"Of the children referred to any early support in {year}, {best.text} had no plan "
        f"{months} months later."
    )
    return " ".join(filter(None, (promised, later)))


def spelled(text: str) -> str:
    """The text with each kind of support named in full where its letters stand first."""
    for kind, name in _IN_FULL.items():
        text = text.replace(f"({kind})", f"({name}, {kind})", 1)
    return text


def _longest(found: Sequence[Followed]) -> Followed | None:
    """The longest span of months that is known, of the newest year that has it."""
    known = [item for item in found if item.share is not None]
    return max(known, key=lambda item: (item.months, item.year)) if known else None
