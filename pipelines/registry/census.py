"""The school census as data: data/reference/sources/census.yml as frozen models.

Modules are tables of the COLLECT export; nothing is read from one here, that is the work of
pipelines/ingest/census.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

from pydantic import Field, model_validator

from pipelines.registry.council_returns import EVERY_YEAR, CouncilReturns
from pipelines.registry.record_rules import RuleBook, read_rules
from pipelines.registry.sen2 import PLAIN_TYPES, Element, Module
from pipelines.registry.strict import Strict, load

ROOT_MODULE, PUPIL_MODULE = "schoolcensus", "pupil_on_roll"


class CensusModule(Strict):
    """One table of the export.

    Attributes:
        tables: its name in the export of each term; a term that lacks it is left out.
        parent: module whose row it belongs to; None for the census itself.
        needed: columns without which it says too little.
    """

    tables: dict[str, str] = Field(min_length=1)
    parent: str | None = None
    needed: tuple[str, ...] = ()
    elements: tuple[Element, ...] = Field(min_length=1)

    @property
    def names(self) -> frozenset[str]:
        """Its names in all terms."""
        return frozenset(self.tables.values())


class Census(Strict):
    """data/reference/sources/census.yml."""

    collection: str
    terms: dict[str, str]
    patterns: dict[str, str]
    codes: dict[str, dict[str, str]]
    modules: dict[str, CensusModule]
    not_used: tuple[str, ...]
    ap_census: CouncilReturns

    @model_validator(mode="after")
    def _whole(self) -> Census:
        for pattern in self.patterns.values():
            re.compile(pattern)
        for name, module in self.modules.items():
            if module.parent is not None and module.parent not in self.modules:
                raise ValueError(f"{name}: no module '{module.parent}'")
            if set(module.tables) - set(self.terms):
                raise ValueError(f"{name}: a term that does not exist")
            for item in module.elements:
                self._check(item)
        if set(self.not_used) & set(self.module_of):
            raise ValueError("a table is a module's and not used at once")
        return self

    def _check(self, item: Element) -> None:
        if item.type not in PLAIN_TYPES | self.patterns.keys():
            raise ValueError(f"{item.column}: no type '{item.type}'")
        if (item.type == "code") != (item.codes in self.codes):
            raise ValueError(f"{item.column}: a code needs a code list, and nothing else has one")

    @cached_property
    def module_of(self) -> dict[str, str]:
        """Table of the export -> module."""
        return {table: name for name, module in self.modules.items() for table in module.names}

    @cached_property
    def described(self) -> dict[str, Module]:
        """Each module, for the typed tables that the rules read."""
        return {
            name: Module(
                element=name,
                parent=module.parent,
                collect_table=sorted(module.names)[0],
                template_table=name,
                elements=module.elements,
            )
            for name, module in self.modules.items()
        }


@cache
def census(project_root: Path) -> Census:
    """The description of the census.

    Raises:
        RegistryError: a key is unknown, or a type, code list or module does not exist.
    """
    return load(Census, project_root / "data" / "reference" / "sources" / "census.yml")


@cache
def census_rules(project_root: Path) -> RuleBook:
    """The rules for the school census."""
    known = census(project_root)
    codes = {EVERY_YEAR: known.codes}
    return read_rules(project_root, "census", known.described, known.patterns, codes)
