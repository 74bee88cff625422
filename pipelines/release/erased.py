"""What an erasure changed in a release after it was built, by the release's own erased.jsonl.

`send forget` takes a person's rows out of officer.duckdb and writes down the file's hash before and
after, and why. A file that such lines lead to from its manifest is as it should be.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.json_lines import lines

NOTE = "erased.jsonl"


def hashes_after(folder: Path, name: str, built: str) -> dict[str, str]:
    """SHA-256 that a file may have since it was built -> why; empty where nobody was erased.

    built: the hash in the manifest. An erasure that was interrupted may have left a line more.
    """
    found: dict[str, str] = {}
    for line in lines(folder / NOTE):
        if line.get("file") == name and line.get("sha256_before") in {built, *found}:
            found[line["sha256"]] = line.get("why", "")
    return found
