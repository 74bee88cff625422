"""Whether the code here can read a release: pages ask for the columns that its own marts have.

A release never changes, the code does: one that was built before a column was added has no such
column. What the marts have stands in their suites, which every build is held against, so nobody has
to count versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipelines.errors import InputError
from pipelines.registry.judgement import JUDGEMENTS
from pipelines.release.reader import PUBLIC, Release, connect

NAMED = 3


def missing(path: Path, root: Path) -> list[str]:
    """Tables and columns, by name, that the code here reads and a file of a release has not.

    path: public.duckdb or officer.duckdb of a release.
    """
    held = _held(path)
    return sorted(_absent(_wanted(root, path.name == PUBLIC), held))


def require_readable(release: Release, root: Path) -> None:
    """See that the pages of this code can show a release.

    Raises:
        InputError: they cannot; names what is missing.
    """
    lacking = {*missing(release.public_path, root), *missing(release.officer_path, root)}
    if lacking:
        named = ", ".join(sorted(lacking)[:NAMED])
        more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
        code = release.manifest.get("code_version") or "not known"
        raise InputError(
            "it was built by an earlier version of the product, and the pages of this version "
            f"cannot show it: it has no {named}{more}",
            where=f"release {release.id}",
            remedy=f"Install the version that built it (code {code}) and roll back with that, or "
            "choose a release that was built since. Its figures are kept as they were.",
        )


def _held(path: Path) -> dict[str, set[str]]:
    """Columns of each table of the marts in a file."""
    with closing(connect(path)) as connection:
        rows = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
        ).fetchall()
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(f"marts.{table}", set()).add(column)
    return found


def _absent(wanted: dict[str, frozenset[str]], held: dict[str, set[str]]) -> Iterator[str]:
    for table, columns in wanted.items():
        if table not in held:
            yield table
        else:
            yield from (f"{table}.{column}" for column in columns - held[table])


def _wanted(root: Path, is_public: bool) -> dict[str, frozenset[str]]:
    """Tables with their columns that the code here would put into such a file."""
    from pipelines.registry.suites import columns_by_table
    from pipelines.release.disclosure import public_marts

    every = columns_by_table(root / "expectations", root / "sql")
    if is_public:
        judged = (table for item in JUDGEMENTS if item.is_public for table in item.tables)
        names = {*judged, *(model.name for model in public_marts(root))}
    else:
        names = {name for name in every if name.startswith("marts.")}
    return {name: frozenset(every[name]) for name in names}
