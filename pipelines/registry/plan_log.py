"""What is noted about the delivery plan after it was written: an append-only log in the workspace.

<workspace>/councils/<la_code>/plan_log.jsonl, one JSON object a line; in the default workspace that
is beside the council's other files. It belongs to the workspace because it grows while the product
runs. What belongs here: the shape of its lines, how they are read, and what holds after them. Only
pipelines/ingest/plan_entry.py writes it.

A line counts once its end is there. What an interrupted write left is closed by the next one with
INTERRUPTED: the bytes stay, and the line does not count. So the lines that count are a prefix that
only grows, and a hash in a manifest can be found again in any later state of the log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.plan import ID, Milestone
from pipelines.registry.strict import Strict
from pipelines.settings import Settings

LOG_FILE = "plan_log.jsonl"
INTERRUPTED = b"#interrupted"


class Note(Strict):
    """What somebody in a role has to say about an action."""

    kind: Literal["note"] = Field(default="note", description="Good: note. Bad: comment.")
    at: AwareDatetime = Field(description="Good: 2026-01-12T09:30:00Z. Bad: 12 January.")
    role: str = Field(pattern=ID, description="Good: send-service-lead. Bad: a person's name.")
    action: str = Field(pattern=ID, description="Good: places-2026. Bad: Places.")
    text: str = Field(min_length=1, description="Good: a sentence. Bad: a child's name.")


class Revision(Strict):
    """A milestone that was moved: from what to what, and why. No value: another area's."""

    kind: Literal["revision"] = Field(default="revision", description="Good: revision. Bad: move.")
    at: AwareDatetime = Field(description="Good: 2026-01-12T09:30:00Z. Bad: 12 January.")
    role: str = Field(pattern=ID, description="Good: school-places-lead. Bad: a person's name.")
    milestone: str = Field(pattern=ID, description="Good: places-2026-143. Bad: M4.")
    old_date: date = Field(description="What held before. Good: 2026-09-01. Bad: autumn.")
    new_date: date = Field(description="What holds from now. Good: 2027-01-31. Bad: later.")
    old_value: Decimal | None = Field(default=None, description="Good: '143'. Bad: 143 places.")
    new_value: Decimal | None = Field(default=None, description="Good: '120'. Bad: fewer.")
    reason: str = Field(min_length=1, description="Good: a sentence. Bad: a child's name.")

    @model_validator(mode="after")
    def _moves(self) -> Revision:
        if (self.old_date, self.old_value) == (self.new_date, self.new_value):
            raise ValueError("neither date nor value changes")
        return self


Entry = Annotated[Note | Revision, Field(discriminator="kind")]
ENTRY: TypeAdapter[Note | Revision] = TypeAdapter(Entry)


@dataclass(frozen=True)
class PlanLog:
    """The log as it can be read.

    Attributes:
        entries: line number -> entry, for the lines that count.
        sha256: of all whole lines, in hexadecimal; empty where there is none.
        has_open_end: whether the last write was interrupted, or is under way.
    """

    entries: Mapping[int, Note | Revision]
    sha256: str
    has_open_end: bool

    def revisions(self, milestone: str) -> list[Revision]:
        """How a milestone was moved, the first move first."""
        moved = (entry for entry in self.entries.values() if isinstance(entry, Revision))
        return [entry for entry in moved if entry.milestone == milestone]


def log_path(settings: Settings) -> Path:
    """Where the log of the home authority lies, whether or not it does."""
    return settings.workspace / "councils" / settings.council / LOG_FILE


def read_log(path: Path) -> PlanLog:
    """The log; one without lines where there is no such file.

    Raises:
        RegistryError: a whole line is not an entry. It is named by its number, never quoted.
    """
    return parse_log(path.read_bytes() if path.is_file() else b"", path)


def parse_log(raw: bytes, path: Path) -> PlanLog:
    """The same from its bytes."""
    where = f"councils/{path.parent.name}/{path.name}"
    whole = raw[: raw.rfind(b"\n") + 1]
    lines = enumerate(whole.split(b"\n")[:-1], start=1)
    entries = {
        number: _entry(line, f"{where}, line {number}")
        for number, line in lines
        if not line.endswith(INTERRUPTED)
    }
    digest = hashlib.sha256(whole).hexdigest() if whole else ""
    return PlanLog(entries, digest, len(whole) < len(raw))


def level_now(milestone: Milestone, revisions: Iterable[Revision]) -> tuple[date, Decimal | None]:
    """Date and value of a milestone as last moved; no value where it is another area's."""
    due, value = milestone.due, milestone.value
    for revision in revisions:
        due, value = revision.new_date, revision.new_value
    return due, value


def line_of(entry: Note | Revision) -> bytes:
    """An entry as its line, with the end; plain ASCII, so that a cut is never inside a letter."""
    return json.dumps(entry.model_dump(mode="json"), sort_keys=True).encode("ascii") + b"\n"


def _entry(line: bytes, where: str) -> Note | Revision:
    try:
        return ENTRY.validate_json(line)
    except ValidationError as error:
        names = sorted({".".join(map(str, item["loc"])) or "line" for item in error.errors()})
        raise RegistryError(
            f"not an entry of the plan's log: {', '.join(names)}",
            where=where,
            remedy="Only `send plan` writes the log. Put the file back from your backup.",
        ) from None
