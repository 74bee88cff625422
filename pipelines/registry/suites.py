"""What must be true of each table: expectations/suites, one YAML for one table.

A suite is a base that derives from the field dictionary (empty cells, codes, keys) and what is
written by hand. A table of over a million rows is summed up first, by the .sql beside its YAML:
one row of metrics, each held against the most it may be. Nothing here runs a check; that is
pipelines/checks/suites.py.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field as Setting

from pipelines.errors import RegistryError
from pipelines.registry.fields import Field, fields, require_fields
from pipelines.registry.judgement import judged_tables
from pipelines.registry.landing import landing_tables
from pipelines.registry.strict import Strict, load, nearest, short

if TYPE_CHECKING:
    from sqlglot import exp

Severity = Literal["critical", "warning"]

# Where an expectation of Great Expectations names the columns it is about.
COLUMN_KEYS = ("column", "column_A", "column_B")
COLUMN_LIST_KEYS = ("column_list", "column_set")
CODES = re.compile(r"\$codes_([a-z][a-z0-9_]*)")


class Check(Strict):
    """One expectation on a table's rows.

    Attributes:
        id: what holds when it passes. Good: ten_neighbours. Bad: check_7.
        severity: critical stops a release, warning does not.
        about: what is wrong when it fails, for a reader.
        type: name of the expectation in Great Expectations.
        kwargs: its arguments.
    """

    id: str = Setting(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    about: str = Setting(min_length=10)
    type: str = Setting(pattern=r"^expect_[a-z_]+$")
    kwargs: dict[str, Any] = Setting(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the expectation reads."""
        single = [self.kwargs[key] for key in COLUMN_KEYS if key in self.kwargs]
        several = [name for key in COLUMN_LIST_KEYS for name in self.kwargs.get(key, ())]
        return tuple(dict.fromkeys([*single, *several]))


