"""Texts of SQL: a value within one, and that every table and column a select names is real."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import RegistryError
from pipelines.registry.strict import nearest

if TYPE_CHECKING:
    from sqlglot import exp


def literal(text: str | Path) -> str:
    """A text or path as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def selected_columns(sql: str, known: dict[str, dict[str, str]], where: str) -> tuple[str, ...]:
    """The columns that a select gives, after holding every table and column it names to be real.

    known: column types by table.

    Raises:
        RegistryError: the select names a table or column that does not exist.
    """
    return tuple(qualified(sql, known, where).named_selects)


def qualified(sql: str, known: dict[str, dict[str, str]], where: str) -> exp.Query:
    """A select in which every column says its table; what is run is the text as written.

    Raises:
        RegistryError: as `selected_columns`.
    """
    from sqlglot import exp
    from sqlglot.errors import OptimizeError
    from sqlglot.optimizer.qualify import qualify

    tree = parsed(sql, where)
    for table in tree.find_all(exp.Table):
        name = f"{table.db}.{table.name}"
        if table.db and name not in known:
            raise RegistryError(f"no table '{name}'{nearest(name, known)}", where=where)
    try:
        query = qualify(tree, dialect="duckdb", schema=_schema(known))
    except OptimizeError as error:
        raise RegistryError(f"names what does not exist: {error}", where=where) from error
    if not isinstance(query, exp.Query):
        raise RegistryError("is not a select statement", where=where)
    return query


def parsed(sql: str, where: str) -> exp.Expr:
    """The text as sqlglot reads it.

    Raises:
        RegistryError: it is not SQL.
    """
    import sqlglot
    from sqlglot.errors import ParseError

    try:
        return sqlglot.parse_one(sql, dialect="duckdb")
    except ParseError as error:
        raise RegistryError(f"not readable as SQL: {error}", where=where) from error


def _schema(known: dict[str, dict[str, str]]) -> dict[str, object]:
    """The tables as sqlglot wants them: schema, table, column, type."""
    nested: dict[str, dict[str, dict[str, str]]] = {}
    for name, columns in known.items():
        floor, table = name.split(".")
        nested.setdefault(floor, {})[table] = dict(columns)
    return dict(nested)
