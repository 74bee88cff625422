"""An auditor's tables of what rules found in returns: sums by edition, and the newest by rule."""

from __future__ import annotations

import pandas as pd

from dashboards.components.returns_rules import by_edition, by_rule

ROWS = pd.DataFrame(
    [
        ("sen2", "2026", "ACT-02", "error", 1_200, 0, 0),
        ("sen2", "2026", "ACT-02", "query", 3, 1, 0),
        ("sen2", "2026", "REQ-05", "query", 40, 2, 0),
        ("sen2", "2025-r2", "ACT-02", "error", 0, 0, 7),
    ],
    columns=["kind", "vintage", "rule", "severity", "open", "explained", "fixed"],
)


def test_an_edition_is_one_line_with_its_rules_and_findings() -> None:
    assert by_edition(ROWS).to_dict("split")["data"] == [
        ["2026", "2", "1,243", "3", "0"],
        ["2025 (copy 2)", "1", "0", "0", "7"],
    ]
    assert list(by_edition(ROWS)) == [
        "Edition",
        "Rules with findings",
        "Open",
        "Explained",
        "Fixed",
    ]


def test_the_newest_edition_is_told_rule_by_rule() -> None:
    assert by_rule(ROWS).to_dict("split")["data"] == [
        ["ACT-02", "Error", "1,200", "0", "0"],
        ["ACT-02", "Query", "3", "1", "0"],
        ["REQ-05", "Query", "40", "2", "0"],
    ]
