"""Whether the rules of a family are those that have been checked: expectations/rules/checked.json.

To hold every rule and frame against the tables takes most of a second and needs an SQL parser. So
`make docs` does it and notes a hash of all that the check looks at; a start that finds the same
hash leaves the check out, and one that finds another does it again. `make check` says when the note
is out of date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from pipelines.registry.parsed import column_types
from pipelines.registry.record_rule import RuleBook
from pipelines.registry.sen2 import Module
from pipelines.registry.strict import Strict, parse

PLACE = Path("expectations", "rules", "checked.json")
# Another number when something else is checked: then nothing counts as checked before.
VERSION = 1


class Checked(Strict):
    """What a check of one family found sound.

    Attributes:
        sha256: of its rules, frames, words and the columns that they are about.
        telling_frames: as in RuleBook; they follow from the frames' columns.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    telling_frames: frozenset[str]


def checked_before(
    project_root: Path, book: RuleBook, modules: Mapping[str, Module]
) -> Checked | None:
    """The note on exactly these rules, or None where they have to be checked."""
    try:
        text = (project_root / PLACE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    noted = json.loads(text).get(book.family)
    known = parse(Checked, noted, str(PLACE)) if noted else None
    return known if known and known.sha256 == _sha256(book, modules) else None


def note(books: Mapping[str, tuple[RuleBook, Mapping[str, Module]]]) -> str:
    """The text of the file, once every book in it has been checked; books: by family."""
    noted = {
        family: {
            "sha256": _sha256(book, modules),
            "telling_frames": sorted(book.telling_frames),
        }
        for family, (book, modules) in sorted(books.items())
    }
    return json.dumps(noted, indent=1) + "\n"


def _sha256(book: RuleBook, modules: Mapping[str, Module]) -> str:
    looked_at = [
        VERSION,
        book.model_dump(mode="json", exclude={"telling_frames"}),
        column_types(modules),
    ]
    return hashlib.sha256(json.dumps(looked_at).encode()).hexdigest()
