"""What a council writes itself, as data: data/reference/sources/council.yml as frozen models.

Nothing is read from a return here; that is the work of pipelines/ingest/council.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

from pydantic import Field, model_validator

from pipelines.registry.record_rules import RuleBook, read_rules
from pipelines.registry.sen2 import PLAIN_TYPES, Element, Module
from pipelines.registry.strict import Strict, load

FIRST_YEAR = 2019
# The codes of these files are the same in every year.
EVERY_YEAR = 0
# What names a child in a return; one of these ways is enough.
IDENTIFIERS: tuple[tuple[str, ...], ...] = (
    ("upn",),
    ("uln",),
    ("surname", "forename", "birth_date"),
)
# Patterns of numbers: commas between thousands and the pound sign are taken out of their texts.
NUMBERS = frozenset({"count", "fte", "gbp"})


def plain_name(heading: str) -> str:
    """A heading as it is compared: 'Date of  Birth' and 'date_of_birth' are one."""
    return re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")


class ReturnColumn(Strict):
    """One column of a return.

    Attributes:
        column: our name and the heading of the template. Good: referral_date. Bad: Referral Date.
        type: text, date, boolean, code, or the name of a pattern.
        codes: name of its code list, where the type is code.
        is_key: a row in which it cannot be read is put aside.
        is_required: a row without it is a finding.
        meaning: one sentence for whoever fills it in.
        aliases: other headings that mean it, as `plain_name` gives them.
        example: of a sound row; empty where that row says nothing.
    """

    column: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: str
    codes: str | None = None
    is_key: bool = False
    is_required: bool = False
    meaning: str
    aliases: tuple[str, ...] = ()
    example: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its heading and every other that means it."""
        return (self.column, *self.aliases)


class CouncilReturn(Strict):
    """One return: what a row is, how its file is known, and its columns in order."""

    title: str
    one_row: str
    is_personal: bool
    recognised_by: tuple[str, ...] = Field(min_length=2)
    columns: tuple[ReturnColumn, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> CouncilReturn:
        names = [name for item in self.columns for name in item.names]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"means two columns: {', '.join(sorted(twice))}")
        if any(name != plain_name(name) for name in names):
            raise ValueError("an alias is written in small letters with _ between words")
        if not set(self.recognised_by) <= set(self.header):
            raise ValueError("recognised_by names a column that the return does not have")
        if self.is_personal and not {"upn", "uln", "birth_date"} <= set(self.header):
            raise ValueError("a return about children needs upn, uln, names and birth_date")
        return self

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the template."""
        return tuple(item.column for item in self.columns)

    @cached_property
    def meant_by(self) -> dict[str, str]:
        """Heading as `plain_name` gives it -> column."""
        return {name: item.column for item in self.columns for name in item.names}

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns without which a row cannot be used."""
        return tuple(item.column for item in self.columns if item.is_key)


class CouncilReturns(Strict):
    """data/reference/sources/council.yml."""

    patterns: dict[str, str]
    codes: dict[str, dict[str, str]]
    returns: dict[str, CouncilReturn]

    @model_validator(mode="after")
    def _known_types(self) -> CouncilReturns:
        for pattern in self.patterns.values():
            re.compile(pattern)
        for name, item in self.returns.items():
            for column in item.columns:
                self._check(f"{name}.{column.column}", column)
        return self

    def _check(self, where: str, column: ReturnColumn) -> None:
        if column.type not in PLAIN_TYPES | self.patterns.keys():
            raise ValueError(f"{where}: no type '{column.type}'")
        if (column.type == "code") != (column.codes is not None):
            raise ValueError(f"{where}: a code needs a code list, and nothing else has one")
        if column.codes is not None and column.codes not in self.codes:
            raise ValueError(f"{where}: no code list '{column.codes}'")

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Each return as a module, for the typed tables that the rules read."""
        return {name: _module(name, item) for name, item in self.returns.items()}


def _module(name: str, item: CouncilReturn) -> Module:
    elements = tuple(
        Element(
            column=column.column,
            element=column.column,
            type=column.type,
            codes=column.codes,
            years=(FIRST_YEAR,),
            aliases=column.aliases,
            collect=column.column,
        )
        for column in item.columns
    )
    return Module(element=name, collect_table=name, template_table=name, elements=elements)


@cache
def council_returns(project_root: Path) -> CouncilReturns:
    """The descriptions of all returns.

    Raises:
        RegistryError: a key is unknown, or a type or code list does not exist.
    """
    return load(CouncilReturns, project_root / "data" / "reference" / "sources" / "council.yml")


@cache
def council_rules(project_root: Path) -> RuleBook:
    """The contracts of the returns, as rules."""
    known = council_returns(project_root)
    codes = {EVERY_YEAR: known.codes}
    return read_rules(project_root, "council", known.modules, known.patterns, codes)
