"""The three keys of a council, in one folder outside the workspace: raw, pseudonym, audit.

raw opens the kept files, pseudonym makes the pseudonyms, audit signs the log. They are made on
first need, readable by their owner only. A workspace remembers the ids of the keys it was made
with, so that other keys are never used in their place. Open data is kept without a key. How the
pseudonym key is changed for another stands in key_change.py.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import InputError
from pipelines.ingest.key_memory import PSEUDONYM, remember, remembered_ids
from pipelines.settings import Settings

NAMES = ("raw", "pseudonym", "audit")
KEY_BYTES = 32
KEY_TEXT = re.compile(r"[0-9a-f]{64}\n?")
ID_DIGITS = 8
ID_TEXT = b"send-monitor key id"
NOT_OWNER = 0o077
CHANGED = (
    " If that key was changed for another and is no more, change it here too: send keys rotate"
)

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


def keys_of(
    settings: Settings, notice: Notice | None = None, *, is_pseudonym_free: bool = False
) -> Keys:
    """The keys for this workspace, made if there are none yet.

    notice is told when keys are made: where they lie, and that losing them loses the files.
    is_pseudonym_free: gives the folder's present pseudonym key, whichever the workspace was made
        with: for whoever changes it, and whoever needs the raw key only.

    Raises:
        InputError: the folder lies inside the workspace, a key is missing or damaged, folder or key
            is open to others, or the keys are not those that the workspace was made with.
    """
    place = folder()
    _require_outside(place, settings.workspace.resolve())
    remembered = remembered_ids(settings)
    is_first = not remembered
    if is_pseudonym_free:
        remembered.pop(PSEUDONYM, None)
    with locked(place):
        if is_first and not _held(place):
            _make(place)
            (notice or _silent)(_said_at_creation(place))
        _end_interrupted(place)
        _require_own(place)
        found = {name: read(path_in(place, name, remembered.get(name, ""))) for name in NAMES}
    keys = Keys(**found)
    _require_same(place, keys, remembered)
    if is_first:
        remember(settings, {name: key.id for name, key in found.items()})
    return keys


def keys_at_hand() -> Keys:
    """The keys as they lie in their folder, for a workspace that is not there yet; makes none.

    Raises:
        InputError: a key is missing or damaged, or folder or key is open to others.
    """
    place = folder()
    with locked(place):
        _require_own(place)
        return Keys(**{name: read(place / name) for name in NAMES})


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
def locked(place: Path) -> Iterator[None]:
    """One process at a time makes or changes keys."""
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


def path_in(place: Path, name: str, key_id: str) -> Path:
    """Where a key lies: under its name and id once another has taken its place, for those left."""
    earlier = place / f"{name}.{key_id}"
    return earlier if key_id and earlier.exists() else place / name


def _new(place: Path, name: str) -> Path:
    return place / f".{name}.new"


def _make(place: Path) -> None:
    """All three are written before the first gets its name, so that none is made twice."""
    place.chmod(0o700)
    for name in NAMES:
        write_new(place, name)
    for name in NAMES:
        _new(place, name).replace(place / name)


def write_new(place: Path, name: str) -> Path:
    """A new key under a name that nobody reads yet; on disk when the call returns."""
    path = _new(place, name)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def _end_interrupted(place: Path) -> None:
    """Name what an interrupted `_make` had written whole."""
    if _held(place):
        for name in NAMES:
            if _new(place, name).exists() and not (place / name).exists():
                _new(place, name).replace(place / name)


def read(path: Path) -> Key:
    """The key in a file.

    Raises:
        InputError: it is missing or damaged, or open to others.
    """
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
    return Key(path.name.partition(".")[0], bytes.fromhex(text))


def _damaged(path: Path) -> InputError:
    return InputError(
        "the file holds no key of 64 hexadecimal digits",
        where=str(path),
        remedy="Put back your copy of the key folder.",
    )


def _require_same(place: Path, keys: Keys, remembered: dict[str, str]) -> None:
    for name, wanted in remembered.items():
        found = getattr(keys, name).id
        if found != wanted:
            raise InputError(
                f"the key '{name}' is {found}, but this workspace was made with {wanted}",
                where=str(place),
                remedy="Name the folder of this workspace's keys with SEND_KEYS."
                + (CHANGED if name == PSEUDONYM else ""),
            )
