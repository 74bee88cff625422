"""What differs from the release that readers had before, as finished texts.

The first page and the one-page report both print it. A release never changes and the pages do: what
the earlier one cannot be asked for is said, and the rest is told without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from dashboards import formats
from dashboards.components.readings import Figures
from dashboards.context import Context
from dashboards.latest import Latest, latest
from dashboards.measure import Measure
from dashboards.queries import figures, plan, register
from dashboards.queries.frozen import Key, records
from dashboards.words import changed as words
from pipelines.errors import InputError
from pipelines.registry.council import Council

_Found = TypeVar("_Found")
# So many are told one by one: a sheet of A4 holds no more.
NAMED = 3
# Views and their titles in the navigation.
PLAN = ("delivery_plan", "Delivery plan")
STATEMENTS = ("statements", "Statements checked")

Pairs = list[tuple[dict[str, Any] | None, dict[str, Any] | None]]


@dataclass(frozen=True)
class Part:
    """What changed in the delivery plan, or in the register of public statements.

    Attributes:
        lines: the first few; more says how many follow, and is empty where none do.
        page: the view that shows all of it as it stands; empty where none does.
    """

    summary: str
    lines: tuple[str, ...] = ()
    more: str = ""
    page: str = ""


@dataclass(frozen=True)
class Changed:
    """What differs from the release that readers had before; before is empty for the first.

    Attributes:
        summary, lines: of the newest figures on the cards.
        parts: of the delivery plan and of the statements, where the release holds them.
    """

    before: str
    summary: str
    lines: tuple[str, ...]
    parts: tuple[Part, ...] = ()


def changed(page: Context, whose: Council, found: list[Figures]) -> Changed:
    """The cards' newest figures, the milestones and the verdicts, here and in the release before.

    Raises:
        SendError: a release cannot be read.
    """
    before = page.previous
    if before is None:
        return Changed("", words.summary(True, (), len(found)), ())
    facts = figures.release(before)
    lines = _held(lambda: _figures(before, whose, found))
    summary = words.NO_FIGURES if lines is None else words.summary(False, lines, len(found))
    parts = (
        _plan(page, before, whose, _built_on(facts)),
        # Statements have numbers, which in the register of another council mean others.
        _register(page, before, whose) if facts["council"] == page.facts["council"] else None,
    )
    return Changed(
        before=f"{facts['release']}, built {formats.day(facts['built_at'])}",
        summary=summary,
        lines=lines or (),
        parts=tuple(part for part in parts if part),
    )


def _held(ask: Callable[[], _Found]) -> _Found | None:
    """What the release before answers; None where it was built before the product knew of it."""
    try:
        return ask()
    except InputError:
        return None


def _built_on(facts: dict[str, Any]) -> date:
    return date.fromisoformat(str(facts["built_at"])[:10])


def _figures(before: Key, whose: Council, found: list[Figures]) -> tuple[str, ...]:
    lines = (
        words.line(item.measure, _before(before, whose, item.measure), _newest(item.latest))
        for item in found
    )
    return tuple(line for line in lines if line)


def _before(key: Key, whose: Council, measure: Measure) -> words.Newest | None:
    frame = figures.series(key, measure.kpi, (whose.area_code,))
    return _newest(latest(frame, measure))


def _newest(found: Latest | None) -> words.Newest | None:
    if found is None or found.value is None:
        return None
    return words.Newest(found.period, found.period_label, found.value, found.decimals)


def _plan(page: Context, before: Key, whose: Council, built_on: date) -> Part | None:
    """The milestones now and as the release before stated them on the day that it was built.

    Were both read today, a promise whose day has passed in between would seem never to have been
    open.
    """
    rows = plan.milestones(page.key, whose.la_code, page.read_on)
    older = _held(lambda: plan.milestones(before, whose.la_code, built_on))
    if older is None or older.empty:
        return None if rows.empty else Part(words.NO_PLAN)
    is_shown = page.own_la_code == whose.la_code
    pairs = _pairs(older, rows, "milestone")
    lines = [line for pair in pairs if (line := words.milestone_line(*pair))]
    return _part(words.plan_summary(pairs), lines, *(PLAN if is_shown else ("", "")))


def _register(page: Context, before: Key, whose: Council) -> Part | None:
    """The verdicts on public statements, for the council that the register is about."""
    if whose.la_code != page.home.la_code:
        return None
    rows = register.verdicts(page.key)
    older = _held(lambda: register.verdicts(before))
    if older is None or older.empty:
        return None if rows.empty else Part(words.NO_VERDICTS)
    pairs = _pairs(older, rows, "claim_id")
    lines = [line for pair in pairs if (line := words.verdict_line(*pair))]
    return _part(words.register_summary(pairs), lines, *STATEMENTS)


def _part(summary: str, lines: list[str], page: str, title: str) -> Part:
    return Part(summary, tuple(lines[:NAMED]), words.more_line(len(lines) - NAMED, title), page)


def _pairs(before: pd.DataFrame, now: pd.DataFrame, name: str) -> Pairs:
    """Each row beside the one before of the same id, in today's order; what is gone stands last."""
    old, new = ({row[name]: row for row in records(frame)} for frame in (before, now))
    return [(old.get(key), new.get(key)) for key in {**new, **old}]
