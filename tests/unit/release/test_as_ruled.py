"""One figure of a public file against the rule for small numbers: what passes and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.release.as_ruled import unruled
from pipelines.settings import PROJECT_ROOT

COLUMNS = {
    "kpi": "varchar",
    "source": "varchar",
    "breakdown_topic": "varchar",
    "period_kind": "varchar",
    "numerator": "decimal(18, 6)",
    "denominator": "decimal(18, 6)",
    "value": "decimal(18, 6)",
    "previous_value": "decimal(18, 6)",
}
Figure = dict[str, Any]
# A rounded count, a share of rounded counts, a mean without its count, a rate over a population.
COUNT: Figure = {"kpi": "transfers_in", "period_kind": "flow", "numerator": 25, "value": 25}
SHARE: Figure = {"kpi": "mainstream_share", "numerator": 10, "denominator": 30, "value": 33}
MEAN: Figure = {"kpi": "weeks_to_issue_median", "denominator": 10, "value": 19.5}
RATE: Figure = {
    "kpi": "plans_per_1000_aged_0_17",
    "numerator": 40,
    "denominator": 1_234,
    "value": 32.4,
}
STAFF: Figure = {"kpi": "staff_in_post", "numerator": 2.65, "value": 2.7, "period_kind": "month"}
# Of kinds of places, each is an exact total; of groups of children none is.
EXACT: Figure = {"kpi": "plans_maintained", "numerator": 3, "value": 3, "period_kind": "month"}
HIDDEN: Figure = {"kpi": "transfers_in", "period_kind": "flow"}


def asked(folder: Path, **figure: Any) -> tuple[int, str] | None:
    """What is said of a public file that holds this figure of the council's and no other."""
    row = {"source": "council", "breakdown_topic": "All", "period_kind": "stock"} | figure
    path = folder / "public.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"create table marts.kpi_value ({columns})")
        connection.execute(
            "insert into marts.kpi_value values (?, ?, ?, ?, ?, ?, ?, ?)",
            [row.get(name) for name in COLUMNS],
        )
    told = unruled(path, PROJECT_ROOT)
    return (told.count, told.first) if told else None


@pytest.mark.parametrize(
    "figure",
    [
        COUNT,
        COUNT | {"previous_value": 20},
        SHARE,
        SHARE | {"breakdown_topic": "Primary need"},
        MEAN,
        MEAN | {"denominator": None, "value": None},
        RATE,
        EXACT,
        STAFF,
        HIDDEN,
        HIDDEN | {"denominator": 10},
    ],
)
def test_a_figure_as_the_rule_prints_it_passes(tmp_path: Path, figure: Figure) -> None:
    assert asked(tmp_path, **figure) is None


@pytest.mark.parametrize(
    "figure",
    [
        COUNT | {"numerator": 24, "value": 24},
        COUNT | {"numerator": 5, "value": 5},
        COUNT | {"numerator": 0, "value": 0},
        COUNT | {"value": 24},
        COUNT | {"value": None},
        COUNT | {"previous_value": 24},
        COUNT | {"previous_value": 5},
        COUNT | {"period_kind": "month"},
        SHARE | {"value": 33.3},
        SHARE | {"value": 37},
        SHARE | {"value": None},
        SHARE | {"breakdown_topic": "Primary need", "value": 34},
        SHARE | {"previous_value": 33.3},
        SHARE | {"numerator": None},
        SHARE | {"numerator": 9},
        SHARE | {"denominator": 15},
        SHARE | {"denominator": 31},
        SHARE | {"breakdown_topic": "District"},
        SHARE | {"breakdown_topic": "School"},
        SHARE | {"breakdown_topic": "Setting group"},
        SHARE | {"period_kind": "month"},
        MEAN | {"numerator": 195},
        MEAN | {"denominator": 5},
        MEAN | {"denominator": None},
        MEAN | {"breakdown_topic": "Primary need"},
        RATE | {"numerator": 41},
        RATE | {"value": 32},
        RATE | {"value": 32.5},
        RATE | {"denominator": None},
        EXACT | {"breakdown_topic": "Primary need"},
        EXACT | {"value": 4},
        EXACT | {"value": None},
        STAFF | {"value": 2.6},
        STAFF | {"breakdown_topic": "Staff role", "value": 3},
        COUNT | {"kpi": "spend_per_place"},
        COUNT | {"kpi": "a_measure_without_a_rule"},
    ],
)
def test_a_figure_that_the_rule_does_not_print_is_named(tmp_path: Path, figure: Figure) -> None:
    assert asked(tmp_path, **figure) == (1, figure["kpi"])


def test_a_publishers_own_figure_is_not_asked_about(tmp_path: Path) -> None:
    assert asked(tmp_path, **COUNT | {"source": "dfe_ees", "numerator": 3, "value": 3}) is None
