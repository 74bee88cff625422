"""What has been kept as long as the council keeps it, and taking it away.

Four kinds of thing come to their end: copies in the inbox of what is in the raw store, the
council's own files with all their rows, old releases, and old backups, which hold all of these and
whoever was erased since. Each deletion stands in the audit log
with its rule, written before the thing goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipelines.errors import InputError
from pipelines.ingest import raw_store
from pipelines.ingest.archive import Member, members
from pipelines.ingest.deliveries import arrivals, case_deliveries, drop
from pipelines.ingest.keys import keys_of
from pipelines.ingest.sealed import KEY_ID_BYTES, MAGIC
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
        what: a path in the inbox, a file id, a release, or the name of a backup; nothing of a
            child.
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
        InputError: the folder of backups is not there.
    """
    rules = retention_rules(settings.council_folder)
    found = [Due(rule, what, since) for rule in rules for what, since in _kept(settings, rule)]
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


def _kept(settings: Settings, rule: Rule) -> Iterator[tuple[str, date]]:
    if rule.folder is not None:
        return _backups(settings, rule.folder)
    return _KEPT[rule.keep](settings)


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


def _backups(settings: Settings, folder: Path) -> Iterator[tuple[str, date]]:
    """Backups of this workspace by the day on which they were written, all but the newest.

    A file counts as one only if it was sealed with the workspace's raw key.
    """
    if not folder.is_dir():
        raise InputError(
            "the folder of backups is not there",
            where=str(folder),
            remedy="Connect the disk that holds it, or correct the folder in retention.yml.",
        )
    key_id = keys_of(settings).raw.id
    found = sorted((path.stat().st_mtime, path) for path in _sealed_with(folder, key_id))
    for written, path in found[:-1]:
        yield path.name, datetime.fromtimestamp(written, UTC).date()


def _sealed_with(folder: Path, key_id: str) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_file():
            with path.open("rb") as stream:
                if stream.read(len(MAGIC) + KEY_ID_BYTES) == MAGIC + bytes.fromhex(key_id):
                    yield path


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


def _drop_backup(settings: Settings, each: Due, approved_by: str) -> None:
    _note(settings, each, approved_by)
    Path(each.rule.folder or "", each.what).unlink()


_KEPT: dict[str, Callable[[Settings], Iterator[tuple[str, date]]]] = {
    "inbox_copies": _inbox_copies,
    "case_files": _case_files,
    "releases": _releases,
}
_GONE: dict[str, Callable[[Settings, Due, str], None]] = {
    "inbox_copies": _drop_copy,
    "case_files": _drop_case_file,
    "releases": _drop_release,
    "backups": _drop_backup,
}
