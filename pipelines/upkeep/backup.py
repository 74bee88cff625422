"""A workspace as one sealed file, and what stands in it.

    sealed file   pipelines/ingest/sealed.py, with the raw key
    inside        a tar of the workspace's files, sorted by path, and last of all backup.json: every
                  path with its size and SHA-256

Left out: the inbox (whatever was taken in is in the raw store), the warehouse (a build makes it
again), Dagster's records, locks and half-written files. Keys are never in a workspace, so they are
in no backup: who has only the backup has nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from pipelines.errors import InputError
from pipelines.ingest.keys import keys_of
from pipelines.ingest.sealed import Sealer
from pipelines.locks import at_the_door, building
from pipelines.release import audit_log
from pipelines.release.files import sync_folder
from pipelines.settings import Settings

CONTENTS = "backup.json"
FORMAT = 1
INBOX = "inbox"
# Where a restore lays what it brings back until all of it is there (upkeep/restore.py).
RESTORING = ".restoring"
LEFT_OUT = frozenset({INBOX, RESTORING, "warehouse", ".dagster", ".rebuild"})
UNFINISHED = (".part", ".lock")

Notice = Callable[[str], None]


@dataclass(frozen=True)
class Backup:
    """What was written.

    Attributes:
        size_bytes: of the files inside.
        key_id: of the raw key, without which it cannot be opened.
    """

    path: Path
    file_count: int
    size_bytes: int
    key_id: str


class _Hashed(io.RawIOBase):
    """A file's first `size` bytes and, once they are read, their SHA-256."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        return piece


def back_up(settings: Settings, target: Path, notice: Notice | None = None) -> Backup:
    """Write the workspace into one sealed file; nothing is taken in or built meanwhile.

    notice: told where keys were made, for a workspace that had none.

    Raises:
        InputError: the target exists or lies inside the workspace, or there is nothing to keep.
        FailedCheckError: a build is running.
    """
    _require_apart(settings, target)
    key = keys_of(settings, notice).raw
    with at_the_door(settings), building(settings):
        audit_log.note(settings, "backup", key_id=key.id)
        paths = _paths(settings.workspace)
        if not paths:
            raise InputError("the workspace holds nothing yet", where=str(settings.workspace))
        with _whole(target) as stream:
            sealer = Sealer(stream, key)
            # A stream of tar asks for nothing but `write`.
            plain = cast("BinaryIO", sealer)
            with tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as archive:
                listed = [_add(archive, settings.workspace, path) for path in paths]
                _add_contents(archive, settings, listed)
            sealer.close()
    return Backup(target, len(listed), sum(size for _, size, _ in listed), key.id)


def _require_apart(settings: Settings, target: Path) -> None:
    if target.exists():
        raise InputError(
            "there is a file of that name already",
            where=str(target),
            remedy="A backup never replaces another: name a new file.",
        )
    if settings.workspace in target.resolve().parents:
        raise InputError(
            "a backup inside the workspace is lost with it",
            where=str(target),
            remedy="Name a file elsewhere, best on another machine.",
        )


def _paths(workspace: Path) -> list[Path]:
    """The files that are kept, by path in the workspace."""
    found = []
    for top in sorted(workspace.iterdir()) if workspace.is_dir() else []:
        if top.name not in LEFT_OUT:
            inner = [top] if top.is_file() else top.rglob("*")
            found += [path.relative_to(workspace) for path in inner if path.is_file()]
    return sorted(path for path in found if path.suffix not in UNFINISHED)


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """A new file that has its name only once it is whole and on disk; its owner's alone."""
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.resolve().parent)


def _add(archive: tarfile.TarFile, workspace: Path, path: Path) -> tuple[str, int, str]:
    """Add one file. A log that grows meanwhile is kept as long as it was when it was opened."""
    with (workspace / path).open("rb") as source:
        member = tarfile.TarInfo(path.as_posix())
        status = os.fstat(source.fileno())
        member.size, member.mtime, member.mode = status.st_size, int(status.st_mtime), 0o600
        hashed = _Hashed(source)
        archive.addfile(member, hashed)
    return path.as_posix(), member.size, hashed.digest.hexdigest()


def _add_contents(
    archive: tarfile.TarFile, settings: Settings, listed: list[tuple[str, int, str]]
) -> None:
    told = {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "council": settings.council,
        "files": [{"path": path, "size_bytes": size, "sha256": sha} for path, size, sha in listed],
    }
    text = json.dumps(told, ensure_ascii=False).encode()
    member = tarfile.TarInfo(CONTENTS)
    member.size, member.mode = len(text), 0o600
    archive.addfile(member, io.BytesIO(text))
