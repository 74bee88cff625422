"""sql/disclosure/identities.yml: how counts hang together, as their definitions say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from pipelines.registry.strict import Strict, parse, read_yaml, short


class CountName(Strict):
    """A count of one group: of the whole area where no topic is named."""

    dataset: str
    indicator: str
    topic: str = "All"
    breakdown: str = "All"


class Sum(Strict):
    """Parts that add up to a total, for the whole area and in every group."""

    dataset: str
    total: str
    parts: tuple[str, ...] = Field(min_length=2)


class Within(Strict):
    """Counts none of which can exceed the whole, for the whole area and in every group."""

    dataset: str
    whole: str
    parts: tuple[str, ...] = Field(min_length=1)


class Same(Strict):
    """Two counts of one thing.

    Attributes:
        every_group: both are the same in every group that both have, not only where named.
    """

    one: CountName
    other: CountName
    every_group: bool = False


class Identities(Strict):
    """All that is known of how counts hang together."""

    sums: tuple[Sum, ...]
    within: tuple[Within, ...]
    same: tuple[Same, ...]


@cache
def identities(sql_folder: Path) -> Identities:
    """The declared identities.

    Raises:
        RegistryError: the file is missing or says something else.
    """
    path = sql_folder / "disclosure" / "identities.yml"
    return parse(Identities, read_yaml(path), short(path))
