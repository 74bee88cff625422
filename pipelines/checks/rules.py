"""Runs the record rules of expectations/rules over the warehouse.

All rules of a frame are judged in one pass, and a finding holds names and counts only. Findings
are warnings to a reader: whether one stops a release is decided by whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pipelines.errors import SendError
from pipelines.registry.rules import rule_finding_sql
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb


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
    """Every finding, by rule, source, data set and edition. Writes nothing.

    Raises:
        SendError: the warehouse lacks a table that the rules read.
    """
    import duckdb

    try:
        rows = connection.execute(_sql()).fetchall()
    except duckdb.Error as error:
        raise SendError(str(error).strip(), where="expectations/rules") from error
    return [Finding(*row) for row in rows]


def finding_columns() -> tuple[str, ...]:
    """The columns of core.rule_finding, in order."""
    return tuple(field.name for field in fields(Finding))


def _sql() -> str:
    return rule_finding_sql(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")
