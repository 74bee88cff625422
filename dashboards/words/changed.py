"""What changed since the release before, in words: figures, milestones of the plan, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards import formats
from dashboards.measure import Measure
from dashboards.words import milestone
from dashboards.words.verdicts import verdict_words

NO_FIGURES = "The release before holds no figures that can be compared with these."
NO_PLAN = "The release before holds no delivery plan that can be compared with this one."
NO_VERDICTS = "The release before holds no verdicts that can be compared with these."

Row = Mapping[str, Any]


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


def more_line(count: int, page_title: str) -> str:
    """How many more there are than are told, and on which page; empty where none are.

    page_title: empty where no page tells of them.
    """
    where = f"; the page {page_title} shows how each stands" if page_title else ""
    return f"And {count} more{where}." if count > 0 else ""


def milestone_line(before: Row | None, now: Row | None) -> str:
    """How one milestone differs from the one before; empty where it does not.

    before, now: rows of queries.plan.milestones; None where that release has none.
    """
    if before is None:
        return f"{now['milestone_text']}: new, {milestone.inside(now)}." if now else ""
    if now is None:
        return f"{before['milestone_text']}: taken away, was {milestone.inside(before)}."
    told = zip((*_promised(before), _status(before)), (*_promised(now), _status(now)), strict=True)
    said = [f"was {old}, is now {new}" for old, new in told if old != new]
    return f"{now['milestone_text']}: {'; '.join(said)}." if said else ""


def plan_summary(pairs: Sequence[tuple[Row | None, Row | None]]) -> str:
    """How many milestones were moved, stand elsewhere, came or went. pairs: as milestone_line."""
    both = [(before, now) for before, now in pairs if before and now]
    return _counted(
        "the delivery plan's milestones",
        (
            (sum(_promised(old) != _promised(new) for old, new in both), "was moved", "were moved"),
            (
                sum(_status(old) != _status(new) for old, new in both),
                "has another status",
                "have another status",
            ),
            *_new_and_gone(pairs),
        ),
        "No milestone of the delivery plan was moved or has another status.",
    )


def verdict_line(before: Row | None, now: Row | None) -> str:
    """How the verdict on one statement differs; empty where it does not.

    before, now: rows of queries.register.verdicts; None where that register has none.
    """
    if before is None:
        return f"{_statement(now)}: new; the verdict is “{_verdict(now)}”." if now else ""
    if now is None:
        return f"{_statement(before)}: taken away; the verdict was “{_verdict(before)}”."
    if before["verdict"] == now["verdict"]:
        return ""
    return f"{_statement(now)}: the verdict was “{_verdict(before)}”, it is now “{_verdict(now)}”."


def register_summary(pairs: Sequence[tuple[Row | None, Row | None]]) -> str:
    """How many statements have another verdict, came or went. pairs: as verdict_line."""
    others = sum(bool(before and now and verdict_line(before, now)) for before, now in pairs)
    return _counted(
        "the public statements",
        ((others, "has another verdict", "have another verdict"), *_new_and_gone(pairs)),
        "No public statement has another verdict.",
    )


def _revised(measure: Measure, before: Newest, now: Newest) -> str:
    """The same period with another value; nothing where the two print alike."""
    old, new = (formats.number(x.value, measure.unit, x.decimals) for x in (before, now))
    if old == new:
        return ""
    return f"{measure.title}, {now.period_label}: {new} [r]; it was {old} before the revision."


def _said(measure: Measure, newest: Newest) -> str:
    value = formats.number(newest.value, measure.unit, newest.decimals)
    return f"{value} in {newest.period_label}"


def _promised(row: Row) -> tuple[str, str]:
    """Day and level of a milestone: 'due on 31 January 2029' and 'at least 75%'.

    The level is the promise itself: what another area's figure is so far moves without it.
    """
    due = f"due on {formats.day(row['current_due_date'])}"
    return due, milestone.level(row, "current_value")


def _status(row: Row) -> str:
    return formats.lower_first(milestone.status(row["plan_status"]).word)


def _statement(row: Row) -> str:
    return f"{row['claim_id']}, {str(row['statement']).removesuffix('.')}"


def _verdict(row: Row) -> str:
    return formats.lower_first(verdict_words(str(row["verdict"])))


def _new_and_gone(
    pairs: Sequence[tuple[Row | None, Row | None]],
) -> tuple[tuple[int, str, str], ...]:
    return (
        (sum(before is None for before, _ in pairs), "is new", "are new"),
        (sum(now is None for _, now in pairs), "was taken away", "were taken away"),
    )


def _counted(what: str, counts: Sequence[tuple[int, str, str]], none: str) -> str:
    """'Of the milestones, 2 were moved and 1 is new.' counts: how many, said of one and of more."""
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return f"Of {what}, {formats.listed(said)}." if said else none
