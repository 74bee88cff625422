"""What has been kept as long as the council keeps it, and taking it away.

Three kinds of thing come to their end: copies in the inbox of what is in the raw store, the
council's own files with all their rows, and old releases. Each deletion stands in the audit log
with its rule, written before the thing goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.errors import InputError
from pipelines.ingest import raw_store
from pipelines.ingest.archive import Member, members
from pipelines.ingest.deliveries import arrivals, case_deliveries, drop
from pipelines.locks import at_the_door, building
from pipelines.registry.retention import Rule, retention_rules
from pipelines.release import audit_log
from pipelines.release.delete import delete, dispensable
from pipelines.release.reader import all_releases, find_release
from pipelines.settings import Settings

INBOX = "inbox"


@dataclass(frozen=True)
class Due:
    """One thing whose time is up.

    Attributes:
        what: a path in the inbox, a file id, or a release; nothing of a child.
        since: the day from which its time counts.
    """

    rule: Rule
    what: str
    since: date

    @property
    def due_on(self) -> date:
        """The first day on which it is no longer kept."""
        return self.since + timedelta(days=self.rule.days)


def due(settings: Settings, today: date) -> list[Due]:
    """Everything that is kept longer than the council's rules say, in the order of the rules.

    Raises:
        RegistryError: the council's retention.yml cannot be used.
    """
    rules = retention_rules(settings.council_folder)
    found = [Due(rule, what, since) for rule in rules for what, since in _KEPT[rule.keep](settings)]
    return [each for each in found if each.due_on <= today]


def carry_out(settings: Settings, found: list[Due], approved_by: str) -> None:
    """Take away what is due; each thing is written down before it goes.

    Raises:
        InputError: nobody approves it.
        FailedCheckError: a build is running.
    """
    if not approved_by.strip():
        raise InputError("a deletion is approved by a named person", where="--approved-by")
    with at_the_door(settings), building(settings):
        for each in found:
            _GONE[each.rule.keep](settings, each, approved_by.strip())


# ---- what is kept, and since when --------------------------------------------------------------


def _inbox_copies(settings: Settings) -> Iterator[tuple[str, date]]:
    """Files of the inbox of which everything was taken in, since the last of it came."""
    arrived = arrivals(settings)
    for path in sorted((settings.workspace / INBOX).rglob("*")):
        days = [arrived.get(each) for each in _hashes(path)] if path.is_file() else []
        known = [day for day in days if day is not None]
        if known and len(known) == len(days):
            yield path.relative_to(settings.workspace).as_posix(), max(known)


def _hashes(path: Path) -> list[str]:
    """Of each file that is in it; none where it cannot be opened, for then it never came in."""
    try:
        with members(path) as found:
            return [_digest(member) for member in found]
    except (InputError, OSError):
        return []


def _digest(member: Member) -> str:
    with member.opening() as stream:
        return raw_store.digest_of(stream)


def _case_files(settings: Settings) -> Iterator[tuple[str, date]]:
    for each in case_deliveries(settings):
        yield each.file_id, each.received_on


def _releases(settings: Settings) -> Iterator[tuple[str, date]]:
    for release in all_releases(settings.workspace):
        if release.approval and dispensable(settings, release):
            yield release.id, datetime.fromisoformat(release.approval["at"]).date()


# ---- taking it away ----------------------------------------------------------------------------


def _note(settings: Settings, each: Due, approved_by: str) -> None:
    audit_log.note(
        settings,
        "retain",
        kind=each.rule.keep,
        what=each.what,
        since=each.since.isoformat(),
        days=each.rule.days,
        approved_by=approved_by,
        reason=each.rule.reason,
    )


def _drop_copy(settings: Settings, each: Due, approved_by: str) -> None:
    _note(settings, each, approved_by)
    (settings.workspace / each.what).unlink()


def _drop_case_file(settings: Settings, each: Due, approved_by: str) -> None:
    _note(settings, each, approved_by)
    drop(settings, each.what)


def _drop_release(settings: Settings, each: Due, approved_by: str) -> None:
    delete(settings, find_release(settings.workspace, each.what), approved_by, each.rule.reason)


_KEPT: dict[str, Callable[[Settings], Iterator[tuple[str, date]]]] = {
    "inbox_copies": _inbox_copies,
    "case_files": _case_files,
    "releases": _releases,
}
_GONE: dict[str, Callable[[Settings, Due, str], None]] = {
    "inbox_copies": _drop_copy,
    "case_files": _drop_case_file,
    "releases": _drop_release,
}
