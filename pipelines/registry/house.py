"""The whole warehouse as one list: the SQL files, and the record rules put together as a model."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.registry.across_rules import ACROSS_FINDING, across_finding_sql
from pipelines.registry.models import Model, models, table_names
from pipelines.registry.rules import RULE_FINDING, rule_finding_sql


@cache
def house_models(root: Path) -> dict[str, Model]:
    """Every model of the project at `root`, in an order in which they can be built."""
    texts = {
        RULE_FINDING: rule_finding_sql(root / "expectations", root / "sql"),
        ACROSS_FINDING: across_finding_sql(root / "expectations", root / "sql"),
    }
    rules = (Model(name, sql, table_names(sql), None) for name, sql in texts.items())
    return models(root / "sql", tuple(rules))
