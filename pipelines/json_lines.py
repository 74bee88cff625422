"""Logs of one JSON object a line: a line is added at the end, and what can be read is read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO


def append(path: Path, line: dict[str, Any]) -> None:
    """Add a line, there after a power cut; apart from one that was torn before it."""
    text = json.dumps(line, ensure_ascii=False) + "\n"
    with path.open("ab+") as handle:
        handle.write((b"\n" if _is_torn(handle) else b"") + text.encode())
        handle.flush()
        os.fsync(handle.fileno())


def _is_torn(handle: BinaryIO) -> bool:
    """Whether the last line has no end: a full disk or a power cut left half of one."""
    if not handle.seek(0, os.SEEK_END):
        return False
    handle.seek(-1, os.SEEK_END)
    return handle.read(1) != b"\n"


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
