"""Decisions of a council that a chart's limits begin anew: data/councils/<la_code>/rebases.yml.

The limits of a process that was changed on purpose are measured anew from a period on, and charts
show it as a break. Only a dated decision with its reason does so; nothing decides it by itself. A
break in the figures' meaning is no decision: it stands with the measure (`break_at`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.strict import Strict, load, short

REBASE_FILE = "rebases.yml"


class Rebase(Strict):
    """One decision about one series of the council."""

    kpi: str = Field(description="A file in sql/kpi. Good: overdue_cases. Bad: Overdue cases.")
    breakdown_topic: str = Field(default="All", description="Good: Primary need. Bad: need.")
    breakdown: str = Field(default="All", description="Good: Moderate learning difficulty.")
    of: Literal["months", "years"] = Field(description="Which line of the measure. Good: months.")
    first_period: str = Field(
        pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$",
        description="The first period of the new limits. Good: '2025-10'. Bad: autumn 2025.",
    )
    decided_on: date = Field(description="Day of the decision. Good: 2026-06-01. Bad: June.")
    decided_by_role: str = Field(
        min_length=3, description="An office. Good: send-service-lead. Bad: a person's name."
    )
    reason: str = Field(
        min_length=20,
        description="What changed in the work, for anybody to read. "
        "Good: A second team began in September 2025 and stays. Bad: better limits.",
    )

    @model_validator(mode="after")
    def _names_a_period_of_its_line(self) -> Rebase:
        if (self.of == "months") != (len(self.first_period) == len("2025-10")):
            raise ValueError("first_period is a month (2025-10) of months, a year (2025) of years")
        return self

    @property
    def place(self) -> int:
        """The first period as a number that counts months, or years."""
        year = int(self.first_period[:4])
        return 12 * year + int(self.first_period[5:]) - 1 if self.of == "months" else year


class Rebases(Strict):
    """data/councils/<la_code>/rebases.yml."""

    la_code: str = Field(pattern=r"^\d{3}$", description="Good: '860'. Bad: E10000028.")
    rebases: tuple[Rebase, ...] = Field(description="Good: a list. Bad: one decision alone.")

    @model_validator(mode="after")
    def _decided_once(self) -> Rebases:
        told = [
            (item.kpi, item.breakdown_topic, item.breakdown, item.of, item.first_period)
            for item in self.rebases
        ]
        if len(set(told)) < len(told):
            raise ValueError("the limits of one series begin anew twice at one period")
        return self


def rebases(council_folder: Path) -> tuple[Rebase, ...]:
    """The decisions of one council; none where it has no such file.

    Raises:
        RegistryError: a key is unknown, a decision lacks date or reason, or the file is another's.
    """
    path = council_folder / REBASE_FILE
    if not path.is_file():
        return ()
    held = load(Rebases, path)
    if held.la_code != council_folder.name:
        raise RegistryError(
            f"la_code is '{held.la_code}'",
            where=short(path),
            remedy=f"The path is the name: write la_code: '{council_folder.name}'",
        )
    return held.rebases
