"""One line a request, without personal data, and the counts for /metrics."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from dashboards.serving.access import Access
from pipelines.settings import PROJECT_ROOT

# What is asked for dozens of times a page and says nothing about a reader.
QUIET = frozenset({"/static/", "/_stcore/", "/healthz"})
REFUSED = frozenset({400, 401, 403, 405})


class AccessLog:
    """Writes who, what, and how it ended: a keyed hash, never a name, an address or a query.

    Args:
        path: the file to append to; standard output without one.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._out = _appending(path) if path else sys.stdout
        self.answers: Counter[tuple[str, int]] = Counter()

    def write(
        self, access: Access, route: str, status: int, *, reason: str = "", release: str = ""
    ) -> None:
        """One request, or one connection opened or closed; allowed routine is only counted."""
        self.answers[route, status] += 1
        if route in QUIET and status not in REFUSED:
            return
        line: dict[str, object] = {
            "subject": access.subject,
            "roles": sorted(access.roles),
            "route": route,
            "status": status,
            **({"reason": reason} if reason else {}),
            **({"release": release} if release else {}),
        }
        self._line(line)

    def fault(self, error: Exception) -> bool:
        """What kind of fault, and where in our code: its words may hold a cell of a child's row.

        False tells the framework to show its own message, which says nothing of the fault.
        """
        self._line({"fault": type(error).__name__, "place": _place(error)})
        return False

    def _line(self, line: dict[str, object]) -> None:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._out.write(json.dumps({"at": at} | line) + "\n")
        self._out.flush()

    def close(self) -> None:
        """Close the file, if it is one."""
        if self._out is not sys.stdout:
            with closing(self._out):
                self._out.flush()


def keep_words_out() -> None:
    """From now on no log of this process writes the words of a fault, only its kind and place.

    The framework and the server log every fault with its trace and its message.
    """
    logging.setLogRecordFactory(_without_words)


def _without_words(*given: Any, **named: Any) -> logging.LogRecord:
    record = logging.LogRecord(*given, **named)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg = f"{record.getMessage()}: {type(error).__name__} at {_place(error)}"
        record.args, record.exc_info = None, None
    return record


def _place(error: BaseException) -> str:
    """File and line of the deepest step in this repository."""
    steps = traceback.extract_tb(error.__traceback__)
    ours = [
        f"{path.relative_to(PROJECT_ROOT)}:{step.lineno}"
        for step in steps
        if (path := Path(step.filename)).is_relative_to(PROJECT_ROOT / "dashboards")
        or path.is_relative_to(PROJECT_ROOT / "pipelines")
    ]
    return ours[-1] if ours else "the framework"


def _appending(path: Path) -> IO[str]:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return os.fdopen(handle, "a", encoding="utf-8")
