"""The words on a card: period, change, comparison, and what the control chart says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import formats
from dashboards.latest import Latest
from dashboards.measure import Measure
from dashboards.words.milestone import period_words
from dashboards.words.signal import LEAST_MONTHS, SHORT

_WANTED = {"high_is_good": "higher is better", "low_is_good": "lower is better"}
_NO_LIMITS = {
    "no_variation": "the figure never changes",
    "small_denominators": "too few cases",
    "missing_periods": "a period is missing",
}


def value_line(latest: Latest | None, measure: Measure) -> str:
    """The figure; empty where there is none."""
    if latest is None or latest.value is None:
        return ""
    return formats.number(latest.value, measure.unit, latest.decimals)


def missing_line(latest: Latest | None) -> str:
    """Why there is no figure; empty where there is one."""
    if latest is None:
        return "No figure in this release"
    if latest.value is not None:
        return ""
    label = latest.pending[0] or latest.period_label
    symbol = latest.pending[1] or latest.symbol or "x"
    return f"{label}: [{symbol}] {formats.SYMBOLS.get(symbol, 'no figure')}"


def period_line(latest: Latest | None) -> str:
    """'2,778 of 8,461, January 2026 [r]'."""
    if latest is None or latest.value is None:
        return ""
    parts = formats.parts(latest.numerator, latest.denominator)
    period = f"{parts}, {latest.period_label}" if parts else latest.period_label
    return f"{period} [r]" if latest.is_revised else period


def change_line(latest: Latest | None, measure: Measure) -> str:
    """The change in words, or why there is none."""
    if latest is None or latest.value is None:
        return ""
    if latest.is_break:
        return f"Not compared with {latest.since}: the series changes its meaning [b]"
    words = formats.change_words(latest.change, measure.unit, latest.decimals, latest.since)
    note = _WANTED.get(measure.polarity)
    return f"{words} ({note})" if note and latest.change is not None else words


def comparison_line(
    measure: Measure, england: float | None, neighbours: float | None, neighbour_words: str
) -> str:
    """England and the neighbours for the same period, or why they are not given."""
    if measure.unit == "count":
        return "A count is not held against areas of another size"
    sides = (("England", england, ""), ("neighbours", neighbours, neighbour_words))
    known = [
        f"{name} {formats.number(value, measure.unit, measure.decimals)}{words}"
        for name, value, words in sides
        if value is not None
    ]
    text = "; ".join(known) if known else "no comparison published for this period yet"
    return text[:1].upper() + text[1:]


def pending_line(latest: Latest | None) -> str:
    """A newer period that has a symbol only."""
    if latest is None or latest.value is None or not latest.pending[0]:
        return ""
    return f"{latest.pending[0]}: [{latest.pending[1]}]"


def sign_line(row: Mapping[str, Any] | None) -> str:
    """What the control chart says of the newest month or year, or why it says nothing.

    row: of queries.outlook.signs; None where the release has no series of the measure.
    """
    if row is None:
        return "Not looked at: the release has no series of this measure"
    unit = "month" if row["period_kind"] == "month" else "year"
    if row["spc_standing"] not in ("limits", "trial_limits"):
        return f"Cannot be told: {_why_not(row, unit)}"
    said = formats.lower_first(SHORT.get(str(row["variation"]), SHORT["common_cause"]))
    trial = ", trial limits" if row["spc_standing"] == "trial_limits" else ""
    held = formats.plural(int(row["stretch_point_count"]), unit)
    return f"{period_words(str(row['latest_period']))}: {said} (of {held}{trial})"


def _why_not(row: Mapping[str, Any], unit: str) -> str:
    held = int(row["stretch_point_count"])
    since = " since the figures changed their meaning" if row["opened_by"] == "break" else ""
    few = f"{formats.plural(held, unit)}{since}, {LEAST_MONTHS} are needed"
    return _NO_LIMITS.get(str(row["spc_standing"]), few)


def picture_words(
    values: Sequence[float | None],
    measure: Measure,
    first_label: str,
    last_label: str,
    *,
    decimals: int,
    is_parted: bool,
) -> str:
    """What a listener hears in place of the small line; empty without any figure."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    first = formats.number(known[0], measure.unit, decimals)
    last = formats.number(known[-1], measure.unit, decimals)
    parted = "; the line is parted where the series changes its meaning" if is_parted else ""
    return f"From {first} in {first_label} to {last} in {last_label}{parted}"
