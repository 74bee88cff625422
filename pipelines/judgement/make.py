"""Runs the judgements that are registered and writes what they return into marts.

Types come from the field dictionary, so that a module need not repeat them: what it returns as a
float is a decimal in the table, rounded there.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.duckdb import row_count
from pipelines.errors import SendError
from pipelines.registry.fields import fields, require_fields
from pipelines.registry.judgement import JUDGEMENTS, Judgement

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Inputs:
    """What a judgement is given beside the tables.

    Attributes:
        root: the folder that holds sql/ and data/reference/.
        council_folder: settings, plan and scenarios of the council at home.
        is_public: whether the public file is being made: then only what is public is there, and
            the tables of `officer_reads` are not.
        told: the chances that the public file is told, from tables that it has not.
    """

    root: Path
    council_folder: Path
    is_public: bool = False
    told: tuple[Mapping[str, Any], ...] = ()


def make_judgements(
    connection: duckdb.DuckDBPyConnection, inputs: Inputs, modules: Container[str] | None = None
) -> Iterator[tuple[str, int]]:
    """Make every table, one judgement after the other; name and number of rows of each.

    modules: those to run; all without it.

    Raises:
        SendError: a module returned other tables than are registered, or a column without a field.
    """
    for judgement in JUDGEMENTS:
        is_asked = modules is None or judgement.module in modules
        if is_asked and (judgement.is_public or not inputs.is_public):
            made = import_module(f"pipelines.judgement.{judgement.module}").tables(
                connection, inputs
            )
            _require_registered(judgement, made)
            for name in judgement.tables:
                yield name, _write(connection, name, made[name], inputs.root)


def _require_registered(judgement: Judgement, made: Mapping[str, Any]) -> None:
    if set(made) != set(judgement.tables):
        raise SendError(
            f"made {', '.join(sorted(made))}",
            where=f"pipelines/judgement/{judgement.module}.py",
            remedy=f"It is registered for {', '.join(judgement.tables)}: registry/judgement.py",
        )


def _write(connection: duckdb.DuckDBPyConnection, name: str, made: Any, root: Path) -> int:
    known = fields(root / "sql")
    require_fields(made.column_names, known, name)
    cast = ", ".join(f"cast({item} as {known[item].type}) as {item}" for item in made.column_names)
    connection.register("judged", made)
    try:
        connection.execute(f"create or replace table {name} as select {cast} from judged")  # noqa: S608
    finally:
        connection.unregister("judged")
    return row_count(connection, name)
