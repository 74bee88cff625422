"""What the county says of its services, from data/sample/services.yml as frozen models."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from pipelines.registry.strict import Strict, load


class Posts(Strict):
    """Posts of one role in one team; first and last day of those that end."""

    role: str
    count: int = Field(ge=1)
    team: str
    first: date | None = None
    last: date | None = None


class Sessions(Strict):
    """Sessions of one course in a few weeks: people by role, each in so many sessions."""

    course: str
    first: date
    last: date
    sessions: int = Field(ge=1)
    people: dict[str, int]


class Scheme(Strict):
    """Places of one kind at one setting: column of the caseload, '' where none is chosen."""

    name: str
    setting: str = ""
    kind: str
    phase: str
    status: str
    places: int
    day: date
    action: str = ""


class Line(Strict):
    """A line of the budget: planned by month, from the first month to the last."""

    action: str
    name: str
    monthly_gbp: int
    first: str
    last: str


class Services(Strict):
    """data/sample/services.yml; what each part is stands there."""

    posts: tuple[Posts, ...]
    enhanced_training: Sessions
    courses_held: int
    courses: dict[str, str]
    schemes: tuple[Scheme, ...]
    budget: tuple[Line, ...]


@cache
def services(project_root: Path) -> Services:
    """The services of the county.

    Raises:
        RegistryError: the file does not follow its schema.
    """
    return load(Services, project_root / "data" / "sample" / "services.yml")
