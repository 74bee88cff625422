"""The pseudonym key changed for another: the files of the keys, and the note that it is going on.

The new key takes the old one's name in the folder of keys; the old one stays beside it, under its
id, until nothing is left that was made with it, or for as long as another workspace needs it. Rows
and releases are written anew in rekey.py and rekey_releases.py.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingest import key_memory
from pipelines.ingest.key_memory import NEW_ID, OLD_ID, PSEUDONYM
from pipelines.ingest.keys import Notice, folder, keys_of, locked, path_in, read, write_new
from pipelines.settings import Settings


@dataclass(frozen=True)
class Change:
    """From which key to which, by their ids.

    Attributes:
        is_resumed: whether it had been begun before and was interrupted.
    """

    old_id: str
    new_id: str
    is_resumed: bool = False


def is_begun(settings: Settings) -> bool:
    """Whether a change is going on, or was interrupted."""
    return bool(key_memory.change_of(settings))


def is_older(settings: Settings) -> bool:
    """Whether the workspace was made with a pseudonym key that is no more, and another is there."""
    place, ids = folder(), key_memory.remembered_ids(settings)
    if PSEUDONYM not in ids:
        return False
    with locked(place):
        return read(path_in(place, PSEUDONYM, ids[PSEUDONYM])).id != ids[PSEUDONYM]


def begin(settings: Settings, notice: Notice | None = None) -> Change:
    """Note that the key is being changed; from then on every call of `keys_of` gives the new one.

    Where the folder holds a newer key than the workspace was made with, because another workspace
    changed it, that becomes this one's too; otherwise one is made.

    Raises:
        InputError: the raw or the audit key is missing, or not this workspace's.
    """
    begun = key_memory.change_of(settings)
    if begun:
        return Change(begun[OLD_ID], begun[NEW_ID], is_resumed=True)
    present = keys_of(settings, notice, is_pseudonym_free=True).pseudonym.id
    old_id = key_memory.kept_ids(settings)[PSEUDONYM]
    new_id = _make_another(folder(), old_id) if present == old_id else present
    key_memory.note_change(settings, old_id, new_id)
    return Change(old_id, new_id)


def end(settings: Settings, change: Change, *, keeps_old: bool) -> None:
    """Destroy the old key unless it is to be kept, and let everybody else in again."""
    place = folder()
    if not keeps_old:
        with locked(place):
            _earlier(place, change.old_id).unlink(missing_ok=True)
    key_memory.end_change(settings)


def _make_another(place: Path, old_id: str) -> str:
    """A new key under the name of the old, which keeps a name of its own: never is there none."""
    with locked(place):
        new = write_new(place, PSEUDONYM)
        new_id = read(new).id
        earlier = _earlier(place, old_id)
        if not earlier.exists():
            os.link(place / PSEUDONYM, earlier)
        new.replace(place / PSEUDONYM)
    return new_id


def _earlier(place: Path, key_id: str) -> Path:
    return place / f"{PSEUDONYM}.{key_id}"
