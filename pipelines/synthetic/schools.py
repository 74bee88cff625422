"""The schools, colleges and providers of the county, from data/sample/schools.yml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, TypeAdapter

from pipelines.registry.strict import Strict, load, read_yaml
from pipelines.synthetic.draw import Flags, Places, Texts

OWN_LA = "999"
FIRST_URN = 900101
FIRST_UKPRN = 10990001
FIRST_NUMBER = 2001
DISTRICTS = 8

SEN_UNIT, RESOURCED = "sen_unit", "resourced_provision"


class SchoolKind(Strict):
    """One line of schools.yml; what the keys mean stands there."""

    placement: str
    type: str | None = None
    phase: str
    ages: tuple[int, int]
    count: int = Field(ge=1)
    roll: float | None = None
    has: Literal["sen_unit", "resourced_provision"] | None = None
    outside: int = 0


class Names(Strict):
    """data/sample/names.yml."""

    county: str
    neighbours: dict[str, str]
    districts: tuple[str, ...] = Field(min_length=DISTRICTS, max_length=DISTRICTS)
    place_beginnings: tuple[str, ...]
    place_ends: tuple[str, ...]
    surname_beginnings: tuple[str, ...]
    surname_ends: tuple[str, ...]
    forename_beginnings: tuple[str, ...]
    forename_ends: tuple[str, ...]


@dataclass(frozen=True)
class Schools:
    """Settings, one place each.

    Attributes:
        placement: column of the DfE's caseload file.
        urn, ukprn: '' where it has none.
        type_code: '' for a provider that is in no register of schools.
        low, high: youngest age, and the age at which one leaves.
        roll: weight of its roll; negative for settings that do not take part in the census.
    """

    placement: Texts
    urn: Texts
    ukprn: Texts
    number: Texts
    name: Texts
    type_code: Texts
    phase: Texts
    la_code: Texts
    district: Places
    low: Places
    high: Places
    has_unit: Flags
    has_resourced: Flags
    roll: np.ndarray[tuple[int], np.dtype[np.float64]]

    def __len__(self) -> int:
        return len(self.urn)


@cache
def names(project_root: Path) -> Names:
    """The invented names.

    Raises:
        RegistryError: the file does not follow its schema.
    """
    return load(Names, project_root / "data" / "sample" / "names.yml")


@cache
def _kinds(project_root: Path) -> tuple[SchoolKind, ...]:
    content = read_yaml(project_root / "data" / "sample" / "schools.yml")
    return tuple(TypeAdapter(list[SchoolKind]).validate_python(content))


def district_code(place: int) -> str:
    """The code of a district, counted from 0."""
    return f"X99{place + 1:06d}"


def schools(rng: np.random.Generator, project_root: Path, scale: float) -> Schools:
    """The county's settings; fewer in a smaller county, but some of every kind."""
    kinds = _kinds(project_root)
    counts = [max(1, round(kind.count * min(scale, 40))) for kind in kinds]
    which = np.repeat(np.arange(len(kinds)), counts)
    order = np.concatenate([np.arange(count) for count in counts])
    total = len(which)
    of = [kinds[place] for place in which]
    registered = np.array([kind.type is not None for kind in of])
    outside = order < np.array([round(kind.outside * min(scale, 40)) for kind in of])
    serial = np.arange(total)
    return Schools(
        placement=np.array([kind.placement for kind in of]),
        urn=np.where(registered, (FIRST_URN + serial).astype("U6"), ""),
        ukprn=(FIRST_UKPRN + serial).astype("U8"),
        number=(FIRST_NUMBER + serial % 7900).astype("U4"),
        name=_school_names(rng, project_root, of),
        type_code=np.array([kind.type or "" for kind in of]),
        phase=np.array([kind.phase for kind in of]),
        la_code=np.where(outside, np.where(order % 2 == 0, "998", "997"), OWN_LA),
        district=order % DISTRICTS,
        low=np.array([kind.ages[0] for kind in of]),
        high=np.array([kind.ages[1] for kind in of]),
        has_unit=np.array([kind.has == SEN_UNIT for kind in of]),
        has_resourced=np.array([kind.has == RESOURCED for kind in of]),
        roll=np.array([-1.0 if kind.roll is None else kind.roll for kind in of]),
    )


def _school_names(rng: np.random.Generator, project_root: Path, of: list[SchoolKind]) -> Texts:
    """A place and a word for what it is, such as 'Alderbury Primary School'."""
    known = names(project_root)
    beginnings = rng.choice(known.place_beginnings, len(of))
    ends = rng.choice(known.place_ends, len(of))
    places = np.char.add(beginnings, ends)
    words = np.array([_word(kind) for kind in of])
    return np.char.add(np.char.add(places, " "), words)


def _word(kind: SchoolKind) -> str:
    if kind.placement.startswith("special"):
        return "Special School"
    if kind.placement.startswith("ap_pru"):
        return "Learning Centre"
    if kind.phase == "16 plus":
        return "College"
    phase = kind.phase.split()[0]
    return f"{phase} School" if phase in ("Nursery", "Primary", "Middle", "Secondary") else "School"
