"""The bytes that arrived, kept as they are and addressed by their SHA-256.

<workspace>/raw/<first two digits>/<sha256>: open data, stored plain. An object is written under
another name, flushed to disk and renamed, so that a name never stands for half a file.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from pipelines.settings import Settings


def digest(raw: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def path_of(settings: Settings, sha256: str) -> Path:
    """Where the object of that hash lies, whether or not it does."""
    return settings.workspace / "raw" / sha256[:2] / sha256


def keep(settings: Settings, raw: bytes) -> tuple[str, bool]:
    """Store the bytes; gives their hash and whether they are new here."""
    sha256 = digest(raw)
    target = path_of(settings, sha256)
    if target.is_file():
        return sha256, False
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as handle:
        handle.write(raw)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(target)
    sync_folder(target.parent)
    return sha256, True


def load(settings: Settings, sha256: str) -> bytes:
    """The bytes of that hash."""
    return path_of(settings, sha256).read_bytes()


def drop(settings: Settings, sha256: str) -> None:
    """Take out what turned out not to be open data, and so may not lie here unencrypted."""
    path_of(settings, sha256).unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Make what was written to a file last through a power cut."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename in that folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
