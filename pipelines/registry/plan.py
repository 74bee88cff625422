"""The council's delivery plan: data/councils/<la_code>/delivery_plan.yml, read strictly.

What belongs here: the shape of the file and its checks. What does not: what was noted or moved
later (plan_log.py), the rows it lands as (plan_rows.py), and any status, which sql/marts computes.
It is read by plan_file.py.

Whatever the file holds names the document it stands in, or says that it is our assumption and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from pydantic import Field, field_validator, model_validator

from pipelines.registry.statements import Document, Unit
from pipelines.registry.strict import Strict, nearest

ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


class Sourced(Strict):
    """Something that stands in a document, or that we assume."""

    document: str | None = Field(
        default=None,
        pattern=r"^\d{3}$",
        description="Id of a document, here or in statements.yml. Good: '000'. Bad: website.",
    )
    is_assumption: bool = Field(
        default=False, description="True where no document says it. Good: true. Bad: maybe."
    )
    why: str | None = Field(
        default=None,
        min_length=15,
        description="How the document's words were read, or why we assume it. "
        "Good: no document names a year, so the last year of the strategy stands in. Bad: obvious.",
    )

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Sourced:
        if (self.document is None) != self.is_assumption:
            raise ValueError(
                "give `document`, where it stands, or `is_assumption: true`: one of the two"
            )
        if self.is_assumption and not self.why:
            raise ValueError("an assumption says `why`")
        return self


class Level(Strict):
    """How high a measure is to be: a number, or what another area has at the time."""

    value: Decimal | None = Field(
        default=None, description="In the measure's unit. Good: 48. Bad: '48 places'."
    )
    same_as_area: str | None = Field(
        default=None,
        pattern=r"^(\d{3}|[ERX]\d{8})$",
        description="The area whose value is to be reached. Good: E92000001. Bad: England.",
    )

    @model_validator(mode="after")
    def _one_level(self) -> Level:
        if (self.value is None) == (self.same_as_area is None):
            raise ValueError("give `value` or `same_as_area`: one of the two")
        return self

    @field_validator("same_as_area")
    @classmethod
    def _authority_by_digits(cls, area: str | None) -> str | None:
        if area and re.match(r"^E(06|07|08|09|10)", area):
            raise ValueError("an authority is named by its three-digit code, for example '860'")
        return area


class Role(Sourced):
    """Somebody's office, never a person: who owns actions, and who may write in the log."""

    id: str = Field(pattern=ID, description="Good: send-service-lead. Bad: a person's name.")
    title: str = Field(min_length=5, description="Good: Lead of the SEND service. Bad: Lead.")


class Priority(Sourced):
    """A heading of the plan."""

    id: str = Field(pattern=ID, description="Good: early-help. Bad: Priority 1.")
    title: str = Field(min_length=5, description="Good: Help at an early stage. Bad: Help.")


class Owner(Sourced):
    """Who answers for an action."""

    role: str = Field(description="Id of a role. Good: send-service-lead. Bad: a person's name.")


class Funding(Sourced):
    """What an action is paid from."""

    says: str = Field(min_length=5, description="Good: about £500,000 for extra staff. Bad: yes.")
    amount_gbp: Decimal | None = Field(default=None, gt=0, description="Good: 500000. Bad: £0.5m.")


class Baseline(Sourced):
    """Where a measure stood when the plan was made, as the document has it."""

    says: str = Field(min_length=1, description="Good: almost 300. Bad: (empty).")
    value: Decimal = Field(description="Good: 300. Bad: ~300.")
    period: str | None = Field(
        default=None,
        pattern=r"^\d{4}(-\d{2})?$",
        description="Only where the document names it. Good: '2023-01'. Bad: last year.",
    )


class Target(Sourced, Level):
    """Where a measure is to end up."""


class Milestone(Level):
    """A date and what the measure is to be by then."""

    id: str = Field(pattern=ID, description="Good: places-open-2026. Bad: M1 (tells nothing).")
    says: str = Field(
        min_length=5, description="In our own words. Good: 143 more places are open. Bad: done."
    )
    due: date = Field(description="Good: 2026-09-01. Bad: next school year.")
    document: str | None = Field(
        default=None, pattern=r"^\d{3}$", description="As elsewhere. Good: '000'. Bad: website."
    )
    is_date_assumption: bool = Field(
        default=False, description="True where no document gives the date. Good: true. Bad: maybe."
    )
    is_value_assumption: bool = Field(
        default=False, description="True where no document gives the value. Good: true. Bad: maybe."
    )
    why: str | None = Field(
        default=None, min_length=15, description="As elsewhere. Good: a sentence. Bad: obvious."
    )

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Milestone:
        is_ours = self.is_date_assumption and self.is_value_assumption
        if (self.document is None) != is_ours:
            raise ValueError(
                f"{self.id}: `document` says where date or value stand; it is left out only where "
                "both are assumptions"
            )
        if (self.is_date_assumption or self.is_value_assumption) and not self.why:
            raise ValueError(f"{self.id}: an assumption says `why`")
        return self


