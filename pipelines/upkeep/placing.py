"""Where a restore lays what it brings back, and how that becomes the workspace.

A workspace that is not there yet gets its name by one rename. One that is there and empty stays the
folder that it is: it may be a mount, or lie where only root may make folders. Then the files come
into a folder in it and move up, the pointer last.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import InputError
from pipelines.release.files import sync_folder
from pipelines.release.reader import POINTER
from pipelines.upkeep.backup import INBOX, RESTORING, UNFINISHED

BLOCK_BYTES = 1 << 20
PRIVATE = 0o077
# What a rename says where a folder is there already, or is a mount of its own.
IN_THE_WAY = frozenset({errno.EBUSY, errno.EEXIST, errno.ENOTEMPTY, errno.EXDEV, errno.EISDIR})


def require_empty(workspace: Path) -> None:
    """Empty folders may be there, as an installation makes them, and files that wait in the inbox.

    Raises:
        InputError: anything else is there.
    """
    if (workspace / RESTORING).exists():
        raise InputError(
            "a restore was interrupted here, or is still running",
            where=str(workspace / RESTORING),
            remedy="If none is running, empty the workspace and restore again: the backup has all.",
        )
    if any(_is_something(path, workspace) for path in workspace.rglob("*")):
        raise InputError(
            "a backup is only brought back into an empty place",
            where=str(workspace),
            remedy="Name a new folder with --workspace, or move the old one away first.",
        )


def _is_something(path: Path, workspace: Path) -> bool:
    is_waiting = path.relative_to(workspace).parts[0] == INBOX
    return not (path.is_dir() or is_waiting or path.suffix in UNFINISHED)


@contextmanager
def apart(workspace: Path) -> Iterator[Path]:
    """A new folder on the same disk, gone at the end unless it has become the workspace.

    What is written into it meanwhile is for its owner only.
    """
    before = os.umask(PRIVATE)
    folder = workspace / RESTORING
    if not workspace.exists():
        folder = workspace.with_name(f"{workspace.name}.restoring-{os.getpid()}")
    try:
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.umask(before)


def put_in_place(folder: Path, workspace: Path, require_sound: Callable[[], None]) -> None:
    """All at once where there is no workspace yet; otherwise one by one, or none if one fails.

    require_sound: asks again, for what lies on another mount was copied.
    """
    if folder.parent != workspace:
        folder.rename(workspace)
        sync_folder(workspace.parent)
        return
    found = sorted(folder.iterdir())
    try:
        for path in found:
            _move(path, workspace / path.name)
        require_sound()
    except BaseException:
        for path in found:
            _take_back(workspace / path.name)
        raise
    sync_folder(workspace)


def _move(source: Path, target: Path) -> None:
    """By a rename; into a folder that is in the way, what is in it, the pointer last."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno not in IN_THE_WAY:
            raise
        if source.is_dir():
            target.mkdir(exist_ok=True)
            for path in sorted(source.iterdir(), key=lambda path: (path.name == POINTER, path)):
                _move(path, target / path.name)
            sync_folder(target)
        else:
            _copy(source, target)


def _take_back(path: Path) -> None:
    """Of a mount its content; itself it stays."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as stream:
        write(target, stream)


def write(path: Path, source: BinaryIO) -> tuple[int, str]:
    """Write one file for its owner alone; gives its size and SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        while piece := source.read(BLOCK_BYTES):
            digest.update(piece)
            size += target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return size, digest.hexdigest()
