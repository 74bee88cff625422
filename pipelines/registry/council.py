"""A council's own configuration: its name, its measures on the first page, its comparators."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipelines.registry.strict import Strict, load


class Contact(Strict):
    """How a reader tells the council what they cannot read or use: at least one way.

    Attributes:
        email: good: "access@council.gov.uk". Bad: "the web team".
        telephone: as it is dialled. Good: "01234 567890".
        page: of a form. Good: "https://council.gov.uk/contact". Bad: "our website".
    """

    email: str = Field(default="", pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")
    telephone: str = Field(default="", pattern=r"^([+0][0-9 ]{8,})?$")
    page: str = Field(default="", pattern=r"^(https://\S+)?$")

    @model_validator(mode="after")
    def _has_a_way(self) -> Contact:
        if not self.ways:
            raise ValueError("name an email, a telephone or a page")
        return self

    @property
    def ways(self) -> list[tuple[str, str, str]]:
        """Each way that is named: its kind, as a reader reads it, and where a link leads."""
        named = (
            ("Email", self.email, f"mailto:{self.email}"),
            ("Telephone", self.telephone, f"tel:{self.telephone.replace(' ', '')}"),
            ("Form", self.page, self.page),
        )
        return [way for way in named if way[1]]


class Council(Strict):
    """data/councils/<la_code>/settings.yml.

    Attributes:
        la_code: three digits. Good: "860". Bad: E10000028.
        overview_measures: 6 to 8 measure ids, in the order in which they are shown.
        neighbour_average: how statistical neighbours are summed up where one figure is needed.
        placement_choices: open question of establishment_type.csv -> placement setting, where the
            council counts a type of school otherwise than the table does. Good: {studio_school:
            mainstream_academy}. Bad: {"41": academy}.
        published_facts_of: three digits of another council, whose published figures and statements
            the pages show; only the sample county has it, because no publisher knows the county.
        finding_owners: kind of file -> the role that answers for what the rules find in it. Good:
            {sen2: Lead of SEND data}. Bad: {sen2: Jo Bloggs}.
        accessibility_contact: whom a reader tells of something that they cannot read or use.
    """

    la_code: str = Field(pattern=r"^\d{3}$")
    name: str
    area_code: str = Field(pattern=r"^[EX]\d{8}$")
    overview_measures: tuple[str, ...] = Field(min_length=6, max_length=8)
    neighbour_average: Literal["mean", "median"] = "mean"
    placement_choices: dict[str, str] = Field(default_factory=dict)
    published_facts_of: str | None = Field(default=None, pattern=r"^\d{3}$")
    finding_owners: dict[str, str] = Field(default_factory=dict)
    accessibility_contact: Contact | None = None


def council(folder: Path) -> Council:
    """The configuration in one council's folder."""
    return load(Council, folder / "settings.yml")


def published_folder(folder: Path) -> Path:
    """The folder of the council whose published figures are shown: its own, but for the sample."""
    return folder.parent / (council(folder).published_facts_of or folder.name)
