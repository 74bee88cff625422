"""The families of person-level files: their descriptions, their rules, and how each form is read.

Adding a family is one function here that gives a Family, its recogniser in recognise.py, and its
selects in sql/door/<family>. What the columns mean stands in data/reference/sources.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipelines.ingest.archive import unpacking
from pipelines.ingest.bundles import Bundle, Piece
from pipelines.ingest.contents import Contents
from pipelines.ingest.setting import (
    IN_YEAR,
    YEARLY,
    Asked,
    month_of,
    release_of,
    setting_of,
    setting_of_rows,
)
from pipelines.registry.census import PUPIL_MODULE, census, census_rules
from pipelines.registry.council_returns import council_returns, council_rules
from pipelines.registry.record_rules import RuleBook, sen2_rules
from pipelines.registry.sen2 import Module, Sen2, sen2

if TYPE_CHECKING:
    from pipelines.ingest.desk_reference import Setting
    from pipelines.ingest.modules import Modules


class Read(Protocol):
    """How the files of a family become modules."""

    def __call__(self, form: str, pieces: Sequence[Piece], year: int | None = None) -> Modules:
        """year: of the return, where its files cannot say it."""


@dataclass(frozen=True)
class Family:
    """What the door must know to take in one family of files.

    Attributes:
        modules, patterns, codes, rolls_up: of its description.
        rules: judged over the records of one file; None where it has none.
        read: form, the kept files and the year that the user says -> Modules.
        setting: Modules, council, file id and what the user says -> Setting.
        release: Modules and Setting -> the release that the file belongs to.
        kind: form and Setting -> name of the kind in received_file.
        not_records: modules that are no records of anybody: what a file has at its top.
        needed: modules of which one must have a record, or the file lands nowhere; any where empty.
        parts_of: the parts of a bundle that may hold a module.
        sheet_of: form and module -> where in a workbook its rows stand, in its own words.
    """

    name: str
    modules: Mapping[str, Module]
    patterns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    rules: RuleBook | None
    read: Read
    setting: Callable[[Modules, str, str, Asked], Setting]
    release: Callable[[Modules, Setting], str | None]
    kind: Callable[[str, Setting], str]
    rolls_up: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    not_records: frozenset[str] = frozenset()
    needed: tuple[str, ...] = ()
    parts_of: Callable[[str], Collection[str]] = lambda module: (module,)
    sheet_of: Callable[[str, str], str] = lambda form, module: ""

    def place_of(self, kept: Bundle, module: str) -> str:
        """The file of a bundle, or the sheet, in which a module's rows stand; '' if it is all."""
        if module not in self.modules:
            return ""
        if sheet := self.sheet_of(kept.form, module):
            return f"{kept.name}, {sheet}"
        parts = self.parts_of(module) if len(kept.pieces) > 1 else ()
        return next((each.member.name for each in kept.pieces if each.part in parts), "")


def family_of(name: str, project_root: Path) -> Family:
    """The family of that name."""
    return FAMILIES[name](project_root)


def _contents(pieces: Sequence[Piece]) -> Contents:
    return Contents((piece.part, piece.member) for piece in pieces)


# ---- SEN2 ----------------------------------------------------------------------------------------


def _sen2(project_root: Path) -> Family:
    described = sen2(project_root)
    return Family(
        name="sen2",
        modules=described.modules,
        patterns=described.patterns,
        codes=described.codes,
        rolls_up=described.rolls_up,
        rules=sen2_rules(project_root),
        read=lambda form, pieces, year=None: _read_sen2(form, pieces, described, year),
        setting=setting_of,
        release=lambda _, setting: release_of(setting),
        kind=lambda _, setting: IN_YEAR if setting.is_in_year else YEARLY,
        not_records=frozenset({"message"}),
        needed=tuple(described.children(described.top)),
        parts_of=lambda module: _sen2_parts(module, described),
        sheet_of=lambda form, module: _sen2_sheet(form, described.modules[module]),
    )


def _sen2_parts(module: str, described: Sen2) -> list[str]:
    files = [part for part, item in described.five_file.items() if item.module == module]
    return [described.modules[module].collect_table, *files]


def _sen2_sheet(form: str, module: Module) -> str:
    from pipelines.ingest.sen2 import marks

    if form == marks.TEMPLATE:
        return f"table '{module.template_table}'"
    is_on_sheet = form == marks.WORKBOOK and module.workbook_sheet is not None
    return f"sheet '{module.workbook_sheet}'" if is_on_sheet else ""


def _read_sen2(form: str, pieces: Sequence[Piece], described: Sen2, year: int | None) -> Modules:
    from pipelines.ingest.sen2 import marks
    from pipelines.ingest.sen2.collect import read_collect
    from pipelines.ingest.sen2.five_file import read_five_file
    from pipelines.ingest.sen2.presubmission import read_presubmission
    from pipelines.ingest.sen2.template import read_template
    from pipelines.ingest.sen2.xml import read_xml

    if form == marks.XML:
        with unpacking(pieces[0].member) as stream:
            return read_xml(stream, described)
    if form == marks.COLLECT:
        return read_collect(_contents(pieces), described)
    if form == marks.FIVE_FILE:
        return read_five_file(_contents(pieces), described)
    content = pieces[0].member.content()
    if form == marks.TEMPLATE:
        return read_template(content, described, year)
    return read_presubmission(content, described, year)


# ---- the censuses --------------------------------------------------------------------------------


def _census(project_root: Path) -> Family:
    from pipelines.ingest.census.reader import read_census

    known = census(project_root)
    return Family(
        name="census",
        modules=known.described,
        patterns=known.patterns,
        codes=known.codes,
        rules=census_rules(project_root),
        read=lambda form, pieces, year=None: read_census(_contents(pieces)),
        setting=_census_setting,
        release=lambda _, setting: month_of(setting),
        kind=lambda *_: "census",
        needed=(PUPIL_MODULE,),
        parts_of=lambda module: known.modules[module].names,
    )


def _ap_census(project_root: Path) -> Family:
    from pipelines.ingest.council.reader import read_return

    known = census(project_root).ap_census
    (name,) = known.returns
    return Family(
        name="ap_census",
        modules=known.modules,
        patterns=known.patterns,
        codes=known.codes,
        rules=None,
        read=lambda form, pieces, year=None: read_return(
            pieces[0].member.content(), name, known, family="ap_census"
        ),
        setting=_census_setting,
        release=lambda _, setting: release_of(setting),
        kind=lambda *_: "ap_census",
    )


def _census_setting(modules: Modules, council: str, file_id: str, _: Asked) -> Setting:
    return setting_of_rows(modules, council, file_id)


# ---- what the council writes itself --------------------------------------------------------------


def _council(project_root: Path) -> Family:
    from pipelines.ingest.council.reader import read_return

    known = council_returns(project_root)
    return Family(
        name="council",
        modules=known.modules,
        patterns=known.patterns,
        codes=known.codes,
        rules=council_rules(project_root),
        read=lambda form, pieces, year=None: read_return(pieces[0].member.content(), form, known),
        setting=_census_setting,
        release=lambda *_: None,
        kind=lambda form, _: form,
    )


FAMILIES: Mapping[str, Callable[[Path], Family]] = {
    "sen2": _sen2,
    "census": _census,
    "ap_census": _ap_census,
    "council": _council,
}
