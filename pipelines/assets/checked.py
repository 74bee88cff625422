"""The suites of one floor as Dagster check results: names and counts only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.checks.floor import run_checks

if TYPE_CHECKING:
    import duckdb

CHECK = "suite"


def results(connection: duckdb.DuckDBPyConnection, floor: str) -> Iterator[dg.AssetCheckResult]:
    """One result for each checked table of the floor."""
    for outcome in run_checks(connection, floor):
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
