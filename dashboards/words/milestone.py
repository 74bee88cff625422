"""A milestone in words: what was promised, where it stands, and the chance of meeting it.

A status says where a milestone stands by its day and its value. It says nothing of a trend. All but
"awaited" are the release's own; that one is told apart by
pipelines/registry/plan_day.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards import formats
from dashboards.words.reached import first_reached


@dataclass(frozen=True)
class Status:
    """A status as it is shown: always the word, with a shape that prints in black and white."""

    word: str
    shape: str
    meaning: str


# In the order in which they are counted and offered.
STATUSES: dict[str, Status] = {
    "met": Status("Met", "\u25cf", "the first figure from the day on reaches the level"),
    "missed": Status("Missed", "\u00d7", "the first figure from the day on does not"),
    "at_risk": Status("At risk", "\u25b2", "the day has not come; the chance is below one half"),
    "not_yet_due": Status(
        "Not yet due",
        "\u25cb",
        "the day, or the first figure after it, has not come; where a chance is stated it is one "
        "half or more",
    ),
    "awaited": Status(
        "Awaiting a figure", "\u2026", "the day has passed; no figure from then on is held yet"
    ),
    "not_measured": Status("Not measured", "\u2013", "no figure is held that could tell"),
}

# A chance by the simulated queue, by what of the queue it is read from.
QUEUED = {
    "backlog": "by the simulated queue of assessments",
    "backlog_rate": "by the rate on time that follows from the simulated queue of assessments",
}
_BASES = {
    "own_months": "by a forecast from the measure's own months",
    "matched_returns": "by a forecast from the council's returns, matched child by child",
    "published_totals": "by a forecast from the yearly figures of all authorities",
}
# Which value of a milestone stands behind the level that it is judged by.
_PROMISED = {"level_value": "current_value", "first_level_value": "original_value"}
_CODE = re.compile(r"\b\d{4}-(?:R12-)?\d{2}\b")
# The end of a reason that is the same for every reader.
_FOR_ALL = ", so no chance is stated."
# What a release gives as reasons, in the words of its makers, and in a reader's.
_PLAINLY = (
    (
        r"No value for ([^,]+), .+ and (.+)\.",
        r"Between \1 and \2 figures are missing, and a forecast needs years without a gap.",
    ),
    (
        r"No value for (.+)\.",
        r"There is no figure for \1, and a forecast needs years without a gap.",
    ),
    (
        r"Fewer than (\d+) years of published figures are held\.",
        r"A forecast needs \1 years of published figures of all authorities, and there are fewer.",
    ),
    (
        r"The forecast is tested as far as (.+), and no further\.",
        r"A forecast is stated only as far ahead as it could be checked against the past, and "
        r"that is \1.",
    ),
    (
        r"Months without a gap up to (\S+): 1\. A rule can be chosen from (\d+) on\.",
        r"It takes \2 months in a row to forecast; only 1 is held up to \1.",
    ),
    (
        r"Months without a gap up to (\S+): (\d+)\. A rule can be chosen from (\d+) on\.",
        r"It takes \3 months in a row to forecast; only \2 are held up to \1.",
    ),
    (_FOR_ALL, "."),
    (
        r"The rule with the smallest misses on this series' own (\d+) months: ([^.]+?)(?: \(ETS\))?"
        r"\. The range is made of its misses\.",
        r"Of several methods the one that missed by least in the measure's own \1 months is used: "
        r"\2. Its past misses make the range.",
    ),
    (
        r"the cohort model did not beat it in (\d+) forecasts of past returns",
        r"following children from one return to the next did no better in \1 forecasts of past "
        r"returns",
    ),
    (
        r"The figures reach beyond the milestone's day\.",
        "Figures are held for a later day than the milestone's.",
    ),
    (
        r"Actions on the caseload need the council's own annual returns of two successive years\.",
        "This is worked out child by child from the council's own returns of two years in a row. "
        "Where they are held, the result is for its officers.",
    ),
)
# Where the council's own figures are protected, its officers read more of them. Of a whole measure
# everybody is told the chance that they have (pipelines/judgement/plan_status.py).
KEPT_BACK = "Its officers may hold a chance from the part's months, which are not published."
NONE_KEPT_BACK = "Its officers have none either."


def status(name: Any) -> Status:
    """The words of a status; one that is unknown is not measured."""
    return STATUSES.get(str(name), STATUSES["not_measured"])


def figure(value: Any, unit: Any, decimals: Any) -> str:
    """A promised level, without decimals that nobody promised: 75%, 45.5%, 0."""
    if not formats.is_number(value):
        return ""
    is_whole = float(value) == round(float(value))
    places = 0 if is_whole or not formats.is_number(decimals) else int(decimals)
    return formats.number(float(value), str(unit), places)


def level(row: Mapping[str, Any], name: str = "level_value") -> str:
    """'at least 75%', 'at most 10', 'down to 0', or 'the figure of England'.

    row: a milestone as queries.plan gives it; name: which of its values is meant.
    """
    number = row.get(name)
    if not formats.is_number(number):
        # Nothing is held to judge it by, so the release leaves the level to the promise itself.
        number = row.get(_PROMISED.get(name, ""))
    text = figure(number, row.get("unit"), row.get("decimals"))
    area = row.get("level_area_name")
    if isinstance(area, str) and area:
        return f"the figure of {area}{f' ({text} so far)' if text else ''}"
    if not text:
        return "a level that is not held"
    if row.get("polarity") == "low_is_good":
        return "down to 0" if text == "0" else f"at most {text}"
    return text if text == "100%" else f"at least {text}"


def promise(row: Mapping[str, Any], *, is_first: bool = False) -> str:
    """'At least 75% by 31 December 2026', as it stands or as it was first promised."""
    text = inside(row, is_first=is_first)
    return text[:1].upper() + text[1:]


def inside(row: Mapping[str, Any], *, is_first: bool = False) -> str:
    """The promise inside a sentence: 'at least 75% by 31 December 2026'."""
    due = row["original_due_date" if is_first else "current_due_date"]
    return f"{level(row, 'first_level_value' if is_first else 'level_value')} by {formats.day(due)}"


def percent(chance: float) -> str:
    """A chance as it may be told: a whole per cent, and never certain."""
    if chance < 0.01:
        return "under 1%"
    if chance > 0.99:
        return "over 99%"
    return f"{int(chance * 100 + 0.5)}%"


def basis(chance_from: Any, detail: Any) -> str:
    """What a chance rests on."""
    by_queue = QUEUED.get(str(chance_from))
    return by_queue or _BASES.get(str(detail).partition("/")[0], "by a forecast")


def _scenario(row: Mapping[str, Any]) -> tuple[str, str]:
    """What a chance by the queue takes to hold, and the chance if it does not; empty for none."""
    title = row.get("chance_scenario")
    if not isinstance(title, str) or not title:
        return "", ""
    as_now: Any = row.get("chance_as_now")
    goes_on = "if things go on as in the past year"
    beside = f" ({percent(float(as_now))} {goes_on})" if formats.is_number(as_now) else ""
    return f" if this holds: {formats.lower_first(title)}", beside


def chance(row: Mapping[str, Any]) -> str:
    """'Chance of meeting it: 5%, by a forecast ...'; why there is none; nothing once it is past."""
    if row.get("plan_status") == "awaited":
        newest = row.get("newest_value_period_label")
        return f"No figure from that day on is held yet; the newest is of {newest}."
    if formats.is_number(row.get("chance")):
        stated = percent(float(row["chance"]))
        rests_on = basis(row.get("chance_from"), row.get("chance_detail"))
        holding, beside = _scenario(row)
        return f"Chance of meeting it: {stated}{holding}{beside}, {rests_on}"
    if row.get("plan_status") not in ("not_yet_due", "at_risk"):
        return ""
    said = ["No chance is stated.", in_words(row.get("why_not")), _kept_back(row)]
    return " ".join(filter(None, said))


def likely(row: Mapping[str, Any]) -> str:
    """The range in which the measure is expected on the day, where a forecast says it."""
    ends = [row.get(name) for name in ("likely_low", "likely_high")]
    if row.get("plan_status") == "awaited" or not all(map(formats.is_number, ends)):
        return ""
    low, high = (printed(row, name) for name in ("likely_low", "likely_high"))
    when = period_words(str(row["likely_period"]))
    return f"Forecast for {when}: between {low} and {high}, with a chance of 80%."


def reached(row: Mapping[str, Any]) -> str:
    """When the simulated queue first reaches the level, as a range of months.

    Nothing where no queue decides, nor where the figure that the reader knows is there already: the
    queue may start from a later count, which its officers alone read.

    row: reached_month_p10, _p50 and _p90 with the chance; queue_start: '20 on 31 January 2026', for
    those who may read it.
    """
    is_told = row.get("chance_from") == "backlog" and formats.is_number(row.get("chance"))
    start = row.get("queue_start")
    if not is_told or row.get("plan_status") == "awaited" or (_is_there(row) and not start):
        return ""
    said = first_reached(row)
    return f"From {start}: {formats.lower_first(said)}" if start else said


def _is_there(row: Mapping[str, Any]) -> bool:
    """Whether the newest figure is on the right side of the level already."""
    newest, promised = formats.known(row.get("newest_value")), formats.known(row.get("level_value"))
    if newest is None or promised is None:
        return False
    return newest <= promised if row.get("polarity") == "low_is_good" else newest >= promised


def outlook(row: Mapping[str, Any]) -> str:
    """The chance in a sentence, and when it is likely to be reached where that is known."""
    said = chance(row)
    stated = f"{said.removesuffix('.')}." if said else ""
    return " ".join(filter(None, (stated, reached(row), likely(row))))


def _kept_back(row: Mapping[str, Any]) -> str:
    """What a reader without a chance is told of the figures that officers alone read."""
    if not row.get("is_kept_back") or _FOR_ALL in str(row.get("why_not")):
        return ""
    return NONE_KEPT_BACK if row.get("breakdown_topic") == "All" else KEPT_BACK


def moved(row: Mapping[str, Any]) -> str:
    """How often a milestone was moved, and what was first promised; empty where it never was."""
    count = row.get("revision_count")
    if not formats.is_number(count) or not count:
        return ""
    times = "once" if count == 1 else f"{int(count)} times"
    return f"Moved {times}. First promised: {inside(row, is_first=True)}."


def printed(row: Mapping[str, Any], name: str) -> str:
    """A figure of the measure with the decimals that its newest one has."""
    places: Any = row.get("newest_decimals")
    decimals = int(places) if formats.is_number(places) else 0
    return formats.number(row[name], str(row["unit"]), decimals)


def outcome(row: Mapping[str, Any]) -> str:
    """The figure that decided a milestone, with its period; empty while none has."""
    if not formats.is_number(row.get("deciding_value")):
        return ""
    value = printed(row, "deciding_value")
    period = str(row["deciding_period"])
    is_later = row.get("is_kept_back") and period[:7] > str(row["current_due_date"])[:7]
    first = ", the first figure after that day that is public" if is_later else ""
    return f"{value} in {period_words(period)}{first}"


def in_words(text: Any) -> str:
    """A reason or note of the release in a reader's words; one that is not known as it stands."""
    if not isinstance(text, str):
        return ""
    for found, said in _PLAINLY:
        text = re.sub(found, said, text)
    return _CODE.sub(lambda code: period_words(code[0]), text)


def period_words(period: str) -> str:
    """'July 2026' of 2026-07, '12 months to September 2026' of 2026-R12-09, '2025' as it is."""
    year, _, rest = period.partition("-")
    is_rolling = rest.startswith("R12-")
    month = rest.removeprefix("R12-")
    if not month.isdigit():
        return period
    text = f"{date(int(year), int(month), 1):%B %Y}"
    return f"12 months to {text}" if is_rolling else text
