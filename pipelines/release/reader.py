"""How anyone finds a release and opens it: by the pointer CURRENT, read-only, alone.

This is the only module of the pipeline that the dashboard imports. It writes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError

if TYPE_CHECKING:
    import duckdb

POINTER = "CURRENT"
PUBLIC = "public.duckdb"
EVIDENCE = "evidence.duckdb"
MANIFEST = "manifest.json"
APPROVAL = "approval.json"

# A reader's connection: no other file, no extension, and no way to change either.
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


@dataclass(frozen=True)
class Release:
    """One release on disk.

    Attributes:
        id: its name, which is its folder's.
        folder: holds the files below; nothing in it changes once approved.
        manifest: input hashes, code version, row counts, file hashes.
        approval: who approved it, when and why; None for a candidate.
    """

    id: str
    folder: Path
    manifest: dict[str, Any] = field(hash=False)
    approval: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def public_path(self) -> Path:
        """The file that any reader may see."""
        return self.folder / PUBLIC

    @property
    def evidence_path(self) -> Path:
        """The file for auditors: files, findings, checks, lineage."""
        return self.folder / EVIDENCE


def current_release(workspace: Path) -> Release | None:
    """The release that people read, or None where nothing has been published.

    Raises:
        InputError: the pointer names a release that is not there.
    """
    pointer = workspace / "releases" / POINTER
    if not pointer.is_file():
        return None
    return find_release(workspace, pointer.read_text(encoding="utf-8").strip())


def find_release(workspace: Path, release_id: str) -> Release:
    """One release by its id.

    Raises:
        InputError: there is none of that id.
    """
    known = {release.id: release for release in all_releases(workspace)}
    if release_id not in known:
        raise InputError(
            f"there is no release '{release_id}'",
            where=str(workspace / "releases"),
            remedy="See what there is with: send releases list",
        )
    return known[release_id]


def all_releases(workspace: Path) -> list[Release]:
    """Every complete release, candidates included, in the order in which they were built."""
    found = [_read(path.parent) for path in (workspace / "releases").glob(f"*/{MANIFEST}")]
    complete = [release for release in found if not release.id.startswith(".")]
    return sorted(complete, key=lambda release: (release.manifest["built_at"], release.id))


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to one file of a release; close it after use."""
    import duckdb

    return duckdb.connect(str(path), read_only=True, config=LOCKED)


def _read(folder: Path) -> Release:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    approval = folder / APPROVAL
    approved = json.loads(approval.read_text(encoding="utf-8")) if approval.is_file() else None
    return Release(folder.name, folder, manifest, approved)
