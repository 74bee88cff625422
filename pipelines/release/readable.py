"""Whether the code here can read a release: pages ask for the columns that its own marts have.

A release never changes, the code does: one that was built before a column was added has no such
column. What the marts have is read from their SQL, so nobody has to count versions. Of a table that
is judged and not selected only the name is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipelines.errors import InputError
from pipelines.registry.judgement import JUDGEMENTS
from pipelines.release.reader import PUBLIC, Release, connect

LAST = "final"
NAMED = 3


class Mart(NamedTuple):
    """What the code here says of one table of the marts.

    Attributes:
        columns: none where they cannot be told from its text.
        reads: tables, with their schema.
    """

    columns: frozenset[str]
    reads: frozenset[str]


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
    marts = _marts(root)
    names = _public(marts) if is_public else set(marts)
    found = {name: marts[name].columns for name in names}
    for item in JUDGEMENTS:
        if item.is_public or not is_public:
            found |= dict.fromkeys(item.tables, frozenset[str]())
    return found


def _public(marts: dict[str, Mart]) -> set[str]:
    """The marts that rest only on what may be public."""
    from pipelines.registry.models import MEASURE_ROW
    from pipelines.release.disclosure import PUBLIC_CORE

    allowed = {*PUBLIC_CORE, MEASURE_ROW}
    found: set[str] = set()
    while more := {it for it in marts.keys() - found if marts[it].reads <= allowed | found}:
        found |= more
    return found


@cache
def _marts(root: Path) -> dict[str, Mart]:
    paths = sorted((root / "sql" / "marts").glob("*.sql"))
    return {f"marts.{path.stem}": _mart(path.read_text(encoding="utf-8")) for path in paths}


def _mart(sql: str) -> Mart:
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, read="duckdb")
    own = {item.alias: item.this for item in tree.find_all(exp.CTE)}
    names = frozenset(own.get(LAST, tree).named_selects)
    reads = frozenset(f"{it.db}.{it.name}" for it in tree.find_all(exp.Table) if it.db)
    return Mart(frozenset() if "*" in names else names, reads)
