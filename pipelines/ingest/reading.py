"""With what a file is read: descriptions of sources, corrections, rules, sql/door, this package.

A file that landed under another version is read again when its bytes come in again. What is read,
and how, does not belong here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DIGITS = 16
CODE = Path(__file__).parent
# Families whose rules run at the door; those across files run in the build.
DOOR_RULES = ("sen2", "annex_a", "census", "ap_census", "gias", "council")


@cache
def version_of(project_root: Path) -> str:
    """Hexadecimal digits that change whenever a description, a correction or the code does."""
    total = hashlib.sha256()
    for path in _files(project_root):
        total.update(path.name.encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:DIGITS]


def _files(root: Path) -> Iterator[Path]:
    """In a fixed order; region.csv translates the areas of the Local Authority Interactive Tool."""
    reference = root / "data" / "reference"
    yield from sorted((reference / "sources").glob("*.yml"))
    yield reference / "corrections.yml"
    yield reference / "region.csv"
    yield from sorted((root / "sql" / "door").rglob("*.sql"))
    yield from sorted((root / "sql" / "functions").glob("desk.sql"))
    for family in DOOR_RULES:
        rules = root / "expectations" / "rules" / family
        yield from sorted([*rules.rglob("*.yml"), *rules.rglob("*.sql")])
    yield from sorted(CODE.rglob("*.py"))
