"""The SEN2 return as data: data/reference/sources/sen2.yml as frozen models.

Modules, elements, their types, code lists and years. Nothing is read from a return here; that is
the work of pipelines/ingest.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipelines.registry.strict import Strict, load

# A label that ends so is the beginning of a heading.
OPEN_END = "..."
# Types that are not a pattern of `patterns`.
PLAIN_TYPES = frozenset({"text", "date", "datetime", "year", "boolean", "code"})


class Element(Strict):
    """One value element of the return.

    Attributes:
        column: our name for it. Good: received_date. Bad: ReceivedDate.
        element: its name in the XML.
        type: text, date, datetime, year, boolean, code, or the name of a pattern.
        codes: name of its code list, where the type is code.
        group: group element between the module and it, in the header only.
        years: first and last return year; the last is left out where it still exists.
        collect: column of the COLLECT CSV export.
        labels: headings of the DfE template and of the five-file CSV.
    """

    column: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    element: str
    type: str
    codes: str | None = None
    group: Literal["CollectionDetails", "Source"] | None = None
    years: tuple[int, ...] = Field(min_length=1, max_length=2)
    aliases: tuple[str, ...] = ()
    collect: str
    labels: tuple[str, ...] = ()

    def exists_in(self, year: int) -> bool:
        """Whether a return of that year has the element."""
        return self.years[0] <= year <= (self.years[1] if len(self.years) == 2 else year)

    @property
    def names(self) -> frozenset[str]:
        """Every spelling of it in lower case: element, aliases, COLLECT column, headings."""
        spellings = (self.column, self.element, self.collect, *self.aliases, *self.labels)
        return frozenset(name.lower() for name in spellings)

    @property
    def headings(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """Its spellings as `folded` gives them, and the beginnings of headings that are its own."""
        begun = tuple(folded(label) for label in self.labels if label.endswith(OPEN_END))
        whole = (name for name in self.names if not name.endswith(OPEN_END))
        return frozenset(folded(name) for name in whole), begun


def folded(heading: str) -> str:
    """A heading without what people change in it: case, spaces, dashes, punctuation."""
    return "".join(letter for letter in heading.lower() if letter.isalnum())


class Module(Strict):
    """One kind of record of the return.

    Attributes:
        parent: module whose record it lies in; None for the header.
        collect_table: its table in the COLLECT CSV export.
        template_table: title above its rows in the DfE template.
        workbook_sheet: its sheet in the pre-submission workbook.
        nested_after: column after which the records within it are written; None: after all.
    """

    element: str
    parent: str | None = None
    collect_table: str
    template_table: str
    workbook_sheet: str | None = None
    nested_after: str | None = None
    elements: tuple[Element, ...] = Field(min_length=1)

    @property
    def columns(self) -> tuple[str, ...]:
        """Our names of its elements, in order."""
        return tuple(item.column for item in self.elements)


class Template(Strict):
    """The DfE template: stacked tables on one sheet.

    Attributes:
        sheet: name of the sheet.
        person_key: headings of the column that says whose row it is.
        request_key: headings of the column that says to which of a person's requests it belongs.
        not_read: headings that hold nothing of the return.
    """

    sheet: str
    person_key: tuple[str, ...] = Field(min_length=1)
    request_key: tuple[str, ...] = Field(min_length=1)
    not_read: tuple[str, ...] = ()


class FiveFile(Strict):
    """One of the sector's five CSV files.

    Attributes:
        module: what its rows are.
        known_by: headings that it alone has.
        not_read: headings for which the return has no element.
    """

    module: str
    known_by: tuple[str, ...] = Field(min_length=1)
    not_read: tuple[str, ...] = ()


class Sen2(Strict):
    """data/reference/sources/sen2.yml.

    Attributes:
        root: element that holds the whole return.
        container: element that holds the people.
        rolls_up: extended codes and the code of the list that each stands for.
    """

    collection: str
    root: str
    container: str
    census_dates: dict[int, date]
    patterns: dict[str, str]
    codes: dict[str, dict[str, str]]
    code_years: dict[str, dict[str, int]] = Field(default_factory=dict)
    rolls_up: dict[str, dict[str, str]] = Field(default_factory=dict)
    template: Template
    five_file: dict[str, FiveFile]
    modules: dict[str, Module]

    @model_validator(mode="after")
    def _whole(self) -> Sen2:
        for pattern in self.patterns.values():
            re.compile(pattern)
        before: set[str | None] = {None}
        for name, module in self.modules.items():
            if module.parent not in before:
                raise ValueError(f"{name}: no module '{module.parent}' before it")
            before.add(name)
            self._check_module(name, module)
        for form, part in self.five_file.items():
            if part.module not in self.modules:
                raise ValueError(f"five_file {form}: no module '{part.module}'")
        self._check_roll_up()
        return self

    def _check_module(self, name: str, module: Module) -> None:
        if module.nested_after is not None and module.nested_after not in module.columns:
            raise ValueError(f"{name}: no column '{module.nested_after}'")
        spelled: dict[str, str] = {}
        for item in module.elements:
            self._check(item)
            for heading in item.headings[0]:
                if spelled.setdefault(heading, item.column) != item.column:
                    raise ValueError(f"{name}: {heading} is {spelled[heading]} and {item.column}")

    def _check_roll_up(self) -> None:
        for name, codes in self.rolls_up.items():
            known = self.codes.get(name, {})
            for code, main in codes.items():
                if main not in known or code in known:
                    raise ValueError(f"{name}: {code} cannot stand for {main}")

    def _check(self, item: Element) -> None:
        if item.type not in PLAIN_TYPES | self.patterns.keys():
            raise ValueError(f"{item.column}: no type '{item.type}'")
        if (item.type == "code") != (item.codes is not None):
            raise ValueError(f"{item.column}: a code needs a code list, and nothing else has one")
        if item.codes is not None and item.codes not in self.codes:
            raise ValueError(f"{item.column}: no code list '{item.codes}'")

    def codes_of(self, name: str, year: int) -> tuple[str, ...]:
        """The codes of a list that may be used in a return of that year."""
        since = self.code_years.get(name, {})
        return tuple(code for code in self.codes[name] if since.get(code, 0) <= year)

    @property
    def top(self) -> str:
        """The module that every return has once."""
        return next(iter(self.modules))

    def children(self, name: str | None) -> tuple[str, ...]:
        """The modules whose records lie in the records of one, in order."""
        return tuple(child for child, module in self.modules.items() if module.parent == name)


@cache
def sen2(project_root: Path) -> Sen2:
    """The description of the return.

    Raises:
        RegistryError: a key is unknown, or a type or code list does not exist.
    """
    return load(Sen2, project_root / "data" / "reference" / "sources" / "sen2.yml")
