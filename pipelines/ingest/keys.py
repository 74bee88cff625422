"""The three keys of a council, in one folder outside the workspace: raw, pseudonym, audit.

raw opens the kept files, pseudonym makes the pseudonyms, audit signs the log. They are made on
first need, readable by their owner only. A workspace remembers the ids of the keys it was made
with, so that other keys are never used in their place. Open data is kept without a key.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import InputError
from pipelines.settings import Settings

NAMES = ("raw", "pseudonym", "audit")
KEY_BYTES = 32
KEY_TEXT = re.compile(r"[0-9a-f]{64}\n?")
ID_DIGITS = 8
ID_TEXT = b"send-monitor key id"
NOT_OWNER = 0o077
REMEMBERED = "keys.json"

Notice = Callable[[str], None]


@dataclass(frozen=True)
class Key:
    """One key.

    Attributes:
        id: 8 hexadecimal digits that tell keys apart and give nothing away.
        secret: 32 bytes; never shown.
    """

    name: str
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Keyed, so that nobody can try keys against it faster than against a file."""
        return hmac.new(self.secret, ID_TEXT, hashlib.sha256).hexdigest()[:ID_DIGITS]

    def of_council(self, la_code: str) -> Key:
        """The key that one council's pseudonyms are made with.

        Workspaces of several councils may share a folder of keys, and a child who moves between
        two must not be found by comparing them. HKDF-SHA256; nobody gets from one to another.
        """
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = la_code.encode("ascii")
        return Key(self.name, HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self.secret))


@dataclass(frozen=True)
class Keys:
    """The keys of one workspace."""

    raw: Key
    pseudonym: Key
    audit: Key


def folder() -> Path:
    """Where the keys lie: SEND_KEYS, otherwise the user's configuration folder."""
    named = os.environ.get("SEND_KEYS")
    if named:
        return Path(named).expanduser().resolve()
    configuration = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return (Path(configuration).expanduser() / "send-monitor" / "keys").resolve()


def keys_of(settings: Settings, notice: Notice | None = None) -> Keys:
    """The keys for this workspace, made if there are none yet.

    notice is told when keys are made: where they lie, and that losing them loses the files.

    Raises:
        InputError: the folder lies inside the workspace, a key is missing or damaged, folder or key
            is open to others, or the keys are not those that the workspace was made with.
    """
    place = folder()
    _require_outside(place, settings.workspace.resolve())
    remembered = _remembered(settings)
    with _locked(place):
        if not remembered and not _held(place):
            _make(place)
            (notice or _silent)(_said_at_creation(place))
        _end_interrupted(place)
        _require_own(place)
        found = {name: _read(place / name) for name in NAMES}
    keys = Keys(**found)
    _require_same(place, keys, remembered)
    if not remembered:
        _remember(settings, keys)
    return keys


def keys_at_hand() -> Keys:
    """The keys as they lie in their folder, for a workspace that is not there yet; makes none.

    Raises:
        InputError: a key is missing or damaged, or folder or key is open to others.
    """
    place = folder()
    with _locked(place):
        _require_own(place)
        return Keys(**{name: _read(place / name) for name in NAMES})


def _silent(_: str) -> None:
    """Nobody wants to be told."""


def _said_at_creation(place: Path) -> str:
    return (
        f"Keys were made in {place}. Without them the kept person-level files can never be read "
        "again, and children cannot be matched with earlier returns: lost keys mean lost raw "
        "files. Keep a copy of that folder, apart from the backup of the workspace."
    )


# ---- the folder ------------------------------------------------------------------------------


def _require_outside(place: Path, workspace: Path) -> None:
    if place == workspace or workspace in place.parents:
        raise InputError(
            "the keys may not lie inside the workspace: whoever copies it would have both",
            where=str(place),
            remedy="Name a folder outside the workspace with SEND_KEYS.",
        )


def _require_own(place: Path) -> None:
    """Whoever may write there can put keys of his own in the place of these."""
    if stat.S_IMODE(place.stat().st_mode) & NOT_OWNER:
        raise InputError(
            "the folder of the keys can be read or written by others",
            where=str(place),
            remedy=f"Make it yours alone: chmod 700 '{place}'. If others have had access to this "
            "machine, treat the keys as known to them.",
        )


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """One process at a time makes keys."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _held(place: Path) -> list[str]:
    return [name for name in NAMES if (place / name).exists()]


def _new(place: Path, name: str) -> Path:
    return place / f".{name}.new"


def _make(place: Path) -> None:
    """All three are written before the first gets its name, so that none is made twice."""
    place.chmod(0o700)
    for name in NAMES:
        _new(place, name).unlink(missing_ok=True)
        handle = os.open(_new(place, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
    for name in NAMES:
        _new(place, name).replace(place / name)


def _end_interrupted(place: Path) -> None:
    """Name what an interrupted `_make` had written whole."""
    if _held(place):
        for name in NAMES:
            if _new(place, name).exists() and not (place / name).exists():
                _new(place, name).replace(place / name)


def _read(path: Path) -> Key:
    try:
        status = path.stat()
        text = path.read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise InputError(
            f"the key '{path.name}' is missing",
            where=str(path.parent),
            remedy="Put back your copy of the key folder, or name it with SEND_KEYS. Without it "
            "the person-level files of this workspace cannot be read.",
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(path) from error
    if stat.S_IMODE(status.st_mode) & NOT_OWNER:
        raise InputError(
            "the key can be read by others",
            where=str(path),
            remedy=f"Make it yours alone: chmod 600 '{path}'. If others have had access to this "
            "machine, treat the key as known to them.",
        )
    if not KEY_TEXT.fullmatch(text):
        raise _damaged(path)
    return Key(path.name, bytes.fromhex(text))


def _damaged(path: Path) -> InputError:
    return InputError(
        "the file holds no key of 64 hexadecimal digits",
        where=str(path),
        remedy="Put back your copy of the key folder.",
    )


# ---- what the workspace remembers ------------------------------------------------------------


def _memory(settings: Settings) -> Path:
    return settings.workspace / "log" / REMEMBERED


def _remembered(settings: Settings) -> dict[str, str]:
    path = _memory(settings)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _remember(settings: Settings, keys: Keys) -> None:
    """Ids only. Whole or not at all."""
    path = _memory(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(f".{os.getpid()}.part")
    ids = {name: getattr(keys, name).id for name in NAMES}
    with part.open("w", encoding="utf-8") as handle:
        json.dump(ids, handle)
        handle.flush()
        os.fsync(handle.fileno())
    part.chmod(0o600)
    part.replace(path)


def _require_same(place: Path, keys: Keys, remembered: dict[str, str]) -> None:
    for name, wanted in remembered.items():
        found = getattr(keys, name).id
        if found != wanted:
            raise InputError(
                f"the key '{name}' is {found}, but this workspace was made with {wanted}",
                where=str(place),
                remedy="Name the folder of this workspace's keys with SEND_KEYS.",
            )