class PlanMeasure(Strict):
    """What tells whether an action works: a measure of the house, or one that nothing tests yet."""

    id: str = Field(pattern=ID, description="Good: overdue-cases. Bad: KPI 3.")
    kpi: str | None = Field(
        default=None, description="A file in sql/kpi. Good: overdue_cases. Bad: Overdue cases."
    )
    breakdown_topic: str = Field(default="All", description="Good: SEN provision. Bad: sen_prov.")
    breakdown: str = Field(default="All", description="Good: SEN support. Bad: K.")
    title: str | None = Field(
        default=None,
        min_length=5,
        description="Without a kpi, or beside one where several measures share it. "
        "Good: Special school places opened. Bad: Places.",
    )
    unit: Unit | None = Field(default=None, description="Without a kpi only. Good: count. Bad: n.")
    polarity: Literal["high_is_good", "low_is_good"] | None = Field(
        default=None,
        description="Without a kpi, or where the kpi has none. Good: high_is_good. Bad: up.",
    )
    needs: str | None = Field(
        default=None,
        min_length=15,
        description="Without a kpi: the data that would test it. "
        "Good: the council's places return. Bad: more data.",
    )
    baseline: Baseline | None = Field(default=None, description="Good: a value. Bad: a list.")
    target: Target | None = Field(default=None, description="Good: a value. Bad: a date.")
    milestones: tuple[Milestone, ...] = Field(
        default=(), description="By date. Good: one for each promise. Bad: one for every month."
    )

    @model_validator(mode="after")
    def _is_tested_or_says_how(self) -> PlanMeasure:
        own = {"unit": self.unit, "needs": self.needs}
        if self.kpi:
            given = [name for name, cell in own.items() if cell]
            if given:
                raise ValueError(f"{self.id}: the kpi tells {', '.join(given)}; leave it out here")
        else:
            missing = [
                name
                for name, cell in {"title": self.title, **own, "polarity": self.polarity}.items()
                if not cell
            ]
            if missing:
                raise ValueError(f"{self.id}: without a kpi it needs {', '.join(missing)}")
        days = [milestone.due for milestone in self.milestones]
        if days != sorted(set(days)):
            raise ValueError(f"{self.id}: milestones stand by date, one for a day")
        return self


class StatusNote(Strict):
    """What a document reported about an action. What officers note goes to the log instead."""

    day: date = Field(description="Day of the document. Good: 2025-11-20. Bad: Nov 2025.")
    document: str = Field(pattern=r"^\d{3}$", description="Good: '000'. Bad: website.")
    text: str = Field(min_length=15, description="In our own words. Good: a sentence. Bad: ok.")


class Action(Sourced):
    """Something that the council has said it does."""

    id: str = Field(
        pattern=ID,
        description="As the places and spend returns write it. Good: places-2026. Bad: Action 4.",
    )
    title: str = Field(min_length=10, description="In our own words. Good: a clause. Bad: Places.")
    priority: str = Field(description="Id of a priority. Good: places. Bad: Places near home.")
    owner: Owner = Field(description="Good: {role: send-service-lead, ...}. Bad: a name.")
    funding: Funding | None = Field(default=None, description="Good: {says: ...}. Bad: 500000.")
    depends_on: tuple[str, ...] = Field(
        default=(), description="Ids of actions. Good: [train-staff]. Bad: [money]."
    )
    measures: tuple[PlanMeasure, ...] = Field(
        min_length=1, description="Good: one or two. Bad: none."
    )
    status_notes: tuple[StatusNote, ...] = Field(
        default=(), description="Good: what the document reported. Bad: what an officer thinks."
    )


class Plan(Strict):
    """data/councils/<la_code>/delivery_plan.yml."""

    la_code: str = Field(pattern=r"^\d{3}$", description="Good: '860'. Bad: E10000028.")
    title: str = Field(min_length=10, description="Good: the strategy's name. Bad: Plan.")
    first_year: int = Field(ge=2014, le=2100, description="Good: 2026. Bad: 2026/27.")
    last_year: int = Field(ge=2014, le=2100, description="Good: 2029. Bad: 2028/29.")
    basis: str = Field(
        min_length=30, description="What the file was made from. Good: sentences. Bad: documents."
    )
    documents: tuple[Document, ...] = Field(
        default=(), description="Those that statements.yml lacks. Good: a law. Bad: one from there."
    )
    roles: tuple[Role, ...] = Field(min_length=1, description="Good: a list. Bad: names.")
    priorities: tuple[Priority, ...] = Field(min_length=1, description="Good: a list. Bad: text.")
    actions: tuple[Action, ...] = Field(min_length=1, description="Good: a list. Bad: a title.")

    @model_validator(mode="after")
    def _joined_up(self) -> Plan:
        for entries in (self.documents, self.roles, self.priorities, self.actions):
            _unique(entry.id for entry in entries)
        _unique(measure.id for measure in self.measures())
        _unique(entry.id for measure in self.measures() for entry in measure.milestones)
        if self.last_year < self.first_year:
            raise ValueError("`last_year` lies before `first_year`")
        self._require_known()
        return self

    def measures(self) -> Iterator[PlanMeasure]:
        """Every measure, in the order of the actions."""
        for action in self.actions:
            yield from action.measures

    def milestones(self) -> dict[str, Milestone]:
        """Every milestone by its id."""
        return {entry.id: entry for measure in self.measures() for entry in measure.milestones}

    def _require_known(self) -> None:
        roles = {entry.id for entry in self.roles}
        priorities = {entry.id for entry in self.priorities}
        actions = {entry.id for entry in self.actions}
        for action in self.actions:
            _known(action.owner.role, roles, f"{action.id}: role")
            _known(action.priority, priorities, f"{action.id}: priority")
            for name in action.depends_on:
                _known(name, actions, f"{action.id}: depends_on")
        graph = {action.id: action.depends_on for action in self.actions}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            raise ValueError(f"actions depend on each other in a circle: {circle}") from error


def _unique(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for entry in ids:
        if entry in seen:
            raise ValueError(f"the id {entry} stands twice")
        seen.add(entry)


def _known(name: str, known: set[str], what: str) -> None:
    if name not in known:
        raise ValueError(f"{what} '{name}' is not in this file{nearest(name, known)}")
