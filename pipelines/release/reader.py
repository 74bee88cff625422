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
OFFICER = "officer.duckdb"
EVIDENCE = "evidence.duckdb"
MANIFEST = "manifest.json"
APPROVAL = "approval.json"
DIFF = "diff.json"
DISCLOSURE = "disclosure.md"
PARTS = "sbom.json"

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
    def officer_path(self) -> Path:
        """The file for officers: exact figures and pseudonymised rows.

        A release of an earlier version has none; what it holds is all in its public file.
        """
        has_own = OFFICER in self.manifest["files"]
        return self.folder / (OFFICER if has_own else PUBLIC)

    @property
    def evidence_path(self) -> Path:
        """The file for auditors: files, findings, checks, lineage."""
        return self.folder / EVIDENCE


def current_release(workspace: Path) -> Release | None:
    """The release that people read, or None where nothing has been published.

    Only the release that the pointer names is opened: a damaged one beside it changes nothing.

    Raises:
        InputError: the pointer names a release that is not there or cannot be read.
    """
    pointer = workspace / "releases" / POINTER
    if not pointer.is_file():
        return None
    return find_release(workspace, pointer.read_text(encoding="utf-8").strip())


def find_release(workspace: Path, release_id: str) -> Release:
    """One release by its id.

    Raises:
        InputError: there is none of that id, or its manifest cannot be read.
    """
    if release_id not in _folders(workspace):
        raise InputError(
            f"there is no release '{release_id}'",
            where=str(workspace / "releases"),
            remedy="See what there is with: send releases list",
        )
    release = _read(workspace / "releases" / release_id)
    if release is None:
        raise InputError(
            f"the manifest of release '{release_id}' cannot be read",
            where=str(workspace / "releases" / release_id / MANIFEST),
            remedy="Roll back to another release, or build again: send releases list",
        )
    return release


def all_releases(workspace: Path) -> list[Release]:
    """Every readable release, candidates included, in the order in which they were built."""
    read = (_read(workspace / "releases" / name) for name in _folders(workspace))
    found = [release for release in read if release is not None]
    return sorted(found, key=lambda release: (release.manifest["built_at"], release.id))


def difference_of(release: Release) -> dict[str, Any] | None:
    """What a release showed otherwise than the one before it; None where that was not kept."""
    try:
        found = json.loads((release.folder / DIFF).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def unreadable_releases(workspace: Path) -> list[str]:
    """Names of releases whose manifest is damaged."""
    return [name for name in _folders(workspace) if _read(workspace / "releases" / name) is None]


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to one file of a release; close it after use."""
    import duckdb

    return duckdb.connect(str(path), read_only=True, config=LOCKED)


def _folders(workspace: Path) -> list[str]:
    """Names of complete releases; what is being built has a name that begins with a dot."""
    found = (path.parent.name for path in (workspace / "releases").glob(f"*/{MANIFEST}"))
    return sorted(name for name in found if not name.startswith("."))


def _read(folder: Path) -> Release | None:
    """The release in a folder, or None where its manifest or approval is damaged."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        approval = folder / APPROVAL
        approved = json.loads(approval.read_text(encoding="utf-8")) if approval.is_file() else None
    except (OSError, ValueError):
        return None
    is_whole = isinstance(manifest, dict) and {"built_at", "files", "input_key"} <= manifest.keys()
    return Release(folder.name, folder, manifest, approved) if is_whole else None
