"""The words on a card: period, change, comparison, and what the control chart says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import formats
from dashboards.latest import Latest
from dashboards.measure import Measure
from dashboards.words.milestone import period_words
from dashboards.words.position import LITTLE
from dashboards.words.signal import LEAST_MONTHS

NOT_SAID = (
    "What this page cannot say",
    "Its figures are those of the newest year that is held of each measure. It does not say what "
    "happened since, why a figure moved, how a child fared, or whether a plan was good.",
    "One year's change may be chance. A sign is given only where eight or more figures of one "
    "basis are held.",
    f"A measure is said to have changed little when it moved by less than {LITTLE['percent']} "
    "percentage points (or half a week, or 1% of a count) between two consecutive periods.",
)
ROUNDED = (
    "The two numbers behind a percentage are rounded to the nearest 5, so they may differ a little "
    "from the same count on another card."
)
PARTED = "A gap in a small line: the way of counting changed there, or no figure is held."
_WANTED = {"high_is_good": "higher is better", "low_is_good": "lower is better"}
_STANDS = {
    "improvement": "is better, beyond chance",
    "concern": "is worse, beyond chance",
    "neither": "differs, beyond chance",
    "common_cause": "is within the usual range",
}
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
    """'2,778 of 8,461, January 2026 [r]', with its day where that is known."""
    if latest is None or latest.value is None:
        return ""
    parts = formats.parts(latest.numerator, latest.denominator)
    when = latest.day or latest.period_label
    period = f"{parts}, {when}" if parts else when
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
        return "Not compared with England: areas differ in size"
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
        return _why_not(row, unit)
    said = _STANDS.get(str(row["variation"]), _STANDS["common_cause"])
    trial = ", trial limits" if row["spc_standing"] == "trial_limits" else ""
    held = formats.plural(int(row["stretch_point_count"]), unit)
    return f"By {unit}, {period_words(str(row['latest_period']))} {said} ({held}{trial})"


def _why_not(row: Mapping[str, Any], unit: str) -> str:
    why = _NO_LIMITS.get(str(row["spc_standing"]))
    if why:
        return f"Cannot be told: {why}"
    count = int(row["stretch_point_count"])
    held = f"{formats.plural(count, unit)} {'is' if count == 1 else 'are'} held"
    since = " since the figures changed their meaning" if row["opened_by"] == "break" else ""
    return f"Too early to tell: {held}{since}, and it takes {LEAST_MONTHS}"


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
