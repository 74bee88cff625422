"""log/erased.jsonl: when somebody was erased, out of which files, and whether that was ended.

Nobody is named there: a person is a hash of a pseudonym that is no more, which only whoever has the
pseudonym key and the person's UPN could make again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines import json_lines
from pipelines.errors import InputError
from pipelines.settings import Settings

LOG = "erased.jsonl"
BEGUN, DONE = "begun", "done"
MARK = "erased:"
DIGITS = 16


def marked(pseudonym: str) -> str:
    """What the log calls a pseudonym that is no more."""
    return hashlib.sha256(f"{MARK}{pseudonym}".encode("ascii")).hexdigest()[:DIGITS]


def erased(settings: Settings) -> set[str]:
    """Marks of everybody who was erased here: hashes of pseudonyms, which only the key can make."""
    return {line["person"] for line in json_lines.lines(_path(settings))}


def marks_of(path: Path) -> list[str]:
    """Marks of everybody who was erased by another copy of this log, in order.

    Raises:
        InputError: there is no such file, or a line is none of this log.
    """
    if not path.is_file():
        raise InputError(
            "there is no such file",
            where=str(path),
            remedy=f"Name a copy of log/{LOG} of this workspace.",
        )
    try:
        lines = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
        return list(dict.fromkeys(str(line["person"]) for line in lines))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            "the file is no log of erasures",
            where=str(path),
            remedy=f"Name a copy of log/{LOG} of this workspace.",
        ) from error


def note(settings: Settings, pseudonym: str, step: str, **told: Any) -> None:
    """Write down a step of somebody's erasure."""
    note_mark(settings, marked(pseudonym), step, **told)


def note_mark(settings: Settings, mark: str, step: str, **told: Any) -> None:
    """As `note`, where only the mark is known."""
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "person": mark, "step": step}
    json_lines.append(_path(settings), line | told)


def _path(settings: Settings) -> Path:
    return settings.workspace / "log" / LOG


def unfinished(settings: Settings) -> list[str]:
    """Marks of erasures that have begun and are not done."""
    last = {line["person"]: line["step"] for line in json_lines.lines(_path(settings))}
    return [mark for mark, step in last.items() if step != DONE]


def noted_files(settings: Settings, mark: str) -> Collection[str]:
    """The files that were last written down for a mark."""
    found = [line["files"] for line in json_lines.lines(_path(settings)) if line["person"] == mark]
    return found[-1] if found else []
