"""The whole warehouse as one list: the SQL files, and the record rules put together as a model."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.registry.models import Model, models, table_names
from pipelines.registry.rules import RULE_FINDING, rule_finding_sql


@cache
def house_models(root: Path) -> dict[str, Model]:
    """Every model of the project at `root`, in an order in which they can be built."""
    sql = rule_finding_sql(root / "expectations", root / "sql")
    rules = Model(RULE_FINDING, sql, table_names(sql), None)
    return models(root / "sql", (rules,))
