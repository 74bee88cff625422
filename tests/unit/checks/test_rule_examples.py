"""The record rules find exactly what their worked examples say (tests/examples/rules/*.yml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.registry.rules import rule_sets
from pipelines.settings import PROJECT_ROOT
from tests.rule_findings import run_rules

EXAMPLES = Path(__file__).parents[2] / "examples" / "rules"


def _files() -> list[dict[str, Any]]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.yml"))]
    return [yaml.safe_load(text) for text in texts]


def _cases() -> list[Any]:
    return [
        pytest.param(content, example, id=example["it"])
        for content in _files()
        for example in content["examples"]
    ]


@pytest.mark.parametrize(("content", "example"), _cases())
def test_the_rules_find_what_the_example_says(
    empty_warehouse: duckdb.DuckDBPyConnection,
    insert: Any,
    content: dict[str, Any],
    example: dict[str, Any],
) -> None:
    insert("core.area", content["areas"])
    insert("core.published_figure", [content["usual"] | cell for cell in example["cells"]])
    found = [vars(finding) for finding in run_rules(empty_warehouse)]
    for expected in example["findings"]:
        matching = [item for item in found if expected.items() <= item.items()]
        assert len(matching) == 1, f"{expected} not in {found}"
    assert len(found) == len(example["findings"]), found


def test_every_rule_has_an_example() -> None:
    named = {
        finding["rule"]
        for content in _files()
        for example in content["examples"]
        for finding in example["findings"]
    }
    sets = rule_sets(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")
    known = {rule.id for each in sets.values() for rule in each.rules}
    # PUB-06 is about files that list a hundred areas: test_rules.py makes one.
    assert len(named) >= 14
    assert known - named == {"PUB-06"}
