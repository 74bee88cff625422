"""Logs of one JSON object a line: a line is added at the end, and what can be read is read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def append(path: Path, line: dict[str, Any]) -> None:
    """Add a line, there after a power cut."""
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(line, ensure_ascii=False) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines, first to last; none where there is no file.

    One that was torn when the power went is passed over: what it tells of was not done.
    """
    for text in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line
