"""What the attacker was told, kept with the release: the gate can be run on it again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.release.attack.origins import Cell, Count, Origin
from pipelines.release.attack.printed import Printed, as_row, of_row
from pipelines.release.attack.structure import Fact, Known, Variable

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ORIGIN = "evidence.disclosure_origin"
KNOWN = "evidence.disclosure_known"
FACT = "evidence.disclosure_fact"
BESIDE = "evidence.disclosure_beside"
OF_NUMBER = ("vintage", "period", "kpi", "part", "topic", "breakdown", "own_period")
OF_COUNT = ("dataset", "indicator", "topic", "breakdown")
OF_VARIABLE = ("vintage", "period", *OF_COUNT)


@dataclass(frozen=True)
class Knowledge:
    """All that an attacker knows beside the numbers.

    Attributes:
        origins: which counts stand behind each number.
        known: how the counts of each return hang together.
        facts: counts that others have published.
    """

    origins: dict[Cell, Origin]
    known: tuple[Known, ...]
    facts: tuple[Fact, ...]


def write_knowledge(connection: duckdb.DuckDBPyConnection, knowledge: Knowledge) -> None:
    """Write it into an evidence file that is open; no figure of ours is in it."""
    tables = {ORIGIN: _origins(knowledge), KNOWN: _known(knowledge), FACT: _facts(knowledge)}
    for name, rows in tables.items():
        connection.register("told", rows)
        connection.execute(f"create table {name} as from told")
        connection.unregister("told")


def write_beside(connection: duckdb.DuckDBPyConnection, earlier: Sequence[Printed]) -> None:
    """Write what the release before printed: a rebuild is told the same."""
    rows = [as_row(number) for number in earlier]
    names = (*OF_NUMBER, "low", "high", "is_exact")
    table = _table(names, rows, numbers=("low", "high"), flags=("is_exact",))
    connection.register("told", table)
    connection.execute(f"create table {BESIDE} as from told")
    connection.unregister("told")


def read_beside(evidence: Path) -> list[Printed]:
    """What `write_beside` wrote; nothing where a build was told nothing."""
    from pipelines.release.reader import connect

    with closing(connect(evidence)) as connection:
        if not _holds(connection, BESIDE):
            return []
        rows = connection.execute(f"from {evidence.stem}.{BESIDE} order by all").fetchall()
    return [of_row(row) for row in rows]


def _holds(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    held = connection.execute("select table_name from duckdb_tables()").fetchall()
    return (table.split(".")[1],) in held


def is_known(evidence: Path) -> bool:
    """Whether a release tells anything of a council's own rows."""
    from pipelines.release.reader import connect

    with closing(connect(evidence)) as connection:
        return _holds(connection, ORIGIN)


def read_knowledge(evidence: Path) -> Knowledge | None:
    """What `write_knowledge` wrote; None where a release holds no row of a council."""
    from pipelines.release.reader import connect

    with closing(connect(evidence)) as connection:
        # The file and the schema have one name, and without the catalog neither is meant.
        file = evidence.stem
        if not _holds(connection, ORIGIN):
            return None
        origins: dict[Cell, list[tuple[Count, float]]] = {}
        for row in connection.execute(f"from {file}.{ORIGIN} order by all").fetchall():
            origins.setdefault(Cell(*row[:5]), []).append((Count(*row[5:9]), row[9]))
        known: dict[int, list[tuple[Variable, bool]]] = {}
        for row in connection.execute(f"from {file}.{KNOWN} order by all").fetchall():
            known.setdefault(row[0], []).append((_variable(row[3:9]), row[2]))
        facts = connection.execute(f"from {file}.{FACT} order by all").fetchall()
    return Knowledge(
        {cell: tuple(made_of) for cell, made_of in origins.items()},
        tuple(_one(members) for members in known.values()),
        tuple(Fact(_variable(row[:6]), row[6]) for row in facts),
    )


def _variable(row: Sequence[Any]) -> Variable:
    return Variable(row[0], row[1], Count(*row[2:6]))


def _one(members: list[tuple[Variable, bool]]) -> Known:
    (whole, is_equal), *parts = members
    return Known(whole, tuple(part for part, _ in parts), is_equal)


def _origins(knowledge: Knowledge) -> pa.Table:
    names = ("kpi", "part", "topic", "breakdown", "period", *(f"of_{name}" for name in OF_COUNT))
    rows = [
        (*cell, *count, weight)
        for cell, made_of in knowledge.origins.items()
        for count, weight in made_of
    ]
    return _table((*names, "weight"), rows, numbers=("weight",))


def _known(knowledge: Knowledge) -> pa.Table:
    """One row a count: position 0 is the whole, the others are its parts."""
    rows = [
        (number, position, known.is_equal, *_cells(variable))
        for number, known in enumerate(knowledge.known)
        for position, variable in enumerate((known.whole, *known.parts))
    ]
    names = ("known", "position", "is_equal", *OF_VARIABLE)
    return _table(names, rows, whole=("known", "position"), flags=("is_equal",))


def _cells(variable: Variable) -> tuple[str, ...]:
    return (variable.vintage, variable.period, *variable.counted[:4])


def _facts(knowledge: Knowledge) -> pa.Table:
    rows = [(*_cells(fact.variable), fact.value) for fact in knowledge.facts]
    return _table((*OF_VARIABLE, "value"), rows, numbers=("value",))


def _table(
    names: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
    numbers: tuple[str, ...] = (),
    whole: tuple[str, ...] = (),
    flags: tuple[str, ...] = (),
) -> pa.Table:
    import pyarrow as pa

    kinds = (
        dict.fromkeys(names, pa.string())
        | dict.fromkeys(numbers, pa.float64())
        | dict.fromkeys(whole, pa.int64())
        | dict.fromkeys(flags, pa.bool_())
    )
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [pa.array(column, kinds[name]) for name, column in zip(names, columns, strict=True)]
    return pa.table(arrays, names=list(names))
