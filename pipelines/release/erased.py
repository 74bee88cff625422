"""What an erasure changed in a release after it was built, by the release's own erased.jsonl.

`send forget` takes a person's rows out of officer.duckdb and writes down the file's hash before and
after, and why. A file that such lines lead to from its manifest is as it should be.
"""

from __future__ import annotations

import json
from pathlib import Path

NOTE = "erased.jsonl"


def hashes_after(folder: Path, name: str, built: str) -> dict[str, str]:
    """SHA-256 that a file may have since it was built -> why; empty where nobody was erased.

    built: the hash in the manifest. An erasure that was interrupted may have left a line more.
    """
    found: dict[str, str] = {}
    for line in _lines(folder):
        if line.get("file") == name and line.get("sha256_before") in {built, *found}:
            found[line["sha256"]] = line.get("why", "")
    return found


def _lines(folder: Path) -> list[dict[str, str]]:
    """The lines that can be read; the last may be torn."""
    path = folder / NOTE
    found = []
    for text in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            found.append(json.loads(text))
        except ValueError:
            continue
    return found
