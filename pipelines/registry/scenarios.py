"""What a council considers doing: data/councils/<la_code>/scenarios.yml, read strictly.

A scenario is a named set of actions on the queue for assessment, or on the caseload; each action
changes one named thing from a date on, and says where its size stands or that we assume it. What an
action does to the model is with the models (pipelines/judgement); nothing is computed here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.plan import ID, Sourced
from pipelines.registry.plan_file import council_documents
from pipelines.registry.strict import Strict, load, nearest, short

SCENARIO_FILE = "scenarios.yml"

QUEUE_KINDS = ("staff", "ep_hours", "arrivals", "triage")
# Which kinds need which of the cells that not every kind has.
NEEDS = {"before": ("ep_hours",), "setting": ("new_plan_share", "move_rate"), "to": ("move_rate",)}


class ScenarioAction(Sourced):
    """One action: what it changes, by how much, from when."""

    kind: Literal[
        "staff",
        "ep_hours",
        "arrivals",
        "triage",
        "new_plan_share",
        "move_rate",
        "leaver_rate",
        "joiner_rate",
    ] = Field(description="Good: staff. Bad: more people.")
    title: str = Field(min_length=5, description="For the reader. Good: A second team. Bad: A.")
    starts_on: date = Field(description="First day. Good: 2025-09-01. Bad: autumn.")
    ends_on: date | None = Field(
        default=None, description="The day from which it no longer holds. Good: 2026-04-01."
    )
    value: Decimal = Field(
        gt=0,
        description="staff: more cases finished a week. ep_hours: hours a case, from then on. "
        "triage: share of cases met in another way, 0.2 for a fifth. new_plan_share: per cent of "
        "new plans that name the setting. The rest: a factor, 1.1 for a tenth more.",
    )
    before: Decimal | None = Field(
        default=None, gt=0, description="ep_hours: hours a case until then. Good: 10. Bad: ten."
    )
    setting: str | None = Field(
        default=None, description="A placement group. Good: mainstream. Bad: Mainstream schools."
    )
    to: str | None = Field(
        default=None, description="move_rate: the group moved to. Good: special. Bad: elsewhere."
    )

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> ScenarioAction:
        for name, kinds in NEEDS.items():
            if (getattr(self, name) is not None) != (self.kind in kinds):
                raise ValueError(f"`{name}` stands with {', '.join(kinds)}, and only there")
        most = {"triage": 1, "new_plan_share": 100}.get(self.kind)
        if most and self.value > most:
            raise ValueError(f"the value of {self.kind} is at most {most}")
        if self.kind == "triage" and self.value == 1:
            raise ValueError("a triage that diverts every case leaves no queue to speak of")
        if self.ends_on and self.ends_on <= self.starts_on:
            raise ValueError("`ends_on` is later than `starts_on`")
        return self


class Scenario(Strict):
    """A named set of actions."""

    id: str = Field(pattern=ID, description="Good: second-team. Bad: Scenario 1.")
    title: str = Field(min_length=5, description="Good: The second team stays. Bad: Plan B.")
    is_current: bool = Field(
        default=False,
        description="True for what is being done: the chance of a milestone rests on it. One of "
        "the queue and one of the caseload at most.",
    )
    actions: tuple[ScenarioAction, ...] = Field(min_length=1, description="Good: one or two.")

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Scenario:
        if len({action.kind in QUEUE_KINDS for action in self.actions}) > 1:
            raise ValueError(f"{self.id}: its actions are on the queue, or on the caseload")
        titles = [action.title for action in self.actions]
        if len(set(titles)) < len(titles):
            raise ValueError(f"{self.id}: two actions have one title")
        return self

    @property
    def is_of_queue(self) -> bool:
        """Whether it is about the queue for assessment, and not about the caseload."""
        return self.actions[0].kind in QUEUE_KINDS


class Scenarios(Strict):
    """data/councils/<la_code>/scenarios.yml."""

    la_code: str = Field(pattern=r"^\d{3}$", description="Good: '860'. Bad: E10000028.")
    scenarios: tuple[Scenario, ...] = Field(min_length=1, description="Good: two. Bad: none.")

    @model_validator(mode="after")
    def _ids_and_one_current(self) -> Scenarios:
        ids = [scenario.id for scenario in self.scenarios]
        if len(set(ids)) < len(ids):
            raise ValueError("two scenarios have one id")
        for is_of_queue in (True, False):
            current = [
                s.id for s in self.scenarios if s.is_current and s.is_of_queue is is_of_queue
            ]
            if len(current) > 1:
                raise ValueError(f"one scenario is what is being done, not {', '.join(current)}")
        return self


def scenarios(council_folder: Path) -> tuple[Scenario, ...]:
    """The scenarios of one council; none where it has no such file.

    Raises:
        RegistryError: a key, kind or combination is wrong, or a document is not known.
    """
    path = council_folder / SCENARIO_FILE
    if not path.is_file():
        return ()
    held = load(Scenarios, path)
    if held.la_code != council_folder.name:
        raise RegistryError(
            f"la_code is '{held.la_code}'",
            where=short(path),
            remedy=f"The path is the name: write la_code: '{council_folder.name}'",
        )
    _require_documents(held, council_folder)
    return held.scenarios


def _require_documents(held: Scenarios, council_folder: Path) -> None:
    named = {action.document for item in held.scenarios for action in item.actions} - {None}
    known = council_documents(council_folder) if named else {}
    for name in sorted(str(name) for name in named):
        if name not in known:
            raise RegistryError(
                f"no document '{name}'{nearest(name, known)}",
                where=short(council_folder / SCENARIO_FILE),
                remedy="Describe it in statements.yml or under `documents` of delivery_plan.yml.",
            )
