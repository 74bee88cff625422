"""With what a file is read: descriptions of sources, corrections, rules, sql/door, this package.

A file that landed under another version is read again when its bytes come in again. A version
begins with that of the rules alone, so that one can tell by which rules a file was judged, also
after a person was erased from it. What is read, and how, does not belong here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

DIGITS, RULES_DIGITS = 16, 6
CODE = Path(__file__).parent
# Families whose rules run at the door; those across files run in the build.
DOOR_RULES = ("sen2", "annex_a", "census", "ap_census", "gias", "council")


@cache
def version_of(project_root: Path) -> str:
    """Hexadecimal digits that change whenever a description, a correction or the code does."""
    everything = _digest(_files(project_root))
    return rules_version(project_root) + everything[: DIGITS - RULES_DIGITS]


@cache
def rules_version(project_root: Path) -> str:
    """Digits that change whenever a rule that is asked at the door does."""
    return _digest(_rules(project_root))[:RULES_DIGITS]


def rules_of(reading: str | None) -> str:
    """By which rules a file was judged that was read so; '' where nobody knows how it was read."""
    return (reading or "")[:RULES_DIGITS]


def without_rows(reading: str | None, salt: str) -> str:
    """The version of a file out of which rows were taken: another one, judged by the same rules."""
    changed = hashlib.sha256(f"{reading}{salt}".encode()).hexdigest()[:DIGITS]
    rules = rules_of(reading)
    return rules + changed[len(rules) :]


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    """In a fixed order; region.csv translates the areas of the Local Authority Interactive Tool."""
    reference = root / "data" / "reference"
    yield from sorted((reference / "sources").glob("*.yml"))
    yield reference / "corrections.yml"
    yield reference / "region.csv"
    yield from sorted((root / "sql" / "door").rglob("*.sql"))
    yield from sorted((root / "sql" / "functions").glob("desk.sql"))
    yield from _rules(root)
    yield from sorted(CODE.rglob("*.py"))


def _rules(root: Path) -> Iterator[Path]:
    folder = root / "expectations" / "rules"
    for family in DOOR_RULES:
        rules = folder / family
        yield from sorted([*rules.rglob("*.yml"), *rules.rglob("*.sql")])
    yield from folder.glob("mark_records.sql")
