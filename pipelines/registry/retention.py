"""How long a council keeps what: data/councils/<la_code>/retention.yml, for `send retain`.

Without the file nothing is ever deleted by itself. How long is the council's decision, from its own
retention schedule; the product has none of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.strict import Strict, load, short

RETENTION_FILE = "retention.yml"
Kept = Literal["inbox_copies", "case_files", "releases", "backups"]


class Rule(Strict):
    """How long one kind of thing is kept."""

    keep: Kept = Field(
        description="inbox_copies: files left in the inbox after they were taken in. case_files: "
        "person-level files and their rows, from the day they came in. releases: from their "
        "approval; the newest three always stay. backups: files of `send backup` in `folder`; the "
        "newest always stays. Good: case_files. Bad: everything."
    )
    days: int = Field(ge=1, le=40_000, description="Good: 30, or 2557 for seven years. Bad: 0.")
    reason: str = Field(
        min_length=20,
        description="For the audit log. Good: Corporate retention schedule, line 4.12. Bad: old.",
    )
    folder: Path | None = Field(
        default=None, description="Of backups, and of nothing else. Good: /srv/backups. Bad: ."
    )

    @model_validator(mode="after")
    def _folder_of_backups(self) -> Rule:
        if (self.keep == "backups") != (self.folder is not None):
            raise ValueError("backups, and nothing else, have a folder")
        if self.folder is not None and not self.folder.is_absolute():
            raise ValueError("the folder of backups is written from the root of the disk")
        return self


class Retention(Strict):
    """data/councils/<la_code>/retention.yml."""

    la_code: str = Field(pattern=r"^\d{3}$", description="Good: '860'. Bad: E10000028.")
    rules: tuple[Rule, ...] = Field(min_length=1, description="Good: a list. Bad: one rule alone.")

    @model_validator(mode="after")
    def _once_each(self) -> Retention:
        kinds = [rule.keep for rule in self.rules]
        if len(set(kinds)) < len(kinds):
            raise ValueError("one kind of thing has two rules")
        return self


def retention_rules(folder: Path) -> tuple[Rule, ...]:
    """The rules of a council's folder; none where it has no such file.

    Raises:
        RegistryError: the file is not of this form, or another council's.
    """
    path = folder / RETENTION_FILE
    if not path.is_file():
        return ()
    found = load(Retention, path)
    if found.la_code != folder.name:
        raise RegistryError(
            f"la_code is {found.la_code}",
            where=short(path),
            remedy=f"Write la_code: '{folder.name}', as the folder is called.",
        )
    return found.rules
