"""What a workspace remembers of its keys: their ids, so that no others are used in their place.

Never a key. log/keys.json holds the ids; log/key_change.json, while the pseudonym key is changed,
from which to which.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pipelines.locks import KEY_CHANGE
from pipelines.settings import Settings

REMEMBERED = "keys.json"
PSEUDONYM = "pseudonym"
# In the note of a change of the pseudonym key.
OLD_ID, NEW_ID = "from", "to"


def remembered_ids(settings: Settings) -> dict[str, str]:
    """Ids of the keys that the workspace is made with, by name; none before there are any.

    While the pseudonym key is changed, that is the new one.
    """
    found = kept_ids(settings)
    change = change_of(settings)
    return found | {PSEUDONYM: change[NEW_ID]} if change else found


def kept_ids(settings: Settings) -> dict[str, str]:
    """The ids as they were last kept, whatever is being changed."""
    return _read(settings, REMEMBERED)


def change_of(settings: Settings) -> dict[str, str]:
    """Ids from which to which the pseudonym key is being changed; empty where it is not."""
    return _read(settings, KEY_CHANGE)


def remember(settings: Settings, ids: Mapping[str, str]) -> None:
    """Keep the ids of the keys."""
    _write(settings, REMEMBERED, ids)


def note_change(settings: Settings, old_id: str, new_id: str) -> None:
    """Say that the pseudonym key is being changed: until this is taken back, nobody else works."""
    _write(settings, KEY_CHANGE, {OLD_ID: old_id, NEW_ID: new_id})


def end_change(settings: Settings) -> None:
    """Say that it has been changed."""
    change = change_of(settings)
    if change:
        remember(settings, kept_ids(settings) | {PSEUDONYM: change[NEW_ID]})
        _path(settings, KEY_CHANGE).unlink()


def _path(settings: Settings, name: str) -> Path:
    return settings.workspace / "log" / name


def _read(settings: Settings, name: str) -> dict[str, str]:
    path = _path(settings, name)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _write(settings: Settings, name: str, content: Mapping[str, str]) -> None:
    """Whole or not at all."""
    path = _path(settings, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as handle:
        json.dump(dict(content), handle)
        handle.flush()
        os.fsync(handle.fileno())
    part.chmod(0o600)
    part.replace(path)
