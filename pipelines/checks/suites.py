"""Runs the suites of expectations/suites on the warehouse with Great Expectations.

Frames are taken from DuckDB with only the columns a suite reads; a large table is summed up by its
own select first. A result is a name, a verdict and counts: no cell value enters it. Great
Expectations takes seconds to import, so it is imported once, here, when a suite is run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.errors import FailedCheckError, SendError
from pipelines.registry.strict import nearest
from pipelines.registry.suite import Check, FullSuite, Metric
from pipelines.registry.suites import suites
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# Expectations that look at each row; a table without rows meets them.
ABOUT_ROWS = ("expect_column_values_", "expect_compound_columns_", "expect_column_pair_values_")

# Counts, never values: no list of failing cells is asked for.
COUNTS_ONLY = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
# Of metrics, which are counts themselves, the names of those out of range are asked for.
NAMES_TOO = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "unexpected_index_column_names": ["metric"],
}


@dataclass(frozen=True)
class CheckResult:
    """One check on one table.

    Attributes:
        table: schema and name.
        check: id of the check in its suite.
        severity: critical stops a release, warning does not.
        passed: whether it holds.
        row_count: rows of the table.
        failed_count: rows at fault; where a check is about the whole table, 1.
        message: what is wrong when it fails, for a reader.
    """

    table: str
    check: str
    severity: str
    passed: bool
    row_count: int
    failed_count: int
    message: str


def run_suites(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str] | None = None
) -> list[CheckResult]:
    """The results of the named tables' suites, or of every suite, in one context.

    Raises:
        SendError: there is no such suite, or a table cannot be read.
    """
    known = suites(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")
    chosen = list(known) if tables is None else list(tables)
    for table in chosen:
        if table not in known:
            raise SendError(f"no suite for the table '{table}'{nearest(table, known)}")
    judge = _Judge()
    summed = _derived_results(connection, [known[table] for table in chosen], judge)
    results = []
    for table in chosen:
        results += summed.get(table) or run_full_suite(connection, known[table], judge)
    return results


def blocking(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The failed results that stop a release."""
    return [item for item in results if not item.passed and item.severity == "critical"]


def run_full_suite(
    connection: duckdb.DuckDBPyConnection, full: FullSuite, judge: _Judge | None = None
) -> list[CheckResult]:
    """The results of a suite that is at hand, for example one made in a test.

    Raises:
        SendError: the table or its metrics cannot be read.
    """
    import duckdb

    try:
        columns = _columns_result(connection, full)
        if not columns.passed:
            return [columns]
        judge = judge or _Judge()
        rows = _row_results(connection, full, judge)
        return [columns, *rows, *_metric_results(connection, full, judge)]
    except duckdb.Error as error:
        where = f"expectations/suites/{full.table}"
        raise SendError(str(error).strip(), where=where) from error


class _Judge:
    """One Great Expectations context for any number of frames."""

    def __init__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        self._gx = gx
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        # One for all tables: Great Expectations writes its whole configuration anew for each.
        asset = context.data_sources.add_pandas("warehouse").add_dataframe_asset("table")
        self._whole = asset.add_batch_definition_whole_dataframe("all")

    def out_of_range(self, name: str, metrics: Mapping[str, Metric], values: Any) -> set[str]:
        """Which metrics are not within their range; values: a series by the same names.

        Metrics of one range are the rows of one frame with one expectation: an expectation costs
        Great Expectations as much as ten thousand rows.

        Raises:
            FailedCheckError: a metric is not a number.
        """
        ranges: dict[tuple[int, int | None], list[str]] = {}
        for metric_name, metric in metrics.items():
            ranges.setdefault((metric.at_least, metric.at_most), []).append(metric_name)
        found: set[str] = set()
        for (least, most), names in ranges.items():
            frame = values[names].rename_axis("metric").reset_index(name="value")
            expectation = {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": "value", "min_value": least, "max_value": most},
                "meta": {"id": "in_range"},
            }
            result = self.validate(name, frame, [expectation], NAMES_TOO)["in_range"]
            _require_computed(name, f"of {len(names)} metrics", result)
            found |= {item["metric"] for item in result.result.get("unexpected_index_list") or ()}
        return found

    def validate(
        self,
        name: str,
        frame: pd.DataFrame,
        expectations: Sequence[dict[str, Any]],
        told: dict[str, Any] = COUNTS_ONLY,
    ) -> dict[str, Any]:
        """The result of each expectation by the id in its meta.

        Raises:
            FailedCheckError: an expectation was dropped. Great Expectations leaves out a type it
                does not know without a word; so the results are counted.
        """
        suite = self._gx.ExpectationSuite(name=name, expectations=list(expectations))
        batch = self._whole.get_batch({"dataframe": frame})
        outcome = batch.validate(suite, result_format=told)
        configs = [(item.expectation_config, item) for item in outcome.results]
        results = {config.meta["id"]: item for config, item in configs if config and config.meta}
        lost = [item["meta"]["id"] for item in expectations if item["meta"]["id"] not in results]
        if lost:
            raise FailedCheckError(
                f"checks that were not run: {', '.join(lost)}",
                where=f"expectations/suites/{name}",
                remedy="Correct the type of the expectation.",
            )
        return results


def _columns_result(connection: duckdb.DuckDBPyConnection, full: FullSuite) -> CheckResult:
    """Whether the table has exactly the columns and types that its suite names."""
    relation = _relation(connection, full.table)
    found = dict(zip(relation.columns, (str(kind).lower() for kind in relation.types), strict=True))
    wrong = [name for name, kind in full.types.items() if found.get(name) != kind]
    wrong += [name for name in found if name not in full.types]
    return CheckResult(
        table=full.table,
        check="columns_and_types",
        severity="critical",
        passed=not wrong,
        row_count=_row_count(connection, full.table),
        failed_count=len(wrong),
        message=f"Columns that are missing, unknown or of another type: {', '.join(wrong)}."
        if wrong
        else "Every column is there, in its type.",
    )


