"""Letting the account of the pages read what is released, where it is not the pipeline's own.

Everything the pipeline writes is for its owner only. SEND_READERS names the group that may read
releases, by name or number: it gets the files of approved releases and the pointer, to read, and
nothing else of the workspace.
"""

from __future__ import annotations

import grp
import os
from pathlib import Path

from pipelines.errors import InputError
from pipelines.release.reader import POINTER, Release
from pipelines.settings import Settings

READERS = "SEND_READERS"
FOLDER_MODE, FILE_MODE = 0o750, 0o640


def share(settings: Settings, release: Release) -> None:
    """Open an approved release and the pointer to the readers' group, if one is named.

    The pointer is opened where there is one: one that is written anew is opened before it takes its
    place (`open_to_readers`), so that readers never meet one that is closed to them.

    Raises:
        InputError: there is no such group, or the account is not in it.
    """
    group = _group()
    if group is None:
        return
    for path in (settings.releases, release.folder):
        _open(path, group, FOLDER_MODE)
    pointer = settings.releases / POINTER
    for path in (*release.folder.iterdir(), pointer):
        if path.is_file():
            _open(path, group, FILE_MODE)


def open_to_readers(path: Path) -> None:
    """Open one file to the readers' group, if one is named; raises as `share`."""
    group = _group()
    if group is not None:
        _open(path, group, FILE_MODE)


def require_readers() -> None:
    """See that a release can be given to the readers' group, before anything moves.

    Raises:
        InputError: there is no such group, or the account is not in it.
    """
    group = _group()
    own = {os.getegid(), *os.getgroups()}
    if group is not None and group not in own and os.geteuid() != 0:
        raise _not_ours(group)


def _group() -> int | None:
    """The group that is named, by its number; None where none is."""
    named = os.environ.get(READERS)
    if not named:
        return None
    try:
        return int(named) if named.isdecimal() else grp.getgrnam(named).gr_gid
    except KeyError as error:
        raise InputError(
            f"there is no group '{named}' on this machine",
            where=READERS,
            remedy="Make it as docs/deployment.md says, or name another.",
        ) from error


def _open(path: Path, group: int, mode: int) -> None:
    try:
        os.chown(path, -1, group)
    except PermissionError as error:
        raise _not_ours(group) from error
    path.chmod(mode)


def _not_ours(group: int) -> InputError:
    return InputError(
        f"this account may not give files to the group {group}",
        where=READERS,
        remedy="Put the account that publishes into the group: docs/deployment.md.",
    )
