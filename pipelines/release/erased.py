"""What an erasure or a change of key made of officer.duckdb after it was built: erased.jsonl.

Whoever takes a person's rows out of the file, or writes new pseudonyms into it, writes down its
hash before and after, and why. A file that such lines lead to is as it should be. No other file of
a release is ever written anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest.signed_lines import is_signed
from pipelines.json_lines import lines
from pipelines.release.reader import OFFICER

if TYPE_CHECKING:
    from pipelines.ingest.keys import Key

NOTE = "erased.jsonl"


def hashes_after(folder: Path, name: str, start: str, key: Key | None = None) -> dict[str, str]:
    """SHA-256 that a file may have since it had another -> why; empty where nobody was erased.

    start: the hash in the manifest, or one that was noted since. An erasure that was interrupted
        may have left a line more.
    key: the audit key, without which nobody can write a line; None where it is not at hand, and
        the lines are taken as they stand.
    """
    found: dict[str, str] = {}
    for line in lines(folder / NOTE) if name == OFFICER else ():
        is_own = key is None or (line.get("release") == folder.name and is_signed(key, line))
        if is_own and line.get("file") == name and line.get("sha256_before") in {start, *found}:
            found[line["sha256"]] = line.get("why", "")
    return found
