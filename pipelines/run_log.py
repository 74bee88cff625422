"""The pipeline's own log, log/runs.jsonl: one JSON line for each step of a run that has ended.

It has the form of the pages' access log and is as silent of persons: which step, how it ended, how
long it took; a fault by its kind and place, never by its words. What was decided, and by whom,
stands in the audit log.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pipelines.faults import fault_of, places
from pipelines.json_lines import append
from pipelines.settings import Settings

LOG = "runs.jsonl"


@contextmanager
def logged(settings: Settings, step: str) -> Iterator[dict[str, Any]]:
    """Write the line of one step; what is put into the mapping given stands in it too.

    Raises:
        SendError: that of the step, without its cause; another fault by kind and place alone, so
            that neither a message nor Dagster's record of the run keeps its words.
    """
    began, told = time.monotonic(), dict[str, Any]()
    try:
        yield told
    except Exception as error:  # noqa: BLE001
        place = {"place": found[-1]} if (found := places(error)) else {}
        fault = {"fault": type(error).__name__, **place}
        _write(settings, {"step": step, "status": "failed"} | fault, began)
        raise fault_of(error) from None
    _write(settings, {"step": step, "status": "done"} | told, began)


def _write(settings: Settings, line: dict[str, Any], began: float) -> None:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    seconds = round(time.monotonic() - began, 1)
    # A full disk ends the step with its own message, and not because this line has no room.
    with suppress(OSError):
        path = settings.workspace / "log" / LOG
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        append(path, {"at": at} | line | {"seconds": seconds})