def _row_results(
    connection: duckdb.DuckDBPyConnection, full: FullSuite, judge: _Judge
) -> list[CheckResult]:
    if not full.checks:
        return []
    if _is_empty(connection, full):
        return [_empty_result(full.table, check) for check in full.checks]
    frame = _relation(connection, full.table).select(*full.columns_to_fetch).df()
    results = judge.validate(full.table, frame, [_expectation(check) for check in full.checks])
    return [_row_result(full.table, check, results[check.id], len(frame)) for check in full.checks]


def _is_empty(connection: duckdb.DuckDBPyConnection, full: FullSuite) -> bool:
    """Whether there are no rows and every check is about rows: nothing is to be judged then."""
    about_rows = all(check.type.startswith(ABOUT_ROWS) for check in full.checks)
    return about_rows and _row_count(connection, full.table) == 0


def _row_result(table: str, check: Check, result: Any, row_count: int) -> CheckResult:
    _require_computed(table, check.id, result)
    passed = bool(result.success)
    counted = int(result.result.get("unexpected_count", 0))
    failed = 0 if passed else max(counted, 1)
    return CheckResult(table, check.id, check.severity, passed, row_count, failed, check.about)


def _expectation(check: Check) -> dict[str, Any]:
    return {
        "type": check.type,
        "kwargs": dict(check.kwargs),
        "severity": check.severity,
        "meta": {"id": check.id},
    }


def _metric_results(
    connection: duckdb.DuckDBPyConnection, full: FullSuite, judge: _Judge
) -> list[CheckResult]:
    if not full.metrics:
        return []
    if full.is_derived:
        return _derived_results(connection, [full], judge)[full.table][1:]
    row = _metrics_frame(connection, full).iloc[0]
    faulty = judge.out_of_range(full.table, {item.id: item for item in full.metrics}, row)
    return _judged_metrics(full, faulty, row)


def _derived_results(
    connection: duckdb.DuckDBPyConnection, fulls: Iterable[FullSuite], judge: _Judge
) -> dict[str, list[CheckResult]]:
    """The results of suites that are nothing but derived metrics, by table.

    The metrics of all tables are one row and are judged in one call, which costs as much as one
    table. A table without rows has nothing at fault, and is not asked.
    """
    import pandas as pd

    heads = {full.table: _columns_result(connection, full) for full in fulls if _is_summed(full)}
    asked = [full for full in fulls if full.table in heads and heads[full.table].passed]
    filled = [full for full in asked if heads[full.table].row_count]
    frames = [_metrics_frame(connection, full).add_prefix(f"{full.table}.") for full in filled]
    metrics = {f"{full.table}.{item.id}": item for full in filled for item in full.metrics}
    row = pd.concat(frames, axis="columns").iloc[0] if frames else pd.Series(dtype="float64")
    faulty = judge.out_of_range("derived.metrics", metrics, row)
    done = {table: [head] for table, head in heads.items()}
    for full in asked:
        if full in filled:
            done[full.table] += _judged_metrics(full, faulty, row, f"{full.table}.")
        else:
            done[full.table] += [_empty_result(full.table, metric) for metric in full.metrics]
    return done


def _is_summed(full: FullSuite) -> bool:
    return full.is_derived and full.suite.is_large


def _metrics_frame(connection: duckdb.DuckDBPyConnection, full: FullSuite) -> pd.DataFrame:
    frame = connection.execute(full.metrics_sql, full.codes or None).df()
    if len(frame) != 1:
        where = f"expectations/suites/{full.table}.sql"
        raise FailedCheckError("the metrics are not one row", where=where)
    return frame


def _judged_metrics(
    full: FullSuite, faulty: set[str], row: pd.Series[Any], prefix: str = ""
) -> list[CheckResult]:
    return [
        _metric_result(full.table, metric, f"{prefix}{metric.id}" not in faulty, row, prefix)
        for metric in full.metrics
    ]


def _empty_result(table: str, check: Check | Metric) -> CheckResult:
    """A table without rows meets whatever is asked of its rows."""
    return CheckResult(table, check.id, check.severity, True, 0, 0, check.about)


def _metric_result(
    table: str, metric: Metric, is_in_range: bool, row: pd.Series[Any], prefix: str = ""
) -> CheckResult:
    """An empty metric has not been measured, so it fails; Great Expectations lets it pass."""
    import pandas as pd

    value = row[f"{prefix}{metric.id}"]
    passed = is_in_range and not pd.isna(value)
    counts_faults = metric.at_most == 0 and not pd.isna(value)
    failed = 0 if passed else max(1, int(value)) if counts_faults else 1
    row_count = int(row[f"{prefix}row_count"])
    return CheckResult(table, metric.id, metric.severity, passed, row_count, failed, metric.about)


def _require_computed(table: str, check: str, result: Any) -> None:
    """An expectation that broke is an error of the house, not a verdict on the data."""
    raised = result.exception_info or {}
    parts = [raised] if "raised_exception" in raised else list(raised.values())
    if any(part["raised_exception"] for part in parts):
        raise FailedCheckError(
            f"the check {check} could not be computed",
            where=f"expectations/suites/{table}.yml",
            remedy="Correct the arguments of the expectation.",
        )


def _row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    (count,) = _relation(connection, table).count("*").fetchone() or (0,)
    return int(count)


def _relation(connection: duckdb.DuckDBPyConnection, table: str) -> duckdb.DuckDBPyRelation:
    """A table or view; connection.table() knows tables only. The name comes from the registry."""
    return connection.sql(f"from {table}")
