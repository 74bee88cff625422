"""What changed since the release before: figure by figure, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards import formats
from dashboards.measure import Measure


@dataclass(frozen=True)
class Newest:
    """The newest figure of a measure in one release."""

    period: str
    period_label: str
    value: float
    decimals: int


def line(measure: Measure, before: Newest | None, now: Newest | None) -> str:
    """How one measure's newest figure differs from the one before; empty where it does not."""
    if before == now:
        return ""
    if before is None:
        return (
            f"{measure.title}: {_said(measure, now)}; the release before had none." if now else ""
        )
    if now is None:
        return f"{measure.title}: no figure any more; it was {_said(measure, before)}."
    if now.period == before.period:
        return _revised(measure, before, now)
    return f"{measure.title}: {_said(measure, now)}; it was {_said(measure, before)}."


def summary(is_first: bool, lines: Sequence[str], total: int) -> str:
    """The sentence over the list.

    is_first: nothing was published before this release.
    """
    if is_first:
        return "No release was published before this one, so there is nothing to compare with."
    if not lines:
        return "No figure on the cards has changed."
    verb = "differs" if len(lines) == 1 else "differ"
    measures = formats.plural(total, "measure")
    return f"The newest figure of {len(lines)} of the {measures} on the cards {verb}."


def _revised(measure: Measure, before: Newest, now: Newest) -> str:
    """The same period with another value; nothing where the two print alike."""
    old, new = (formats.number(x.value, measure.unit, x.decimals) for x in (before, now))
    if old == new:
        return ""
    return f"{measure.title}, {now.period_label}: {new} [r]; it was {old} before the revision."


def _said(measure: Measure, newest: Newest) -> str:
    value = formats.number(newest.value, measure.unit, newest.decimals)
    return f"{value} in {newest.period_label}"
