"""Copies of an erased person's files in the inbox: told, and left to whoever put them there."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pipelines.errors import InputError
from pipelines.ingest import bundles, raw_store
from pipelines.ingest.archive import members
from pipelines.settings import Settings

INBOX = "inbox"


def copies(settings: Settings, files: Collection[str]) -> list[str]:
    """Paths in the workspace of what these files were made of when they came in, zips included."""
    hashes = bundles.arrived_as(settings, files)
    paths = (path for path in sorted((settings.workspace / INBOX).rglob("*")) if path.is_file())
    return [str(path.relative_to(settings.workspace)) for path in paths if _is_one(path, hashes)]


def _is_one(path: Path, hashes: Collection[str]) -> bool:
    try:
        with members(path) as found:
            for member in found:
                with member.opening() as stream:
                    if raw_store.digest_of(stream) in hashes:
                        return True
    except (InputError, OSError):
        # What cannot be opened never came in.
        return False
    return False
