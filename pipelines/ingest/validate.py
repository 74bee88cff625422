"""Looks at files as the door would, and keeps nothing: recognised, read, judged, told.

For a council that wants to know whether its return is in order before it sends it anywhere. No key
is made, no row is written, and what is told holds names of columns and counts, no cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from pipelines.errors import InputError
from pipelines.ingest import recognise
from pipelines.ingest.archive import Member, folder_files, members
from pipelines.ingest.bundles import Bundle, Piece, bundle
from pipelines.ingest.desk_reference import Reference, held_reference
from pipelines.ingest.families import Family, family_of
from pipelines.ingest.judge import MORE
from pipelines.ingest.looking import group_of
from pipelines.ingest.memory import enough_memory
from pipelines.ingest.parcel import Parcel, told_of
from pipelines.ingest.runnable import runnable
from pipelines.ingest.setting import Asked
from pipelines.ingest.validate_told import Looked, of_file, of_record, refusal
from pipelines.registry.parsed import reference_types
from pipelines.registry.sources import Sources, sources
from pipelines.registry.strict import Strict, load, nearest
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.ingest.desk_reference import Setting
    from pipelines.ingest.modules import Modules

__all__ = ["Given", "Looked", "Wanted", "given_in", "refusal", "validate"]

LAST_RELEASE = "0"


class Given(Strict):
    """A settings file: what a file is held against where there is no workspace.

    Attributes:
        la_code: own council. Good: "860". Bad: 860.
        authorities: codes of the authorities there are.
        establishments: rows of landing table establishment; urn and establishment_type_code do.
    """

    la_code: str | None = Field(default=None, pattern=r"^\d{3}$")
    authorities: tuple[str, ...] = ()
    establishments: tuple[dict[str, str | int | bool | date | None], ...] = ()

    @model_validator(mode="after")
    def _known_columns(self) -> Given:
        columns = reference_types()["establishment"]
        for school in self.establishments:
            for name in school:
                if name not in columns:
                    raise ValueError(f"a school has no column '{name}'{nearest(name, columns)}")
            if not school.get("urn"):
                raise ValueError("a school needs its urn")
        return self


@dataclass(frozen=True)
class Wanted:
    """How files are to be looked at.

    Attributes:
        given: of a settings file, or None where the workspace says it.
        asked: what the user says about returns that they cannot say themselves.
    """

    settings: Settings
    given: Given | None
    asked: Asked

    @property
    def council(self) -> str:
        """Whose return it should be."""
        own = self.given.la_code if self.given else None
        return own or self.settings.council


def given_in(path: Path) -> Given:
    """A settings file.

    Raises:
        RegistryError: it is missing, is not YAML, or has a key that it may not have.
    """
    return load(Given, path)


def validate(path: Path, wanted: Wanted) -> list[Looked]:
    """Look at a file, a folder or a zip; one result a file, or for files that belong together.

    Raises:
        InputError: nothing is there, or a file is of no known kind or cannot be read.
    """
    if not path.exists():
        raise InputError(
            "there is no such file or folder",
            where=str(path),
            remedy="Look at its name, and put it in quotation marks if there is a space in it.",
        )
    known = sources(wanted.settings.project_root)
    paths = folder_files(path) if path.is_dir() else [path]
    folder = path if path.is_dir() else None
    refused: list[InputError] = []
    with ExitStack() as stack:
        found = [
            (_group(each, folder, member), member)
            for each in paths
            for member in stack.enter_context(members(each))
        ]
        looked = list(_look(found, known, wanted, refused))
    # What lies in a folder or zip beside readable files is told of; a file alone is the call's own.
    if refused and len(refused) == len(looked):
        raise refused[0]
    if not looked:
        raise InputError("there is no data in it", where=str(path), remedy=recognise.WHAT_IS_READ)
    return looked


def _group(path: Path, folder: Path | None, member: Member) -> str:
    """What a table's other tables are looked for in, as at the door."""
    return group_of(path, folder, member, is_archive=member.archive_name == path.name)


def _look(
    found: Sequence[tuple[str, Member]],
    known: Sources,
    wanted: Wanted,
    refused: list[InputError],
) -> Iterator[Looked]:
    """The files that are whole by themselves, then those that belong together."""
    waiting: dict[tuple[str, str, str], list[Piece]] = defaultdict(list)
    for group, member in found:
        try:
            what = recognise.recognised(member.head(), known)
            if what.form == recognise.NOT_DATA:
                continue
            if what.family != recognise.PUBLISHED and what.part:
                piece = Piece(member, what.part, "")
                waiting[group, what.family, what.form].append(piece)
                continue
            looked = _looked_at(member, what, known, wanted)
        except InputError as error:
            looked = _refusal(member.name, error, refused)
        yield looked
    for (_, family, form), pieces in waiting.items():
        try:
            looked = _looked_at_bundle(bundle(family, form, pieces), wanted)
        except InputError as error:
            looked = _refusal(pieces[0].member.name, error, refused)
        yield looked


