"""A council's own configuration: its name, its measures on the first page, its comparators."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from pipelines.registry.strict import Strict, load


class Council(Strict):
    """data/councils/<la_code>/settings.yml.

    Attributes:
        la_code: three digits. Good: "860". Bad: E10000028.
        overview_measures: 6 to 8 measure ids, in the order in which they are shown.
        neighbour_average: how statistical neighbours are summed up where one figure is needed.
    """

    la_code: str = Field(pattern=r"^\d{3}$")
    name: str
    area_code: str = Field(pattern=r"^[EX]\d{8}$")
    overview_measures: tuple[str, ...] = Field(min_length=6, max_length=8)
    neighbour_average: Literal["mean", "median"] = "mean"


def council(folder: Path) -> Council:
    """The configuration in one council's folder."""
    return load(Council, folder / "settings.yml")
