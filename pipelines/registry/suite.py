"""A suite as it is written in expectations/suites, and with its base, ready to run."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Setting

from pipelines.registry.strict import Strict

Severity = Literal["critical", "warning"]

# Where an expectation of Great Expectations names the columns it is about.
COLUMN_KEYS = ("column", "column_A", "column_B")
COLUMN_LIST_KEYS = ("column_list", "column_set")


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