class Metric(Strict):
    """One number of the metrics row and the range it must lie in.

    Attributes:
        id: column of the .sql. Good: duplicate_keys. Bad: metric_1.
        at_least: smallest value that passes.
        at_most: largest value that passes; a count of faulty rows has 0.
    """

    id: str = Setting(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    about: str = Setting(min_length=10)
    at_least: int = 0
    at_most: int | None = 0


class Suite(Strict):
    """What must be true of one table.

    Attributes:
        table: schema and name, which is also the file's name.
        about: what one row is.
        columns: every column of the table, in any order; those of a landing table stand in
            sql/landing.yml and are left out here.
        key: columns that together name one row; no two rows share them. Only a landing table may
            go without, where equal rows may come twice.
        required: columns that may not be empty here though the dictionary lets them be.
        optional: columns that may be empty here though the dictionary does not let them be.
        uncoded: columns whose words are not the dictionary's codes here.
        is_large: the table is never fetched; all its checks are metrics. Without a .sql beside the
            suite, the select that gives them is derived too.
        is_generated: no file in sql/ makes the table.
        checks: on the table's rows.
        metrics: on the one row that the .sql beside the suite gives.
    """

    table: str = Setting(pattern=r"^(landing|staging|core|kpi|marts)\.[a-z][a-z0-9_]*$")
    about: str = Setting(min_length=10)
    columns: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    uncoded: tuple[str, ...] = ()
    is_large: bool = False
    is_generated: bool = False
    checks: tuple[Check, ...] = ()
    metrics: tuple[Metric, ...] = ()


class FullSuite(Strict):
    """A suite with its base: everything that is checked, ready to run.

    Attributes:
        suite: as written.
        types: DuckDB type of each column, from the dictionary.
        checks: on rows, the derived ones first.
        metrics: on the metrics row, the derived ones first.
        metrics_sql: the select that gives the metrics row, or empty.
        codes: values for the $codes_ parameters of that select, by parameter name.
        is_derived: whether nothing but the table's own rows is looked at, so that a table without
            rows passes.
    """

    suite: Suite
    types: dict[str, str]
    checks: tuple[Check, ...]
    metrics: tuple[Metric, ...]
    metrics_sql: str
    codes: dict[str, list[str]]
    is_derived: bool

    @property
    def table(self) -> str:
        """Schema and name of the table."""
        return self.suite.table

    @property
    def columns_to_fetch(self) -> tuple[str, ...]:
        """The columns that the checks on rows read."""
        return tuple(dict.fromkeys(name for check in self.checks for name in check.columns))


@cache
def suites(expectations_folder: Path, sql_folder: Path) -> dict[str, FullSuite]:
    """Every suite by its table.

    Raises:
        RegistryError: a suite names a table, column or metric that does not exist, or an id twice.
    """
    known = fields(sql_folder)
    folder = expectations_folder / "suites"
    paths = sorted(folder.glob("*.yml"))
    alone = {path.stem for path in folder.glob("*.sql")} - {path.stem for path in paths}
    if not paths or alone:
        what = f"metrics without a suite: {_listed(alone)}" if alone else "holds no suite"
        raise RegistryError(what, where="expectations/suites")
    written = {path: _written(path, known, sql_folder) for path in paths}
    tables = {suite.table: _types(suite, known) for suite in written.values()}
    return {suite.table: _full_suite(suite, path, known, tables) for path, suite in written.items()}


def columns_by_table(expectations_folder: Path, sql_folder: Path) -> dict[str, dict[str, str]]:
    """Column name -> DuckDB type for every table that has a suite."""
    return {name: suite.types for name, suite in suites(expectations_folder, sql_folder).items()}


def columns_needed(expectations_folder: Path, sql_folder: Path) -> dict[str, frozenset[str]]:
    """The columns of each landing table, by its name there, that no row may leave empty."""
    known = fields(sql_folder)
    written = [full.suite for full in suites(expectations_folder, sql_folder).values()]
    return {
        suite.table.removeprefix("landing."): frozenset(
            _required(suite, {name: known[name] for name in suite.columns})
        )
        for suite in written
        if suite.table.startswith("landing.")
    }


def require_table(table: str, sql_folder: Path, where: str) -> None:
    """Refuse a table that no file in sql/ makes, and no judgement.

    Raises:
        RegistryError: names the table that was meant.
    """
    made = {
        f"{path.parent.name}.{path.stem}"
        for floor in ("staging", "core", "kpi", "marts")
        for path in (sql_folder / floor).glob("*.sql")
    }
    made |= set(judged_tables())
    if table.startswith("landing."):
        made = {f"landing.{name}" for name in landing_tables(sql_folder)}
    if table not in made:
        raise RegistryError(f"no file makes the table '{table}'{nearest(table, made)}", where=where)


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


def _written(path: Path, known: dict[str, Field], sql_folder: Path) -> Suite:
    suite = load(Suite, path)
    where = short(path)
    if suite.table != path.stem:
        raise RegistryError(
            f"is about '{suite.table}'", where=where, remedy="The path is the name: rename one."
        )
    if not suite.is_generated:
        require_table(suite.table, sql_folder, where)
    suite = _with_columns(suite, sql_folder, where)
    require_fields(suite.columns, known, where)
    return suite


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
    sql = _derived_sql(suite, own) if is_derived else beside.read_text(encoding="utf-8")
    derived_checks = [] if suite.is_large else _derived_checks(suite, own)
    written = {metric.id for metric in suite.metrics}
    derived_metrics = [
        metric
        for metric in (_derived_metrics(suite, own) if suite.is_large else [])
        # What a suite says itself stands in place of what would be derived.
        if metric.id not in written
    ]
    where = short(path)
    full = FullSuite(
        suite=suite,
        types=tables[suite.table],
        checks=(*derived_checks, *suite.checks),
        metrics=(*derived_metrics, *suite.metrics),
        metrics_sql=sql,
        codes=_codes(sql, known, where),
        is_derived=is_derived,
    )
    _require_columns(full, where)
    _require_metrics(full, tables, where)
    _require_unique(full, where)
    return full


def _required(suite: Suite, own: dict[str, Field]) -> list[str]:
    asked = {name for name, field in own.items() if not field.nullable} - set(suite.optional)
    return [name for name in own if name in asked or name in suite.required]


def _coded(suite: Suite, own: dict[str, Field]) -> list[str]:
    return [name for name, field in own.items() if field.codes and name not in suite.uncoded]


def _derived_checks(suite: Suite, own: dict[str, Field]) -> list[Check]:
    empty = [
        Check(
            id=f"{name}_present",
            severity="critical",
            about=f"Rows of {suite.table} without {name}.",
            type="expect_column_values_to_not_be_null",
            kwargs={"column": name},
        )
        for name in _required(suite, own)
    ]
    unknown = [
        Check(
            id=f"{name}_known",
            severity="critical",
            about=f"Rows of {suite.table} whose {name} is none of its codes.",
            type="expect_column_values_to_be_in_set",
            kwargs={"column": name, "value_set": list(own[name].codes)},
        )
        for name in _coded(suite, own)
    ]
    return [*empty, *unknown, *([_key_check(suite)] if suite.key else [])]


def _key_check(suite: Suite) -> Check:
    about = f"Rows of {suite.table} that share their key: {', '.join(suite.key)}."
    single = len(suite.key) == 1
    return Check(
        id="key_unique",
        severity="critical",
        about=about,
        type="expect_column_values_to_be_unique"
        if single
        else "expect_compound_columns_to_be_unique",
        kwargs={"column": suite.key[0]} if single else {"column_list": list(suite.key)},
    )


def _derived_metrics(suite: Suite, own: dict[str, Field]) -> list[Metric]:
    """What the dictionary asks of a large table; its .sql must give a number for each."""
    names = {f"empty_{name}": f"without {name}" for name in _required(suite, own)}
    names |= {
        f"unknown_{name}": f"whose {name} is none of its codes" for name in _coded(suite, own)
    }
    if suite.key:
        names["duplicate_keys"] = f"that share their key: {', '.join(suite.key)}"
    return [
        Metric(id=name, severity="critical", about=f"Rows of {suite.table} {what}.")
        for name, what in names.items()
    ]


def _derived_sql(suite: Suite, own: dict[str, Field]) -> str:
    """The select of a large table's derived metrics; a hash of 64 bits stands for the key."""
    if not suite.is_large:
        return ""
    parts = ["count(*) as row_count"]
    parts += [
        f"count(*) filter (where {name} is null) as empty_{name}" for name in _required(suite, own)
    ]
    parts += [
        f"count(*) filter (where {name} not in (select unnest($codes_{name}))) as unknown_{name}"
        for name in _coded(suite, own)
    ]
    if suite.key:
        parts.append(f"count(*) - count(distinct hash({', '.join(suite.key)})) as duplicate_keys")
    return f"select {', '.join(parts)} from {suite.table}"  # noqa: S608


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
