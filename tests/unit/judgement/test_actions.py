"""What a declared action does to the observed weeks, and to those that come."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from pipelines.analysis.backlog import Queue, Scenario
from pipelines.judgement.actions import Effect, effect_of, played, settled
from pipelines.judgement.queue import Held
from pipelines.registry.scenarios import ScenarioAction

START = date(2025, 9, 29)
WEEKS = 30
FIRST = START - timedelta(weeks=WEEKS)
MONDAYS = tuple(FIRST + timedelta(weeks=week) for week in range(WEEKS))
HELD = Held(
    "999",
    START,
    MONDAYS,
    Queue(np.full(50, 25.0), np.full(WEEKS, 12.0), np.full(WEEKS, 10.0)),
    is_estimated=False,
)


def team(first_day: date, end_day: date | None = None) -> Effect:
    return Effect("A team", "completions", first_day, end_day, add=6)


def completions(effect: Effect) -> tuple[list[float], Scenario]:
    queue, scenario = played(HELD, "team", [effect])
    assert queue.arrivals.tolist() == HELD.queue.arrivals.tolist()
    return queue.completions.tolist(), scenario


def test_an_action_to_come_leaves_the_observed_weeks_and_changes_the_coming_ones() -> None:
    weeks, scenario = completions(team(START + timedelta(weeks=3)))
    assert weeks == [10.0] * WEEKS
    assert [(change.add, change.from_week) for change in scenario.changes] == [(6, 3)]


def test_an_action_within_a_week_counts_from_the_next_week_on() -> None:
    _, scenario = completions(team(START + timedelta(days=15)))
    assert scenario.changes[0].from_week == 3


def test_an_action_at_work_is_given_to_the_weeks_before_it_and_to_no_week_twice() -> None:
    weeks, scenario = completions(team(MONDAYS[20]))
    assert weeks == [16.0] * 20 + [10.0] * 10
    assert scenario.changes == ()


def test_an_action_that_begins_on_the_day_itself_is_given_to_every_observed_week() -> None:
    weeks, scenario = completions(team(START))
    assert weeks == [16.0] * WEEKS
    assert scenario.changes == ()


def test_an_action_at_work_that_will_end_is_taken_back_from_then_on() -> None:
    weeks, scenario = completions(team(MONDAYS[20], START + timedelta(weeks=8)))
    assert weeks == [16.0] * 20 + [10.0] * 10
    assert [(change.add, change.from_week) for change in scenario.changes] == [(-6, 8)]


def test_an_action_that_has_ended_is_taken_out_of_the_weeks_that_had_it() -> None:
    weeks, scenario = completions(team(MONDAYS[10], MONDAYS[20]))
    assert weeks == [10.0] * 10 + [4.0] * 10 + [10.0] * 10
    assert scenario.changes == ()


def test_an_action_without_effect_is_as_now() -> None:
    queue, scenario = played(HELD, "as now", [])
    assert queue is HELD.queue
    assert scenario.changes == ()


def test_the_settled_rates_count_what_stays_and_not_what_ends() -> None:
    stays = team(START + timedelta(weeks=3))
    ends = Effect(
        "Fewer", "arrivals", START + timedelta(weeks=1), START + timedelta(weeks=9), multiply=0.5
    )
    assert settled(*played(HELD, "both", [stays, ends])) == (12.0, 16.0)


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("staff", {"value": "6"}, ("completions", 1.0, 6.0)),
        ("ep_hours", {"value": "8", "before": "10"}, ("completions", 1.25, 0.0)),
        ("arrivals", {"value": "1.1"}, ("arrivals", 1.1, 0.0)),
        ("triage", {"value": "0.25"}, ("arrivals", 0.75, 0.0)),
    ],
    ids=["staff", "hours", "arrivals", "triage"],
)
def test_each_kind_of_action_changes_its_own_number(
    kind: str, cells: dict[str, str], expected: tuple[str, float, float]
) -> None:
    action = ScenarioAction(
        kind=kind,  # type: ignore[arg-type]
        title="An action",
        starts_on=START,
        is_assumption=True,
        why="A size for this test alone.",
        **{name: Decimal(cell) for name, cell in cells.items()},  # type: ignore[arg-type]
    )
    effect = effect_of(action)
    assert (effect.acts_on, effect.multiply, effect.add) == pytest.approx(expected)
