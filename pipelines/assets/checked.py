"""The suites of one floor as Dagster check results: names and counts only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.checks.floor import run_checks

if TYPE_CHECKING:
    import duckdb

CHECK = "suite"


def results(
    connection: duckdb.DuckDBPyConnection, floor: str, told: dict[str, Any]
) -> Iterator[dg.AssetCheckResult]:
    """One result for each checked table of the floor; how many failed is told to the log."""
    outcomes = list(run_checks(connection, floor))
    told["failed_checks"] = sum(not outcome.passed for outcome in outcomes)
    for outcome in outcomes:
        yield dg.AssetCheckResult(
            passed=bool(outcome.passed),
            asset_key=outcome.table.split("."),
            check_name=CHECK,
            metadata={
                "expectation_count": outcome.expectation_count,
                "failed_count": outcome.failed_count,
                "failed": outcome.summary,
            },
        )