def _looked_at(
    member: Member, what: recognise.Recognised, known: Sources, wanted: Wanted
) -> Looked:
    """A file that is whole by itself."""
    if what.family != recognise.PUBLISHED:
        piece = Piece(member, what.part, "")
        return _looked_at_bundle(bundle(what.family, what.form, [piece]), wanted)
    with enough_memory():
        return _looked_at_parcel(member, what.form, known, wanted)


def _refusal(name: str, error: InputError, refused: list[InputError]) -> Looked:
    """A file that cannot be read, told of like a finding."""
    refused.append(InputError(error.what, where=error.where or name, remedy=error.remedy))
    return refusal(name, error)


# ---- person-level files -------------------------------------------------------------------------


def _looked_at_bundle(kept: Bundle, wanted: Wanted) -> Looked:
    with enough_memory():
        return _read_and_judged(kept, wanted)


def _read_and_judged(kept: Bundle, wanted: Wanted) -> Looked:
    family = family_of(kept.family, wanted.settings.project_root)
    modules = family.read(kept.form, kept.pieces, wanted.asked.return_year)
    setting = family.setting(modules, wanted.council, "", wanted.asked)
    counted = [name for name in family.modules if name in modules.row_counts_in]
    aside = {name: modules.quarantined.get(name, ()) for name in counted}
    told = [of_file(item, "") for item in modules.findings]
    told += [of_file(item, name) for name in counted for item in told_of(aside[name])]
    own = replace(setting, la_code=wanted.council)
    judged, further = _judged(family, modules, own, wanted)
    places = {name: family.place_of(kept, name) for name in family.modules}
    return Looked(
        file=kept.name,
        kind=family.kind(kept.form, setting),
        year=setting.return_year,
        rows={name: modules.row_counts_in[name] for name in counted},
        accepted=sum(modules.tables[name].num_rows for name in counted),
        quarantined=sum(map(len, aside.values())),
        findings=told + judged,
        further=further,
        places={name: place for name, place in places.items() if place},
    )


def _judged(
    family: Family, modules: Modules, setting: Setting, wanted: Wanted
) -> tuple[list[dict[str, Any]], dict[tuple[str, str], int]]:
    """What the family's rules find, and how much more than is listed."""
    from pipelines.ingest.desk import desk
    from pipelines.ingest.judge import judge

    if family.rules is None:
        return [], {}
    reference = _reference(wanted)
    described, lacking = family.modules, modules.not_held
    rules, not_run = runnable(family.rules, described, lacking, setting.return_year)
    with desk(modules, described, family.patterns, reference, setting) as connection:
        found = judge(connection, rules).to_pylist()
    further: dict[tuple[str, str], int] = defaultdict(int)
    for row in found:
        if row["record_key"] == MORE:
            further[row["rule"], row["message"]] += row["row_count"]
    told = [of_file(item, "") for item in not_run]
    return [*told, *map(of_record, found)], further


def _reference(wanted: Wanted) -> Reference:
    """What the settings file gives, in place of what the workspace holds."""
    import pyarrow as pa

    held = held_reference(wanted.settings)
    if wanted.given is None:
        return held
    codes = wanted.given.authorities
    columns = reference_types()["establishment"]
    schools = [
        {name: school.get(name) for name in columns} for school in wanted.given.establishments
    ]
    return replace(
        held,
        authorities=pa.table({"la_code": list(codes)}) if codes else held.authorities,
        establishments=pa.Table.from_pylist(schools) if schools else held.establishments,
    )


# ---- open data ----------------------------------------------------------------------------------


def _looked_at_parcel(member: Member, kind: str, known: Sources, wanted: Wanted) -> Looked:
    parcel = _parcel(member, kind, known, wanted.settings)
    findings = (*parcel.findings, *told_of(parcel.quarantined))
    release = parcel.release or LAST_RELEASE
    return Looked(
        file=member.name,
        kind=parcel.kind,
        year=int(release) if release.isdigit() and release != LAST_RELEASE else None,
        rows={parcel.kind: parcel.row_count_in},
        accepted=parcel.row_count_accepted,
        quarantined=parcel.row_count_quarantined,
        findings=[of_file(item, "") for item in findings],
    )


def _parcel(member: Member, kind: str, known: Sources, settings: Settings) -> Parcel:
    """What the door's reader makes of a publisher's file."""
    from pipelines.ingest import published

    return published.read(member.content(), kind, known, settings.project_root)
