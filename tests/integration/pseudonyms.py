"""The pseudonyms of a release, and a look for them in what a reader gets."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from dashboards.words.open_cases import PSEUDONYM_SHOWN
from pipelines.release.reader import connect, current_release

# Runs of digits, neither longer nor shorter than a pseudonym is printed.
DIGITS = re.compile(rb"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{%d})(?![0-9a-f])" % PSEUDONYM_SHOWN)


def pseudonyms(workspace: Path) -> frozenset[bytes]:
    """The pseudonyms of all children of the current release."""
    release = current_release(workspace)
    assert release
    with closing(connect(release.officer_path)) as connection:
        tables = connection.execute(
            "select table_name from information_schema.columns where column_name = 'pseudonym'"
        ).fetchall()
        parts = (f"select pseudonym from cases.{name}" for (name,) in tables)  # noqa: S608
        rows = connection.sql(" union ".join(parts)).fetchall()
    assert len(tables) > 5
    return frozenset(row[0].encode() for row in rows if row[0])


def as_shown(children: frozenset[bytes]) -> frozenset[bytes]:
    """The pseudonyms whole, and as the pages print them."""
    return children | {name[:PSEUDONYM_SHOWN] for name in children}


def told_of(shown: frozenset[bytes], data: bytes) -> set[bytes]:
    """Those that stand in the data."""
    return {found for found in DIGITS.findall(data) if found in shown}
