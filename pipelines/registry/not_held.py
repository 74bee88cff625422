"""Measures of the specification that no file at hand can give, and what would be needed."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from pipelines.registry.strict import Strict, load


class NotHeld(Strict):
    """A measure that is asked for and has no figure here."""

    spec_id: str = Field(pattern=r"^K\d\d$")
    title: str
    why: str
    needed: str


class Register(Strict):
    """The list of them."""

    measures: tuple[NotHeld, ...]


def not_held(sql_folder: Path) -> tuple[NotHeld, ...]:
    """What is not held, in the order of the list.

    Raises:
        RegistryError: the list is not readable or has an unknown key.
    """
    return load(Register, sql_folder / "measures_not_held.yml").measures
