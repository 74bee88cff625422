"""Every headline figure printed for Staffordshire, the West Midlands and England equals ours.

The table was copied from the publishers by hand and is independent of our reading of their files.
What its names mean in ours stands in the measures (headline_metrics) and headline_crosswalk.yml.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.registry.measures import measures

pytestmark = pytest.mark.real

PROJECT = Path(__file__).parents[2]
CROSSWALK = yaml.safe_load(
    (Path(__file__).parent / "headline_crosswalk.yml").read_text(encoding="utf-8")
)
PARTS = {"value": 0, "numerator": 1, "denominator": 2}

Row = dict[str, str]
Cell = tuple[Decimal | None, Decimal | None, Decimal | None]


def _metrics() -> dict[str, tuple[str, str]]:
    """metric -> (measure, part), as the measures say."""
    return {
        item.metric: (measure.id, item.part)
        for measure in measures(PROJECT / "sql").values()
        for item in measure.headline_metrics
    }


def _headlines(real_data: Path) -> list[Row]:
    path = real_data / "reference" / "staffordshire_england_headlines.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is_printed(row: Row) -> bool:
    """Whether the publisher printed the figure, and nobody worked it out from others."""
    return not any(word in row["release"] for word in CROSSWALK["worked_out"])


def _period(row: Row) -> str:
    """'202425' -> '2025-01'; '2025' of a January census -> '2025-01'; '2024' stays."""
    if row["period_type"] != "January census":
        return row["period"]
    return f"20{row['period'][-2:]}-01"


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


@pytest.fixture(scope="module")
def values(real_warehouse: Path) -> dict[tuple[Any, ...], Cell]:
    """(measure, source, edition, period, area, group) -> value, numerator, denominator.

    The edition None is the newest of its source.
    """
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        rows = connection.execute(
            """
            select
                kpi, source, vintage, period, area_code, breakdown_topic, breakdown,
                value, numerator, denominator
            from marts.kpi_value
            where area_code in ('E92000001', 'E10000028', 'E12000005')
            order by vintage_order
            """
        ).fetchall()
    cells: dict[tuple[Any, ...], Cell] = {}
    for kpi, source, vintage, *rest in rows:
        for edition in (vintage, None):
            cells[(kpi, source, edition, *rest[:4])] = tuple(rest[4:])
    return cells


def _ours(row: Row, values: dict[tuple[Any, ...], Cell]) -> Decimal | None:
    kpi, part = _metrics()[row["metric"]]
    source, edition = CROSSWALK["release"][row["release"]]
    group = CROSSWALK["breakdown"].get(row["metric"], ["All", "All"])
    area = CROSSWALK["area"][row["geo"]]
    cell = values.get((kpi, source, edition, _period(row), area, *group))
    return cell[PARTS[part]] if cell else None


def test_every_printed_headline_is_ours(
    real_data: Path, values: dict[tuple[Any, ...], Cell]
) -> None:
    printed = [row for row in _headlines(real_data) if _is_printed(row)]
    wrong = [
        (row["metric"], row["geo"], row["period"], row["release"], row["value"], ours)
        for row in printed
        if row["metric"] not in CROSSWALK["not_covered"]
        and (ours := _ours(row, values)) != Decimal(row["value"])
    ]
    assert wrong == []
    assert len(printed) == 608


def test_a_printed_figure_has_no_more_decimals_than_its_measure(real_data: Path) -> None:
    """So that the comparison above is one of the figure as printed, down to its last decimal."""
    known = measures(PROJECT / "sql")
    metrics = _metrics()
    compared = 0
    for row in _headlines(real_data):
        kpi, part = metrics[row["metric"]]
        if part == "value":
            assert _decimals(row["value"]) <= known[kpi].decimals, row
            compared += 1
    assert compared > 400


def test_the_crosswalk_covers_every_metric_and_no_other(real_data: Path) -> None:
    in_table = {row["metric"] for row in _headlines(real_data)}
    known = set(_metrics()) | set(CROSSWALK["not_covered"])
    assert known == in_table
    assert CROSSWALK["not_covered"] == {}, "a metric left out needs its reason, here and there"


def test_three_figures_were_worked_out_and_are_left_out(real_data: Path) -> None:
    left_out = [
        (row["metric"], row["geo"], row["period"])
        for row in _headlines(real_data)
        if not _is_printed(row)
    ]
    assert left_out == [
        ("new_ehc_plans", "Staffordshire", "2025"),
        ("pct_new_plans_mainstream", "Staffordshire", "2025"),
        ("pct_new_plans_special", "Staffordshire", "2025"),
    ]
