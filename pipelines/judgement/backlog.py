"""When will the overdue cases be cleared? marts.backlog_forecast, backlog_week and backlog_test.

For each council that has rows: the queue as it runs now and under each declared scenario, oldest
first and newest first, from its newest return or extract; and the same question put to every
earlier one, held against what came. Method: docs/methods.md, "When will the backlog clear?".
Never public: it rests on the weeks of single cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from pipelines.analysis import backlog, queue_ratios
from pipelines.analysis.queue_weeks import Order
from pipelines.analysis.ranges import Floats
from pipelines.analysis.scoring import is_reliable
from pipelines.judgement.actions import Effect, effect_of, played, settled
from pipelines.judgement.backlog_columns import COLUMNS
from pipelines.judgement.backlog_test import backlog_tests, held_pct, stray_of
from pipelines.judgement.queue import Held, Rows, councils, queue_on
from pipelines.judgement.rows import table_of
from pipelines.registry.scenarios import scenarios

if TYPE_CHECKING:
    import duckdb

    from pipelines.judgement.make import Inputs

# Any other would do as well; a fixed one makes a release the same when it is built again.
SEED = 20250901
AS_NOW = "as-now"
RELIEF_WEEKS = 52
MEASURE = "overdue_cases"
DO_NOT_RELY = "Do not rely on this range."

Record = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """The plan's next milestone for overdue cases, or the law where the plan has none ahead."""

    level: int = 0
    milestone: str | None = None
    due: date | None = None


@dataclass(frozen=True)
class Case:
    """One question: a queue, what is done about it, and what is to be reached."""

    rows: Rows
    held: Held
    goal: Goal
    scenario: Record
    effects: Sequence[Effect]
    notes: Mapping[Order, str]


