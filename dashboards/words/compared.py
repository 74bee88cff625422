"""The finding of Compare in sentences that are true for any area, measure and part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards import formats


@dataclass(frozen=True)
class Standing:
    """Where one area stands on one measure, with what it may be held against.

    Attributes:
        subject: the measure, and the part of it that was chosen.
        text: the figure as the table prints it; a symbol where there is none.
        change: since the period before; None where the two cannot be compared.
        since: label of the period before.
        is_apart: the period before has a figure, with which this one cannot be compared.
        pending: label and symbol of a newer period without a figure, both empty otherwise.
        beside: other lines of the same period, as (name, text).
    """

    area: str
    subject: str
    unit: str
    decimals: int
    period_label: str
    text: str
    has_value: bool
    change: float | None
    since: str
    is_apart: bool
    pending: tuple[str, str]
    beside: Sequence[tuple[str, str]]


def nothing(area: str) -> str:
    """What is said where the release holds no row of the measure for the area."""
    return f"This release has no figure of this measure for {area}."


def finding(found: Standing) -> str:
    """The figure, where it went, what has none yet, and what stands beside it."""
    subject = formats.lower_first(found.subject)
    if not found.has_value:
        first = f"{found.area} has no figure for {found.period_label} {found.text}: {subject}."
        return f"{first}{_beside(found)}"
    first = f"{found.area}: {subject}, {found.text} in {found.period_label}{_change(found)}."
    return f"{first}{_pending(found)}{_beside(found)}"


def _change(found: Standing) -> str:
    if found.is_apart:
        return f", not comparable with the figure for {found.since}"
    words = formats.change_words(found.change, found.unit, found.decimals, found.since)
    return f", {formats.lower_first(words)}"


def _pending(found: Standing) -> str:
    label, symbol = found.pending
    return f" {label} has no figure [{symbol}]." if label else ""


def _beside(found: Standing) -> str:
    if not found.beside:
        return ""
    names = "; ".join(f"{name} {text}" for name, text in found.beside)
    return f" In the same period: {names}."
