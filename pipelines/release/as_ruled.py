"""Whether each figure of the council's own in a public file is as the rule would print it.

The attacker (attack/gate.py) takes what is printed for a rounded number and asks what it gives
away. A number that was never rounded, of a month, or of a measure that is for officers is nothing
that it could ask about: sql/disclosure/unruled_figure.sql holds the rule itself against every row
of marts.kpi_value, unmatched_figure.sql holds what other tables repeat of it against that one, and
traced_file.sql asks what is told of the council's files.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine.duckdb import add_functions_of_the_call
from pipelines.release.reader import connect
from pipelines.release.rule_tables import write_rule_tables

if TYPE_CHECKING:
    import duckdb

UNRULED = "unruled_figure.sql"
UNMATCHED = ("unmatched_figure.sql", "traced_file.sql")


@dataclass(frozen=True)
class Broken:
    """Figures that do not hold to what a question asks of them.

    Attributes:
        count: of them.
        first: the measure, or the column, that has one; nothing more is told of any.
    """

    count: int
    first: str


def unruled(public: Path, root: Path) -> Broken | None:
    """The figures of a frozen public file that are not as the rule prints them; None if all are."""
    return _asked(public, root, (UNRULED,))


def unmatched(public: Path, root: Path) -> Broken | None:
    """What its other columns tell that marts.kpi_value does not hold; None if it holds all."""
    return _asked(public, root, UNMATCHED)


def _asked(public: Path, root: Path, questions: tuple[str, ...]) -> Broken | None:
    with closing(connect(public)) as connection:
        _lay_beside(connection, root)
        for question in questions:
            text = (root / "sql" / "disclosure" / question).read_text(encoding="utf-8")
            count, first = connection.execute(text).fetchone() or (0, "")
            if count:
                return Broken(int(count), str(first))
    return None


def _lay_beside(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """The file is read-only: rule, functions and views of its tables stand beside it, in memory."""
    (frozen,) = connection.execute("select current_database()").fetchone() or ("",)
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts'",
        [frozen],
    ).fetchall()
    connection.execute("attach ':memory:' as asked (read_write)")
    connection.execute("use asked")
    connection.execute("create schema kpi")
    connection.execute("create schema marts")
    for (name,) in tables:
        connection.execute(f"create view marts.{name} as from {frozen}.marts.{name}")
    add_functions_of_the_call(connection, root / "sql")
    write_rule_tables(connection, root)