def tables(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> Mapping[str, Any]:
    """Simulate every queue; the tables by name."""
    made: dict[str, list[Record]] = {name: [] for name in COLUMNS}
    for rows in councils(connection):
        stray = stray_of(rows)
        tests = list(backlog_tests(rows, stray))
        held = queue_on(rows, rows.days[-1])
        if held is not None:
            held = replace(held, queue=replace(held.queue, stray=stray))
            goal = _goal(connection, held)
            notes = {order: _note(tests, order, stray) for order in get_args(Order)}
            for scenario, effects in courses(rows.la_code, inputs):
                for order in get_args(Order):
                    _answer(Case(rows, held, goal, scenario, effects, notes), order, made)
        made["marts.backlog_test"] += tests
    return {name: table_of(COLUMNS[name], records) for name, records in made.items()}


def _note(tests: Sequence[Record], order: Order, stray: float) -> str:
    """What the past says of the range under one order of work, for the page.

    How far the pace strays was learned from the forecasts that work oldest first, so that note
    says it.
    """
    own = [test for test in tests if test["work_order"] == order.replace(" ", "_")]
    held = held_pct(own)
    if held is None:
        return f"No earlier return or extract tests this. {DO_NOT_RELY}"
    said = [f"{order.capitalize()}, the 80% range held {held:.0f}% of {len(own)} past values."]
    if stray and order == "oldest first":
        said.append(f"The range lets the pace stray by {stray:.1f} cases a week, as it has before.")
    if not is_reliable(held):
        said.append(DO_NOT_RELY)
    return " ".join(said)


def _goal(connection: duckdb.DuckDBPyConnection, held: Held) -> Goal:
    found = connection.execute(
        "select cast(level_value as integer), milestone, current_due_date "
        "from marts.plan_milestone where kpi = ? and breakdown_topic = 'All' and la_code = ? "
        "and current_due_date > ? and level_value is not null "
        "order by current_due_date, position limit 1",
        [MEASURE, held.la_code, held.start],
    ).fetchone()
    return Goal(*found) if found else Goal()


def courses(la_code: str, inputs: Inputs) -> Iterator[tuple[Record, Sequence[Effect]]]:
    """What is done about the queue: nothing new, then what the council has declared."""
    declared = scenarios(inputs.council_folder) if la_code == inputs.council_folder.name else ()
    of_queue = [item for item in declared if item.is_of_queue]
    yield (
        {
            "la_code": la_code,
            "scenario": AS_NOW,
            "scenario_title": "As in the past year",
            "is_being_done": not any(item.is_current for item in of_queue),
            "is_size_assumed": False,
        },
        (),
    )
    for item in of_queue:
        yield (
            {
                "la_code": la_code,
                "scenario": item.id,
                "scenario_title": item.title,
                "is_being_done": item.is_current,
                "is_size_assumed": any(action.is_assumption for action in item.actions),
            },
            [effect_of(action) for action in item.actions],
        )


def _answer(case: Case, order: Order, made: Mapping[str, list[Record]]) -> None:
    """The rows of one question under one order of work."""
    queue, changes = played(case.held, case.scenario["scenario_title"], case.effects)
    (told,) = backlog.forecast(queue, [changes], order=order, goal=case.goal.level, seed=SEED)
    key = {
        "la_code": case.rows.la_code,
        "scenario": case.scenario["scenario"],
        "work_order": order.replace(" ", "_"),
    }
    made["marts.backlog_forecast"].append(
        {
            **case.scenario,
            **key,
            **_state(case.held, case.rows),
            **_ratios(case, queue, changes),
            **_clearance(case, told),
            **_by_due(case, told, queue, changes),
            "run_count": backlog.RUNS,
            "horizon_weeks": backlog.WEEKS,
            "seed": SEED,
            "stray_a_week": case.held.queue.stray,
            "forecast_note": case.notes[order],
        }
    )
    made["marts.backlog_week"] += [{**key, **week} for week in _weeks(case.held.start, told)]


def _state(held: Held, rows: Rows) -> Record:
    """What is known on the day."""
    return {
        "queue_date": held.start,
        "open_count": len(held.queue.age_weeks),
        "overdue_count": rows.overdue_on(held.start),
        "history_from": held.mondays[0],
        "history_weeks": len(held.mondays),
        "ready_weeks": held.queue.ready_weeks,
        "is_estimated": held.is_estimated,
    }


def _ratios(case: Case, queue: backlog.Queue, changes: backlog.Scenario) -> Record:
    """The plain ratios, once every action is at work."""
    arrivals, completions = settled(queue, changes)
    weeks = RELIEF_WEEKS
    if case.goal.due is not None:
        weeks = max(1, backlog.weeks_until(case.held.start, case.goal.due))
    open_count = len(queue.age_weeks)
    return {
        "arrivals_a_week": arrivals,
        "completions_a_week": completions,
        "queue_load": queue_ratios.load(arrivals, completions) if completions > 0 else None,
        "target_queue": queue_ratios.target_queue(arrivals),
        "relief_weeks": weeks,
        "relief_capacity": queue_ratios.relief_capacity(open_count, arrivals, weeks),
    }


def _clearance(case: Case, told: backlog.Forecast) -> Record:
    start = case.held.start
    days: list[date | None] = [backlog.date_of(start, week) for week in told.clear_weeks]
    if case.held.queue.overdue <= case.goal.level:
        days = [start] * len(days)
    return {
        **dict(zip(("clear_date_p10", "clear_date_p50", "clear_date_p90"), days, strict=True)),
        "never_share": told.never_share,
        "back_share": told.back_share,
    }


def _by_due(
    case: Case, told: backlog.Forecast, queue: backlog.Queue, changes: backlog.Scenario
) -> Record:
    """What is said of the milestone's day; nothing where it lies beyond the weeks simulated."""
    goal, chance, needed = case.goal, None, None
    week = backlog.weeks_until(case.held.start, goal.due) if goal.due else 0
    if 1 <= week <= backlog.WEEKS:
        chance = float(told.goal_share[week - 1])
        if told.order == "oldest first":
            needed = backlog.needed_capacity(queue, week, changes, goal=goal.level, seed=SEED)
    return {
        "goal": goal.level,
        "milestone": goal.milestone,
        "goal_date": goal.due,
        "chance": chance,
        "needed_capacity": needed,
    }


def _weeks(start: date, told: backlog.Forecast) -> Iterator[Record]:
    """One row a week; every fourth also holds what was finished in the four weeks up to it."""
    for index in range(backlog.WEEKS):
        row: Record = {
            "week_number": index + 1,
            "week_end": backlog.date_of(start, index + 1),
            "goal_share": float(told.goal_share[index]),
            **_range("overdue", told.overdue, index),
            **_range("open", told.open_cases, index),
        }
        if (index + 1) % backlog.MONTH_WEEKS == 0:
            month = index // backlog.MONTH_WEEKS
            row |= _range("on_time_pct", told.on_time_pct, month)
            row |= _range("finished", told.finished, month)
            row |= _range("late_finished", told.late_completions, month)
        yield row


def _range(name: str, quantiles: Floats, place: int) -> Record:
    """P10, P50 and P90 at one place; empty where the runs have no value."""
    cells = quantiles[:, place].tolist()
    return {
        f"{name}_{share}": cell if cell == cell else None
        for share, cell in zip(("p10", "p50", "p90"), cells, strict=True)
    }
