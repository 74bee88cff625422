"""Noting something about the delivery plan, and moving a milestone: the one writer of its log.

One at a time: a lock is held on the log itself from the reading of what holds now to the end of the
write, so that two officers who move the same milestone at once make two moves, one after the other.
A line is on disk before the call returns; nothing that was written is ever changed.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import InputError
from pipelines.ingest.raw_store import sync_folder
from pipelines.registry.plan import Milestone, Plan
from pipelines.registry.plan_file import PLAN_FILE, delivery_plan
from pipelines.registry.plan_log import (
    INTERRUPTED,
    Note,
    PlanLog,
    Revision,
    level_now,
    line_of,
    log_path,
    parse_log,
)
from pipelines.registry.strict import nearest
from pipelines.settings import Settings

LONGEST_TEXT = 600
# What the warehouse holds of a value.
LARGEST, DECIMALS = Decimal(10) ** 9, 6
# Signs that a text is about one child or names somebody's address: it may not stand here.
PERSONAL = (
    ("an e-mail address", re.compile(r"\S@\S+\.\S")),
    ("a UPN", re.compile(r"\b[A-Za-z]\d{11}[\dA-Za-z]\b")),
    (
        "a ULN or a telephone number",
        re.compile(r"\b\d{10,13}\b|\b0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}\b"),
    ),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")),
)


@dataclass(frozen=True)
class Written:
    """What was appended.

    Attributes:
        line: number of its line in the log.
        closed_interrupted: whether an earlier write had been interrupted, which now is closed.
    """

    entry: Note | Revision
    line: int
    closed_interrupted: bool


def add_note(settings: Settings, *, action: str, role: str, text: str) -> Written:
    """Append a note about an action.

    Raises:
        InputError: there is no such plan, action or role, or the text may not stand here.
    """
    plan = require_plan(settings)
    _require(action, "action", {entry.id for entry in plan.actions})
    _require_role(role, plan)
    said = _checked(text, "--text")
    return _append(
        settings, lambda _: Note(at=datetime.now(UTC), role=role, action=action, text=said)
    )


def revise(
    settings: Settings,
    *,
    milestone: str,
    role: str,
    reason: str,
    due: date | None = None,
    value: Decimal | None = None,
) -> Written:
    """Append a move of a milestone: to another date, another value, or both.

    Raises:
        InputError: there is no such plan, milestone or role; nothing moves; or the reason may not
            stand here.
    """
    plan = require_plan(settings)
    known = plan.milestones()
    _require(milestone, "milestone", set(known))
    _require_role(role, plan)
    said = _checked(reason, "--reason")
    _require_holdable(value)

    def move(log: PlanLog) -> Revision:
        old_date, old_value = level_now(known[milestone], log.revisions(milestone))
        new_date, new_value = due or old_date, old_value if value is None else value
        if (old_date, old_value) == (new_date, new_value):
            raise _nothing_moves(known[milestone], old_date, old_value)
        return Revision(
            at=datetime.now(UTC),
            role=role,
            milestone=milestone,
            old_date=old_date,
            new_date=new_date,
            old_value=old_value,
            new_value=new_value,
            reason=said,
        )

    return _append(settings, move)


@contextmanager
def log_at_rest(settings: Settings) -> Iterator[None]:
    """While inside, nobody writes: what a build lands of the log is what it hashes of it."""
    if delivery_plan(settings.council_folder) is None:
        yield
        return
    with _locked(log_path(settings), fcntl.LOCK_SH):
        yield


def require_plan(settings: Settings) -> Plan:
    """The plan of the home authority.

    Raises:
        InputError: it has none.
    """
    plan = delivery_plan(settings.council_folder)
    if plan is None:
        raise InputError(
            f"authority {settings.council} has no delivery plan",
            where=f"data/councils/{settings.council}/{PLAN_FILE}",
            remedy="Write one: data/councils/README.md",
        )
    return plan


def _require(name: str, what: str, known: set[str]) -> None:
    if name not in known:
        raise InputError(
            f"the plan has no {what} '{name}'{nearest(name, known)}",
            remedy="All of them: send plan list",
        )


def _require_role(role: str, plan: Plan) -> None:
    known = {entry.id for entry in plan.roles}
    if role not in known:
        raise InputError(
            f"the plan has no such role{nearest(role, known)}",
            where="--role",
            remedy="Give a role, not a person's name. Roles stand in the plan under `roles`.",
        )


def _checked(text: str, where: str) -> str:
    """The text on one line; it is never quoted in a message."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_TEXT:
        raise InputError(
            f"a text has 1 to {LONGEST_TEXT} characters, not {len(said)}",
            where=where,
            remedy="Say it in a few sentences.",
        )
    for what, pattern in PERSONAL:
        if pattern.search(said):
            raise InputError(
                f"it looks as if it held {what}",
                where=where,
                remedy="The log is kept for ever and read by others: write of numbers and "
                "schools, never of a child, a family or a person.",
            )
    return said


def _require_holdable(value: Decimal | None) -> None:
    if value is None:
        return
    if not value.is_finite() or abs(value) >= LARGEST or value != round(value, DECIMALS):
        raise InputError(
            "this is not a value that can be held",
            where="--value",
            remedy="Give a number in the measure's own unit, for example 120 or 42.5.",
        )


def _nothing_moves(milestone: Milestone, due: date, value: Decimal | None) -> InputError:
    level = f"the value of area {milestone.same_as_area}" if value is None else f"{value:f}"
    return InputError(
        f"nothing moves: milestone '{milestone.id}' is {level} by {due} already",
        where="--date, --value",
        remedy="Give another date, another value, or both.",
    )


def _append(settings: Settings, make: Callable[[PlanLog], Note | Revision]) -> Written:
    """Write what `make` gives for the log as it stands, while nobody else may write."""
    path = log_path(settings)
    with _locked(path) as handle:
        handle.seek(0)
        raw = handle.read()
        log = parse_log(raw, path)
        entry = make(log)
        close = b" " + INTERRUPTED + b"\n" if log.has_open_end else b""
        _write(handle, close + line_of(entry))
        return Written(entry, raw.count(b"\n") + close.count(b"\n") + 1, log.has_open_end)


def _write(handle: BinaryIO, content: bytes) -> None:
    """All of it at the end of the file, and on disk."""
    while content:
        content = content[handle.write(content) :]
    os.fsync(handle.fileno())


@contextmanager
def _locked(path: Path, lock: int = fcntl.LOCK_EX) -> Iterator[BinaryIO]:
    """The log for one writer, or for readers while nobody writes; made where there is none yet.

    It is unbuffered, and written at its end only.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as handle:
        fcntl.flock(handle, lock)
        if is_new:
            sync_folder(path.parent)
        yield handle
