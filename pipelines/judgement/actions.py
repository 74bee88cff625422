"""What a council's declared actions do to its queue, from a date on.

An action that began before the queue's day is at work in some of the observed weeks already. It is
then given to the weeks before it, and never twice to those that had it; one that has ended is
taken out of those that had it. So the same words mean the same work on any day they are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipelines.analysis.backlog import Change, Queue, Scenario
from pipelines.analysis.ranges import Floats
from pipelines.judgement.queue import Held
from pipelines.registry.scenarios import ScenarioAction


@dataclass(frozen=True)
class Effect:
    """One action on the weekly numbers, between two dates.

    Attributes:
        name: what is done, for the reader.
        acts_on: arrivals or completions.
        multiply: what the weekly number is multiplied by; above nought.
        add: what is then added to it, cases a week.
        first_day: from when.
        end_day: the first day on which it no longer holds; None where it stays.
    """

    name: str
    acts_on: Literal["arrivals", "completions"]
    first_day: date
    end_day: date | None = None
    multiply: float = 1.0
    add: float = 0.0


def effect_of(action: ScenarioAction) -> Effect:
    """What a declared action on the queue does."""
    value = float(action.value)
    days = (action.starts_on, action.ends_on)
    if action.kind == "staff":
        return Effect(action.title, "completions", *days, add=value)
    if action.kind == "ep_hours":
        # Half the hours a case, where cases wait for them, is twice the cases.
        return Effect(
            action.title, "completions", *days, multiply=float(action.before or 0) / value
        )
    if action.kind == "triage":
        return Effect(action.title, "arrivals", *days, multiply=1 - value)
    return Effect(action.title, "arrivals", *days, multiply=value)


def settled(queue: Queue, scenario: Scenario) -> tuple[float, float]:
    """Arrivals and completions a week, on average, once every change is at work."""
    level = {
        "arrivals": float(queue.arrivals.mean()),
        "completions": float(queue.completions.mean()),
    }
    for change in scenario.changes:
        if change.until_week is None:
            changed = level[change.acts_on] * change.multiply + change.add
            level[change.acts_on] = max(changed, 0.0)
    return level["arrivals"], level["completions"]


def played(held: Held, name: str, effects: Sequence[Effect]) -> tuple[Queue, Scenario]:
    """The queue and the changes that stand for these actions, seen from the queue's day."""
    queue, changes = held.queue, []
    for effect in effects:
        if effect.first_day > held.start:
            changes.append(_change(held, effect))
            continue
        has_ended = effect.end_day is not None and effect.end_day <= held.start
        queue = _with_history(queue, effect, _in_force(held, effect), gives=not has_ended)
        if effect.end_day is not None and not has_ended:
            changes.append(_its_end(effect, _week_of(held, effect.end_day)))
    return queue, Scenario(name, tuple(changes))


def _in_force(held: Held, effect: Effect) -> NDArray[np.bool_]:
    """The observed weeks in which the action was at work."""
    return np.array(
        [
            effect.first_day <= monday and (effect.end_day is None or monday < effect.end_day)
            for monday in held.mondays
        ]
    )


def _with_history(
    queue: Queue, effect: Effect, in_force: NDArray[np.bool_], *, gives: bool
) -> Queue:
    """Give the action to the weeks that lacked it, or take it from those that had it."""
    weekly: Floats = queue.arrivals if effect.acts_on == "arrivals" else queue.completions
    if gives:
        changed = np.where(in_force, weekly, weekly * effect.multiply + effect.add)
    else:
        changed = np.where(in_force, (weekly - effect.add) / effect.multiply, weekly)
    changed = np.maximum(changed, 0)
    if effect.acts_on == "arrivals":
        return replace(queue, arrivals=changed)
    return replace(queue, completions=changed)


def _change(held: Held, effect: Effect) -> Change:
    end = None if effect.end_day is None else _week_of(held, effect.end_day)
    return Change(
        effect.name,
        effect.acts_on,
        effect.multiply,
        effect.add,
        _week_of(held, effect.first_day),
        end,
    )


def _its_end(effect: Effect, week: int) -> Change:
    """What is lost when an action that is at work ends."""
    back = 1 / effect.multiply
    return Change(f"{effect.name}: ends", effect.acts_on, back, -effect.add * back, week)


def _week_of(held: Held, day: date) -> int:
    """The first simulated week that begins on the day or after it, counted from 0."""
    return max(0, -((held.start - day).days // 7))
