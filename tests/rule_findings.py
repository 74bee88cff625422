"""What the model core.rule_finding gives over a warehouse, row by row with names."""

from __future__ import annotations

from dataclasses import dataclass, fields

import duckdb

from pipelines.registry.rules import rule_finding_sql
from pipelines.settings import PROJECT_ROOT


@dataclass(frozen=True)
class Finding:
    """What one rule found in one file, in the order of the columns of core.rule_finding.

    Attributes:
        indicator: the column at fault, or None where the rule is about whole rows.
        period: the period at fault, or None where the rule does not tell periods apart.
        row_count: rows of the file at fault.
        area_codes: codes of at most three areas, in order.
        first_row_number: line of the file where the first stands, or None.
        declared_as: ids of declared defects that say the same, parted by ', '.
    """

    rule: str
    title: str
    severity: str
    source: str
    dataset: str
    indicator: str | None
    vintage: str
    period: str | None
    row_count: int
    area_count: int
    area_codes: str
    file_id: str
    first_row_number: int | None
    message: str
    remedy: str
    declared_as: str = ""


def run_rules(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Every finding, by rule, source, data set and edition. Writes nothing."""
    sql = rule_finding_sql(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")
    return [Finding(*row) for row in connection.sql(sql).fetchall()]


def finding_columns() -> tuple[str, ...]:
    """The columns of core.rule_finding, in order."""
    return tuple(field.name for field in fields(Finding))
