"""The warehouse's models: one SQL file is one table, and its lineage is read from its text.

sqlglot only reads here: it finds the tables a model names. It never rewrites what is run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipelines.errors import RegistryError

FLOORS = ("landing", "staging", "core", "kpi", "marts")

# What each floor may read. Marts may also read marts: a claim is judged on the shown values.
READS: dict[str, frozenset[str]] = {
    "staging": frozenset({"landing"}),
    "core": frozenset({"staging", "core"}),
    "kpi": frozenset({"core"}),
    "marts": frozenset({"kpi", "core", "marts"}),
}

# The union of all measures, generated so that adding a measure stays adding two files.
MEASURE_ROW = "kpi.measure_row"

# Models that only put tables of one shape together: views, so that millions of rows are kept once.
GATHERED = frozenset({MEASURE_ROW, "core.figure"})


@dataclass(frozen=True)
class Model:
    """One table of the warehouse and the text that makes it.

    Attributes:
        name: schema.table, for example core.published_figure.
        sql: the one select statement.
        reads: names of the tables in its text.
        path: file, or None for a generated model.
    """

    name: str
    sql: str
    reads: frozenset[str]
    path: Path | None

    @property
    def is_view(self) -> bool:
        """Staging renames and casts, and a union only gathers: nothing is kept twice."""
        return self.floor == "staging" or self.name in GATHERED

    @property
    def floor(self) -> str:
        """The schema, which is the floor of the house."""
        return self.name.split(".")[0]

    @property
    def table(self) -> str:
        """The table's name without its schema."""
        return self.name.split(".")[1]


@cache
def models(sql_folder: Path, generated: tuple[Model, ...] = ()) -> dict[str, Model]:
    """All models in an order in which they can be built, the floors one after the other.

    generated: models whose text is put together elsewhere, such as the record rules.

    Raises:
        RegistryError: a model reads a table that does not exist, or a floor it may not read.
    """
    found = {model.name: model for model in (*_read(sql_folder), *generated)}
    kpis = sorted(name for name in found if name.startswith("kpi."))
    found[MEASURE_ROW] = _measure_row(kpis)
    for model in found.values():
        _check(model, found)
    return {name: found[name] for name in _build_order(found)}


@cache
def models_of(sql_folder: Path, floor: str) -> dict[str, Model]:
    """The models of one floor in an order in which they can be built; the others are not read."""
    found = {model.name: model for model in _read(sql_folder, (floor,))}
    return {name: found[name] for name in _build_order(found)}


def fingerprint(sql_folder: Path) -> str:
    """SHA-256 over every model's name and text: changes when any figure could change."""
    digest = hashlib.sha256()
    for path in sorted(sql_folder.rglob("*")):
        if path.suffix in {".sql", ".yml"}:
            digest.update(path.relative_to(sql_folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def table_names(sql: str) -> frozenset[str]:
    """The schema-qualified tables that a statement reads, its own CTEs left out."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return frozenset(f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db)


def _read(sql_folder: Path, floors: tuple[str, ...] = FLOORS[1:]) -> Iterable[Model]:
    for floor in floors:
        for path in sorted((sql_folder / floor).glob("*.sql")):
            sql = path.read_text(encoding="utf-8")
            yield Model(f"{floor}.{path.stem}", sql, table_names(sql), path)


def _measure_row(kpis: list[str]) -> Model:
    parts = [f"select '{name.split('.')[1]}' as kpi, * from {name}" for name in kpis]  # noqa: S608
    return Model(MEASURE_ROW, "\nunion all\n".join(parts), frozenset(kpis), None)


def _check(model: Model, found: dict[str, Model]) -> None:
    where = f"sql/{model.name.replace('.', '/')}.sql"
    for name in model.reads:
        floor = name.split(".")[0]
        own_floor_of_kpi = model.name == MEASURE_ROW and floor == "kpi"
        if floor not in READS.get(model.floor, frozenset()) and not own_floor_of_kpi:
            raise RegistryError(
                f"reads {name}, which is not on a floor it may read",
                where=where,
                remedy=f"{model.floor} reads {', '.join(sorted(READS[model.floor]))} only.",
            )
        if floor != "landing" and name not in found:
            raise RegistryError(f"reads {name}, which no file makes", where=where)


def _build_order(found: dict[str, Model]) -> list[str]:
    graph = {name: sorted(model.reads & found.keys()) for name, model in sorted(found.items())}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise RegistryError(f"models read each other in a circle: {error.args[1]}") from error
    return sorted(order, key=lambda name: FLOORS.index(name.split(".")[0]))
