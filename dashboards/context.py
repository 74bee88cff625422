"""What every page needs before it starts: settings, the home council, the release and the mode."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.queries.frozen import Key
from dashboards.role import Role, chosen
from dashboards.theme import Palette, palette
from pipelines.errors import InputError
from pipelines.registry.council import Council, council, published_folder
from pipelines.release import reader
from pipelines.release.reader import Release
from pipelines.settings import Settings, load_settings


def today() -> date:
    """The day on which the pages are read."""
    return date.today()


@dataclass(frozen=True)
class Context:
    """One reader's view of one release.

    Attributes:
        key: the file with the figures this reader may see, and for officers the rows of cases.
        evidence: the file with files, rules, checks and lineage; None for all but auditors.
        previous: the same reader's file of the release that was read before this one; None for the
            first.
        read_on: the day of reading, which decides whether a promise's day has passed.
    """

    settings: Settings
    home: Council
    role: Role
    key: Key
    evidence: Key | None
    facts: dict[str, Any]
    palette: Palette
    measures: dict[str, Measure]
    areas: pd.DataFrame
    previous: Key | None = None
    read_on: date = field(default_factory=lambda: today())

    def identity(self) -> str:
        """What a finished piece of a page depends on besides its own arguments.

        Measures, areas and facts are read from the files that the keys name, or stand beside them.
        """
        parts = (self.key, self.evidence, self.previous, self.settings, self.home, self.palette)
        return repr((*parts, self.facts.get("approved_by"), self.read_on))

    def area_name(self, code: str) -> str:
        """The name of an area code; the code itself where the release does not hold it."""
        return self._area_names.get(code, code)

    @cached_property
    def _area_names(self) -> dict[str, str]:
        """For lists of all areas, which ask for each."""
        return dict(
            zip(self.areas["area_code"].tolist(), self.areas["area_name"].tolist(), strict=True)
        )

    def la_code(self, code: str) -> str | None:
        """The three-digit code of an authority; None for regions and England."""
        found = self.areas.loc[self.areas["area_code"] == code, "la_code"].dropna()
        return None if found.empty else str(found.iloc[0])

    def region_of(self, code: str) -> str | None:
        """The region's code of an authority, where the release holds that region."""
        row = self.areas.loc[self.areas["area_code"] == code]
        if row.empty or row["area_kind"].iloc[0] != "authority":
            return None
        region = row["region_code"].iloc[0]
        return str(region) if region in set(self.areas["area_code"]) else None

    @property
    def is_officer(self) -> bool:
        """Whether the reader's file holds exact figures and the rows of cases, without names."""
        return self.role is Role.OFFICER

    @property
    def own_la_code(self) -> str:
        """Three digits: the council whose case rows and delivery plan the release holds."""
        return str(self.facts["council"])

    @property
    def own_area(self) -> str:
        """The area whose case rows the release holds: the home council, or the sample county."""
        codes = self.areas.loc[self.areas["la_code"] == self.facts.get("council"), "area_code"]
        return self.home.area_code if codes.empty else str(codes.iloc[0])

    @property
    def england(self) -> str:
        """The area code of the nation."""
        found = self.areas.loc[self.areas["area_kind"] == "nation", "area_code"]
        return "E92000001" if found.empty else str(found.iloc[0])


def load() -> Context | None:
    """The context of the current release, or None where nothing has been published yet.

    Raises:
        SendError: the settings, the council's folder or the release cannot be read.
    """
    settings = load_settings()
    release = reader.current_release(settings.workspace)
    if release is None:
        return None
    return over(settings, release, chosen(), st.context.theme.type)


def over(settings: Settings, release: Release, role: Role, theme: str | None = None) -> Context:
    """The context of one release for one role; what makes reports has no theme of a browser.

    Raises:
        SendError: the council's folder or the release cannot be read.
    """
    key = _key(release, role)
    return Context(
        settings=settings,
        home=council(published_folder(settings.council_folder)),
        role=role,
        key=key,
        evidence=_evidence(release, role),
        facts=figures.release(key) | _approval(release),
        palette=palette(theme),
        measures=figures.measures(key),
        areas=figures.areas(key),
        previous=_previous(settings, release, role),
    )


@dataclass(frozen=True)
class ReleaseRead:
    """Which release is read, and since when: what a health check may say of it."""

    id: str
    approved_at: str


def release_read(settings: Settings) -> ReleaseRead | None:
    """The release that the pointer names, or None where nothing has been published yet.

    Raises:
        SendError: the pointer names a release that cannot be read.
    """
    release = reader.current_release(settings.workspace)
    if release is None:
        return None
    return ReleaseRead(release.id, str((release.approval or {}).get("at", "")))


def officer_key(settings: Settings) -> Key | None:
    """The officers' file of the current release, for row-level files; None before the first.

    Raises:
        SendError: the release cannot be read.
    """
    release = reader.current_release(settings.workspace)
    return _key(release, Role.OFFICER) if release else None


def as_public(page: Context) -> Context:
    """The release as anybody may read it on that day, in light colours: printed reports are so.

    Raises:
        SendError: the council's folder or the release cannot be read.
    """
    release = reader.find_release(page.settings.workspace, page.key.release)
    return replace(over(page.settings, release, Role.CABINET), read_on=page.read_on)


def _key(release: Release, role: Role) -> Key:
    path = release.officer_path if role is Role.OFFICER else release.public_path
    return Key(release=release.id, role=role.value, path=str(path))


def _previous(settings: Settings, release: Release, role: Role) -> Key | None:
    """The release that readers had when this one was approved, where it is still there."""
    before = (release.approval or {}).get("before")
    if not before or before == release.id:
        return None
    try:
        return _key(reader.find_release(settings.workspace, before), role)
    except InputError:
        # Deleted or damaged since: what is read now is whole without it.
        return None


def _evidence(release: Release, role: Role) -> Key | None:
    if role is not Role.AUDITOR:
        return None
    return Key(release=release.id, role=role.value, path=str(release.evidence_path))


def _approval(release: Release) -> dict[str, Any]:
    """Who approved what is read; empty words for a release without a record."""
    approval = release.approval or {}
    return {"approved_by": approval.get("approved_by", "nobody on record")}


def current() -> Context:
    """The context, for a page that app.py has let start.

    Raises:
        SendError: as `load`.
        RuntimeError: a page was started without a release, which app.py prevents.
    """
    found = load()
    if found is None:
        raise RuntimeError("a page started without a release")
    return found
