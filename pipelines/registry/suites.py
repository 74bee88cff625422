"""What must be true of each table: expectations/suites, one YAML for one table.

A suite is a base that derives from the field dictionary (suite_base.py) and what is written by
hand (suite.py). A table of over a million rows is summed up first, by the .sql beside its YAML:
one row of metrics, each held against the most it may be. Nothing here runs a check; that is
pipelines/checks/suites.py.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pipelines.errors import RegistryError
from pipelines.registry.fields import Field, fields, require_fields
from pipelines.registry.judgement import judged_tables
from pipelines.registry.landing import landing_tables
from pipelines.registry.selects import selected_columns
from pipelines.registry.strict import load, nearest, short
from pipelines.registry.suite import FullSuite, Suite
from pipelines.registry.suite_base import derived_checks, derived_metrics, derived_sql, required

CODES = re.compile(r"\$codes_([a-z][a-z0-9_]*)")


@cache
def suites(expectations_folder: Path, sql_folder: Path) -> dict[str, FullSuite]:
    """Every suite by its table.

    Raises:
        RegistryError: a suite names a table, column or metric that does not exist, or an id twice.
    """
    known = fields(sql_folder)
    written = _all_written(expectations_folder, sql_folder)
    tables = columns_by_table(expectations_folder, sql_folder)
    return {suite.table: _full_suite(suite, path, known, tables) for path, suite in written.items()}


def columns_by_table(expectations_folder: Path, sql_folder: Path) -> dict[str, dict[str, str]]:
    """Column name -> DuckDB type for every table that has a suite; no metric is looked at.

    Raises:
        RegistryError: a suite names a table or column that does not exist.
    """
    known = fields(sql_folder)
    written = _all_written(expectations_folder, sql_folder).values()
    return {suite.table: _types(suite, known) for suite in written}


def columns_needed(expectations_folder: Path, sql_folder: Path) -> dict[str, frozenset[str]]:
    """The columns of each landing table, by its name there, that no row may leave empty."""
    known = fields(sql_folder)
    written = [full.suite for full in suites(expectations_folder, sql_folder).values()]
    return {
        suite.table.removeprefix("landing."): frozenset(
            required(suite, {name: known[name] for name in suite.columns})
        )
        for suite in written
        if suite.table.startswith("landing.")
    }


@cache
def _all_written(expectations_folder: Path, sql_folder: Path) -> dict[Path, Suite]:
    """Every suite as it stands in its file, by that, over tables and columns that exist."""
    folder = expectations_folder / "suites"
    paths = sorted(folder.glob("*.yml"))
    alone = {path.stem for path in folder.glob("*.sql")} - {path.stem for path in paths}
    if not paths or alone:
        what = f"metrics without a suite: {_listed(alone)}" if alone else "holds no suite"
        raise RegistryError(what, where="expectations/suites")
    known, made = fields(sql_folder), _made(sql_folder)
    return {path: _written(path, known, made, sql_folder) for path in paths}


def _made(sql_folder: Path) -> set[str]:
    """Names of the tables that a file in sql/ makes, or a judgement."""
    by_file = {
        f"{path.parent.name}.{path.stem}"
        for floor in ("staging", "core", "kpi", "marts")
        for path in (sql_folder / floor).glob("*.sql")
    }
    return by_file | set(judged_tables())


def _written(path: Path, known: dict[str, Field], made: set[str], sql_folder: Path) -> Suite:
    suite = load(Suite, path)
    where = short(path)
    if suite.table != path.stem:
        raise RegistryError(
            f"is about '{suite.table}'", where=where, remedy="The path is the name: rename one."
        )
    if not suite.is_generated:
        _require_table(suite.table, made, sql_folder, where)
    suite = _with_columns(suite, sql_folder, where)
    require_fields(suite.columns, known, where)
    return suite


def _require_table(table: str, made: set[str], sql_folder: Path, where: str) -> None:
    """made: tables of the floors above landing."""
    if table.startswith("landing."):
        made = {f"landing.{name}" for name in landing_tables(sql_folder)}
    if table not in made:
        raise RegistryError(f"no file makes the table '{table}'{nearest(table, made)}", where=where)


def _with_columns(suite: Suite, sql_folder: Path, where: str) -> Suite:
    """The suite with the columns of its landing table, which stand elsewhere already."""
    floor, name = suite.table.split(".")
    if (floor == "landing") == bool(suite.columns):
        what = (
            "names columns, which stand in sql/landing.yml" if suite.columns else "has no columns"
        )
        raise RegistryError(what, where=where)
    if floor != "landing":
        return suite
    return suite.model_copy(update={"columns": tuple(landing_tables(sql_folder)[name])})


def _types(suite: Suite, known: dict[str, Field]) -> dict[str, str]:
    return {name: known[name].type for name in suite.columns}


def _full_suite(
    suite: Suite, path: Path, known: dict[str, Field], tables: dict[str, dict[str, str]]
) -> FullSuite:
    own = {name: known[name] for name in suite.columns}
    beside = path.with_suffix(".sql")
    is_derived = not beside.exists()
    sql = derived_sql(suite, own) if is_derived else beside.read_text(encoding="utf-8")
    where = short(path)
    full = FullSuite(
        suite=suite,
        types=tables[suite.table],
        checks=(*derived_checks(suite, own), *suite.checks),
        metrics=(*derived_metrics(suite, own), *suite.metrics),
        metrics_sql=sql,
        codes=_codes(sql, known, where),
        is_derived=is_derived,
    )
    _require_columns(full, where)
    _require_metrics(full, tables, where)
    _require_unique(full, where)
    return full


def _codes(sql: str, known: dict[str, Field], where: str) -> dict[str, list[str]]:
    names = sorted(set(CODES.findall(sql)))
    require_fields(names, known, where)
    return {f"codes_{name}": list(known[name].codes) for name in names}


def _require_columns(full: FullSuite, where: str) -> None:
    suite = full.suite
    named = [*suite.key, *suite.required, *suite.optional, *suite.uncoded, *full.columns_to_fetch]
    strange = [name for name in named if name not in full.types]
    unknown = [f"'{name}'{nearest(name, suite.columns)}" for name in strange]
    if unknown:
        raise RegistryError(f"not a column of {suite.table}: {'; '.join(unknown)}", where=where)
    if suite.is_large and suite.checks:
        raise RegistryError(
            "a large table is not fetched, so it has no checks on rows",
            where=where,
            remedy="Write them as metrics and count the faulty rows in the .sql.",
        )


def _require_metrics(full: FullSuite, tables: dict[str, dict[str, str]], where: str) -> None:
    """Every metric stands in the .sql, and the .sql gives none that nobody judges."""
    sql = full.metrics_sql
    if full.is_derived and not full.suite.metrics:
        return
    given = set(selected_columns(sql, tables, where.replace(".yml", ".sql"))) if sql else set()
    asked = {metric.id for metric in full.metrics} | ({"row_count"} if sql else set())
    if given != asked:
        raise RegistryError(
            f"metrics in the .yml only: {_listed(asked - given)}; "
            f"in the .sql only: {_listed(given - asked)}",
            where=where,
            remedy="Name each metric in both, and give a range for each.",
        )


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _require_unique(full: FullSuite, where: str) -> None:
    ids = [*(check.id for check in full.checks), *(metric.id for metric in full.metrics)]
    for what, names in (("ids", ids), ("columns", full.suite.columns)):
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise RegistryError(f"{what} written twice: {_listed(twice)}", where=where)
