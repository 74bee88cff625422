"""Actions, what each of them contributes, and what it would take to reach a goal.

Generic over the model that is run: a run takes a list of actions and gives one result. What the
actions mean stands with each model (backlog.py, cohort.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Action = TypeVar("Action")


@dataclass(frozen=True)
class Contributions(Generic[Action]):
    """What a set of actions changes, and how much of it each would change by itself.

    Args:
        baseline: the result without any action.
        alone: each action with the change that it would bring by itself.
        together: the result with all of them.
        interaction: what together differs from the baseline beyond the sum of those changes.
            Negative where actions get in each other's way, or do the same thing twice.
    """

    baseline: float
    alone: tuple[tuple[Action, float], ...]
    together: float
    interaction: float


def contributions(
    run: Callable[[Sequence[Action]], float], actions: Sequence[Action]
) -> Contributions[Action]:
    """Run the model without actions, with each alone, and with all.

    run: gives one number, the same each time for the same actions (a fixed seed), so that what
    differs between two calls is the actions and not chance.
    """
    baseline = run([])
    alone = tuple((action, run([action]) - baseline) for action in actions)
    together = run(actions)
    interaction = together - baseline - sum(change for _, change in alone)
    return Contributions(baseline, alone, together, interaction)


@dataclass(frozen=True)
class Answer:
    """The smallest amount of an action that reaches the goal, or None if even the most does not.

    Args:
        amount: what it takes, to the tolerance asked for.
        reached: the result with that amount, or with the most where the goal is out of reach.
    """

    amount: float | None
    reached: float


def what_it_takes(
    result_of: Callable[[float], float],
    goal: float,
    least: float,
    most: float,
    tolerance: float,
) -> Answer:
    """Halve the interval between least and most until the amount that reaches the goal is known.

    result_of: rises with the amount, and gives the same each time for the same amount.
    """
    at_least = result_of(least)
    if at_least >= goal:
        return Answer(least, at_least)
    reached = result_of(most)
    if reached < goal:
        return Answer(None, reached)
    while most - least > tolerance:
        middle = (least + most) / 2
        result = result_of(middle)
        if result >= goal:
            most, reached = middle, result
        else:
            least = middle
    return Answer(most, reached)
