"""What every page needs before it starts: settings, the home council, the release and the mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import queries
from dashboards.measure import Measure
from dashboards.queries import Key
from dashboards.theme import Palette, palette
from pipelines.registry.council import Council, council, published_folder
from pipelines.release import reader
from pipelines.release.reader import Release
from pipelines.settings import Settings, load_settings

ROLE = "public"


@dataclass(frozen=True)
class Context:
    """One reader's view of one release."""

    settings: Settings
    home: Council
    key: Key
    facts: dict[str, Any]
    palette: Palette
    measures: dict[str, Measure]
    areas: pd.DataFrame

    def area_name(self, code: str) -> str:
        """The name of an area code; the code itself where the release does not hold it."""
        found = self.areas.loc[self.areas["area_code"] == code, "area_name"]
        return code if found.empty else str(found.iloc[0])

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
    key = Key(release=release.id, role=ROLE, path=str(release.public_path))
    return Context(
        settings=settings,
        home=council(published_folder(settings.council_folder)),
        key=key,
        facts=queries.release(key) | _approval(release),
        palette=palette(st.context.theme.type),
        measures=queries.measures(key),
        areas=queries.areas(key),
    )


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
