"""One at a time: locks on a workspace, held by whoever writes into it.

A lock is a file in the workspace on which the system holds it for the process: it is free again
when the process ends, however that happens.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import FailedCheckError
from pipelines.settings import Settings


@contextmanager
def building(settings: Settings) -> Iterator[None]:
    """Nobody else builds, or changes which release is read.

    Raises:
        FailedCheckError: somebody does.
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
        yield


@contextmanager
def at_the_door(settings: Settings) -> Iterator[None]:
    """Nobody else takes in or erases; waits for whoever does."""
    with _opened(settings.workspace / "log" / "ingest.lock") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as handle:
        yield handle.fileno()
