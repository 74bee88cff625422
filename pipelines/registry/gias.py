"""The register of schools as data: data/reference/sources/gias.yml as frozen models.

Nothing is read from the register here; that is the work of pipelines/ingest/gias.py.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

from pydantic import Field, model_validator

from pipelines.registry.council_returns import EVERY_YEAR
from pipelines.registry.record_rules import RuleBook, read_rules
from pipelines.registry.sen2 import Element, Module
from pipelines.registry.strict import Strict, load

FIRST_YEAR = 2017


class GiasColumn(Strict):
    """One column of the register.

    Attributes:
        heading: as the publisher prints it.
        type: text, date (28-09-2025 in the file), or the name of a pattern.
        is_needed: whether a file without it cannot be used.
    """

    heading: str
    type: str
    is_needed: bool = False


class GiasSource(Strict):
    """data/reference/sources/gias.yml."""

    source: str
    table: str
    recognised_by: tuple[str, ...] = Field(min_length=1)
    patterns: dict[str, str]
    columns: dict[str, GiasColumn]
    nothing: tuple[str, ...]
    sen_units: tuple[str, ...]
    resourced_provisions: tuple[str, ...]
    placement_choices: dict[str, tuple[str, ...]]
    placement_groups: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _whole(self) -> GiasSource:
        for pattern in self.patterns.values():
            re.compile(pattern)
        for name, column in self.columns.items():
            if column.type not in {"text", "date", *self.patterns}:
                raise ValueError(f"{name}: no type '{column.type}'")
        for question, settings in self.placement_choices.items():
            unknown = set(settings) - set(self.group_of)
            if unknown:
                raise ValueError(f"{question}: no group for {', '.join(sorted(unknown))}")
        return self

    @property
    def group_of(self) -> dict[str, str]:
        """Placement setting -> group."""
        return {item: group for group, items in self.placement_groups.items() for item in items}

    @property
    def special_provisions(self) -> tuple[str, ...]:
        """What may stand under TypeOfResourcedProvision (name)."""
        return tuple(dict.fromkeys((*self.sen_units, *self.resourced_provisions)))

    @cached_property
    def modules(self) -> dict[str, Module]:
        """The register as a module, for the typed tables that the rules read."""
        elements = tuple(
            Element(
                column=name,
                element=column.heading,
                type=column.type,
                years=(FIRST_YEAR,),
                collect=column.heading.lower(),
            )
            for name, column in self.columns.items()
        )
        module = Module(
            element=self.table,
            collect_table=self.table,
            template_table=self.table,
            elements=elements,
        )
        return {self.table: module}


@cache
def gias(project_root: Path) -> GiasSource:
    """The description of the register.

    Raises:
        RegistryError: a key is unknown, or a type or group does not exist.
    """
    return load(GiasSource, project_root / "data" / "reference" / "sources" / "gias.yml")


@cache
def gias_rules(project_root: Path) -> RuleBook:
    """The rules for the register."""
    known = gias(project_root)
    codes = {EVERY_YEAR: {"SpecialProvision": known.special_provisions}}
    return read_rules(project_root, "gias", known.modules, known.patterns, codes)
