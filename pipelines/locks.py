"""One at a time: locks on a workspace, held by whoever writes into it.

A lock is a file in the workspace on which the system holds it for the process: it is free again
when the process ends, however that happens. A change of the pseudonym key that was interrupted
keeps everybody else out until it has been ended: half of the rows are under either key.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import FailedCheckError
from pipelines.settings import Settings

# Beside the log while the pseudonym key is being changed; see ingest/key_change.py.
KEY_CHANGE = "key_change.json"


@contextmanager
def building(settings: Settings, *, is_key_change: bool = False) -> Iterator[None]:
    """Nobody else builds, or changes which release is read.

    Raises:
        FailedCheckError: somebody does, or the pseudonym key is half changed.
    """
    with _opened(settings.warehouse.parent / "build.lock") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FailedCheckError(
                "another build of this workspace is running",
                where=str(settings.workspace),
                remedy="Wait until it has ended, then try again.",
            ) from error
        _require_one_key(settings, is_key_change=is_key_change)
        yield


@contextmanager
def at_the_door(settings: Settings, *, is_key_change: bool = False) -> Iterator[None]:
    """Nobody else takes in or erases; waits for whoever does.

    Raises:
        FailedCheckError: the pseudonym key is half changed.
    """
    with _opened(settings.workspace / "log" / "ingest.lock") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _require_one_key(settings, is_key_change=is_key_change)
        yield


def _require_one_key(settings: Settings, *, is_key_change: bool) -> None:
    if not is_key_change and (settings.workspace / "log" / KEY_CHANGE).exists():
        raise FailedCheckError(
            "a change of the pseudonym key was interrupted",
            where=str(settings.workspace),
            remedy="End it first, it goes on where it stopped: send keys rotate",
        )


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as handle:
        yield handle.fileno()
