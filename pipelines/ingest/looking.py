"""One offered file, looked at before anything is kept: its hash, what it is, what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import InputError
from pipelines.ingest import raw_store, recognise
from pipelines.ingest.archive import Member
from pipelines.ingest.memory import enough_memory
from pipelines.ingest.recognise import Recognised
from pipelines.registry.sources import Sources


@dataclass(frozen=True)
class Found:
    """A file that was looked at.

    Attributes:
        is_named: whether the user named it itself, so that its fault is an error of the call.
        group: files of one group may belong together: those of a zip, a folder, or the call.
        fault: why it cannot be read; then nothing is recognised.
    """

    member: Member
    sha256: str
    is_named: bool
    group: str
    recognised: Recognised | None = None
    fault: InputError | None = None


def group_of(path: Path, folder: Path | None, member: Member, *, is_archive: bool) -> str:
    """What a table's other tables are looked for in."""
    if is_archive:
        return f"zip {path} {member.folder}"
    return "" if folder is None else f"folder {path.parent}"


def looked_at(sources: Sources, member: Member, group: str, *, is_named: bool) -> Found:
    """One file's hash, and what it is."""
    sha256 = ""
    try:
        with member.opening() as stream:
            sha256 = raw_store.digest_of(stream)
        with enough_memory():
            what = recognise.recognised(member.head(), sources)
    except InputError as error:
        fault = InputError(error.what, where=error.where or member.name, remedy=error.remedy)
        return Found(member, sha256, is_named, group, fault=fault)
    return Found(member, sha256, is_named, group, what)
