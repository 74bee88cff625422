"""The checks of one floor, run after its tables are made: its suites. The record rules are a model.

What comes out holds names and counts only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.checks.suites import CheckResult, blocking, run_suites
from pipelines.registry.judgement import judged_tables
from pipelines.registry.suites import suites
from pipelines.release.evidence import keep_checks
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb

# The step that makes the judged tables, which stand in marts and are made after them.
JUDGEMENT = "judgement"


@dataclass(frozen=True)
class Outcome:
    """How one table's suite ended.

    Attributes:
        table: schema and name.
        passed: no expectation of severity critical failed.
        expectation_count: expectations judged.
        failed_count: expectations that failed, warnings included.
        summary: the critical failures in words; empty when it passed.
    """

    table: str
    passed: bool
    expectation_count: int
    failed_count: int
    summary: str


def checked_tables(floor: str) -> list[str]:
    """The tables with a suite that one step makes: a floor by its schema, or the judgement."""
    known = suites(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")
    judged = set(judged_tables())
    return [
        name for name in known if floor == (JUDGEMENT if name in judged else name.split(".")[0])
    ]


def run_checks(connection: duckdb.DuckDBPyConnection, floor: str) -> list[Outcome]:
    """Judge the tables of a floor, or of the judgement, and keep every result as evidence."""
    tables = checked_tables(floor)
    if not tables:
        return []
    results = run_suites(connection, tables)
    keep_checks(connection, floor, [_record(result) for result in results])
    return [_outcome(table, list(own)) for table, own in groupby(results, lambda item: item.table)]


def _outcome(table: str, results: list[CheckResult]) -> Outcome:
    faults = blocking(results)
    return Outcome(
        table=table,
        passed=not faults,
        expectation_count=len(results),
        failed_count=sum(not result.passed for result in results),
        summary=_sentence(faults),
    )


def _sentence(faults: Iterable[CheckResult]) -> str:
    return "; ".join(f"{item.message} ({item.failed_count:,} rows)" for item in faults)


def _record(result: CheckResult) -> dict[str, object]:
    record = asdict(result)
    return record | {"table_name": record.pop("table"), "check_name": record.pop("check")}
