"""The bytes that arrived, kept as they are and addressed by their SHA-256.

<workspace>/raw/<first two digits>/<sha256>: open data stored plain, person-level files sealed with
the raw key (sealed.py); the address is that of the plain bytes in both. An object is written under
another name, flushed to disk and renamed, so that a name never stands for half a file.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import InputError
from pipelines.ingest import keys, sealed
from pipelines.ingest.keys import Key
from pipelines.settings import Settings

PIECE_BYTES = 1 << 20


def digest(raw: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def digest_of(stream: BinaryIO) -> str:
    """SHA-256 of all that a stream still holds."""
    total = hashlib.sha256()
    for piece in pieces(stream):
        total.update(piece)
    return total.hexdigest()


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """What a stream still holds, in pieces of 1 MiB."""
    while piece := stream.read(PIECE_BYTES):
        yield piece


def path_of(settings: Settings, sha256: str) -> Path:
    """Where the object of that hash lies, whether or not it does."""
    return settings.workspace / "raw" / sha256[:2] / sha256


def holds(settings: Settings, sha256: str) -> bool:
    """Whether the object of that hash is kept."""
    return path_of(settings, sha256).is_file()


def size_of(settings: Settings, sha256: str) -> int:
    """Bytes that the object takes; 0 where there is none."""
    path = path_of(settings, sha256)
    return path.stat().st_size if path.is_file() else 0


def keep(settings: Settings, stream: BinaryIO, sha256: str, key: Key | None = None) -> bool:
    """Store what a stream holds under its hash, sealed where a key is given; whether it is new.

    Raises:
        InputError: the bytes are not of that hash: they changed while they were read.
    """
    target = path_of(settings, sha256)
    if target.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        found = _write(part, stream, key)
        if found != sha256:
            raise InputError(
                "the file changed while it was read",
                remedy="Wait until nothing writes to it, and ingest it again.",
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(target.parent)
    return True


def _write(part: Path, stream: BinaryIO, key: Key | None) -> str:
    """Write the object, flushed; gives the hash of the plain bytes."""
    total = hashlib.sha256()
    with part.open("wb") as handle:
        part.chmod(0o600)
        sealer = sealed.Sealer(handle, key) if key else None
        write: Callable[[bytes], object] = sealer.write if sealer else handle.write
        for piece in pieces(stream):
            total.update(piece)
            write(piece)
        if sealer:
            sealer.close()
        handle.flush()
        os.fsync(handle.fileno())
    return total.hexdigest()


def opened(settings: Settings, sha256: str) -> BinaryIO:
    """The plain bytes of that hash, as a stream that can be read anywhere; close it after use.

    Raises:
        InputError: it is not kept here, or the key at hand does not open it.
    """
    path = path_of(settings, sha256)
    if not path.is_file():
        raise InputError(
            "the bytes of this file are not kept here", where=sha256, remedy="Offer it again."
        )
    handle = path.open("rb")
    is_sealed = sealed.is_sealed(handle.read(len(sealed.MAGIC)))
    handle.seek(0)
    if not is_sealed:
        return handle
    try:
        plain = sealed.Opened(handle, keys.keys_of(settings, is_pseudonym_free=True).raw, sha256)
    except BaseException:
        handle.close()
        raise
    return io.BufferedReader(plain, PIECE_BYTES)


def load(settings: Settings, sha256: str) -> bytes:
    """The plain bytes of that hash.

    Raises:
        InputError: as `opened`, or the bytes are not of that hash.
    """
    with opened(settings, sha256) as stream:
        raw = stream.read()
    if digest(raw) != sha256:
        raise InputError(
            "the kept bytes are not those that arrived", where=sha256, remedy=sealed.FROM_BACKUP
        )
    return raw


def is_sealed(settings: Settings, sha256: str) -> bool:
    """Whether the object of that hash is kept sealed."""
    with path_of(settings, sha256).open("rb") as handle:
        return sealed.is_sealed(handle.read(len(sealed.MAGIC)))


def drop(settings: Settings, sha256: str) -> None:
    """Take out what turned out to be of no use, or what may no longer be kept."""
    path_of(settings, sha256).unlink(missing_ok=True)


def sweep(settings: Settings) -> None:
    """Take away what an interrupted run was writing."""
    for path in (settings.workspace / "raw").glob("*/*.part"):
        path.unlink()


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
