"""A backup back into an empty place: every file compared, every release verified.

Whoever was erased since is erased again, where the later log of erasures is named. The files come
into a folder of their own, and into the workspace only once all is as it was (placing.py): a
restore that finds a fault leaves nothing behind.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from pipelines.errors import FailedCheckError, InputError
from pipelines.ingest import forget_log
from pipelines.ingest.door import erase_marked
from pipelines.ingest.key_change import is_older
from pipelines.ingest.keys import Key, keys_at_hand
from pipelines.ingest.sealed import HEADER_BYTES, Opened, is_sealed
from pipelines.release import audit_log
from pipelines.release.as_built import verify
from pipelines.release.reader import all_releases, current_release, unreadable_releases
from pipelines.release.share import require_readers, share
from pipelines.settings import Settings
from pipelines.upkeep.backup import CONTENTS, FORMAT
from pipelines.upkeep.placing import BLOCK_BYTES, apart, put_in_place, require_empty, write
from pipelines.upkeep.rotate import rotate


@dataclass(frozen=True)
class Restored:
    """What came back.

    Attributes:
        current: the release that people read again; empty where there was none.
        erased_again: people who were erased after the backup was made.
    """

    made_at: str
    file_count: int
    size_bytes: int
    release_count: int
    current: str
    erased_again: int


def restore(settings: Settings, source: Path, erased: Path | None = None) -> Restored:
    """Bring a backup back as the workspace of these settings.

    erased: a later log/erased.jsonl; whoever stands in it and is in the backup is erased again.

    Raises:
        InputError: the workspace is not empty, the file is no backup or damaged, it is another
            council's, the keys at hand are not those it was sealed with, or nothing can be given
            to the group of readers that is named.
        FailedCheckError: a release in it is not what was built; nothing was restored.
    """
    require_readers()
    require_empty(settings.workspace)
    marks = forget_log.marks_of(erased) if erased else []
    key = keys_at_hand().raw
    with apart(settings.workspace) as folder:
        contents = _unpack(source, key, folder)
        _require_council(contents, settings, source)
        _require_sound(replace(settings, workspace=folder))
        put_in_place(folder, settings.workspace, lambda: _require_sound(settings))
    marks += _under_this_key(settings, marks)
    audit_log.note(settings, "restore", made_at=contents["made_at"])
    again = erase_marked(settings, marks)
    current = current_release(settings.workspace)
    if current:
        share(settings, current)
    files = contents["files"]
    return Restored(
        made_at=contents["made_at"],
        file_count=len(files),
        size_bytes=sum(each["size_bytes"] for each in files),
        release_count=len(all_releases(settings.workspace)),
        current=current.id if current else "",
        erased_again=again,
    )


def _under_this_key(settings: Settings, marks: Sequence[str]) -> list[str]:
    """Bring a backup from before a change of the pseudonym key under the key that is there now.

    Gives what those of the marks who were marked under the old key are called now.
    """
    if not is_older(settings):
        return []
    done = rotate(
        settings, "send restore", "The backup is from before a change of key", erased=marks
    )
    return sorted(done.marks)


# ---- the file ----------------------------------------------------------------------------------


def _unpack(source: Path, key: Key, folder: Path) -> dict[str, Any]:
    """Write every file of the backup; gives its table of contents, which all of them agree with."""
    if not source.is_file():
        raise InputError("there is no such file", where=str(source))
    with source.open("rb") as stream:
        if not is_sealed(stream.read(HEADER_BYTES)):
            raise _no_backup(source)
        stream.seek(0)
        opened = io.BufferedReader(Opened(stream, key, str(source)), BLOCK_BYTES)
        try:
            found, contents = _members(opened, folder, source)
        except tarfile.TarError as error:
            raise _no_backup(source) from error
    stated = {each["path"]: (each["size_bytes"], each["sha256"]) for each in contents["files"]}
    if stated != found:
        raise _no_backup(source)
    return contents


def _members(
    opened: io.BufferedIOBase, folder: Path, source: Path
) -> tuple[dict[str, tuple[int, str]], dict[str, Any]]:
    found: dict[str, tuple[int, str]] = {}
    contents: dict[str, Any] = {}
    with tarfile.open(fileobj=cast("BinaryIO", opened), mode="r|") as archive:
        for member in archive:
            inner = cast("BinaryIO | None", archive.extractfile(member))
            if inner is None or not _is_inside(member.name):
                raise _no_backup(source)
            if member.name == CONTENTS:
                contents = json.loads(inner.read())
            else:
                found[member.name] = write(folder / member.name, inner)
    if contents.get("format") != FORMAT:
        raise _no_backup(source)
    return found, contents


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _no_backup(source: Path) -> InputError:
    return InputError(
        "the file is no whole backup of a workspace",
        where=str(source),
        remedy="Name a file that `send backup` wrote, or an earlier one.",
    )


# ---- is it sound -------------------------------------------------------------------------------


def _require_council(contents: dict[str, Any], settings: Settings, source: Path) -> None:
    if contents["council"] != settings.council:
        raise InputError(
            f"the backup is of authority {contents['council']}, and {settings.council} is at home",
            where=str(source),
            remedy=f"Set SEND_COUNCIL={contents['council']}.",
        )


def _require_sound(settings: Settings) -> None:
    """Every release is what was built, and the pointer leads to one of them."""
    faults: Sequence[str] = [
        f"{release.id}: {fault}"
        for release in all_releases(settings.workspace)
        for fault in verify(release)
    ]
    unread = [
        f"{name}: its manifest is damaged" for name in unreadable_releases(settings.workspace)
    ]
    if faults or unread:
        raise FailedCheckError(
            "; ".join([*faults, *unread]),
            where="the releases in the backup",
            remedy="They were so when the backup was made. Bring back an earlier backup.",
        )
    current_release(settings.workspace)
