"""Adding a measure is adding two files: proved by adding one to a copy of the house."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.assets.house import landing_files
from pipelines.engine.duckdb import make_table, show_landing, warehouse
from pipelines.errors import RegistryError
from pipelines.ingest.reference import land_reference
from pipelines.registry.house import house_models
from pipelines.registry.landing import landing_tables
from pipelines.registry.measures import measures
from pipelines.release.inputs import take_stock
from pipelines.settings import PROJECT_ROOT, Settings

SQL = """-- One row: plans in a special school, for a period and area.
with final as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        max(value) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        cast(null as decimal(18, 6)) as published_value,
        max(symbol) as symbol,
        min(file_id) as file_id,
        min(row_number) as row_number
    from core.figure
    where dataset = 'caseload' and indicator = 'special_total'
    group by source, vintage, period, la_code, area_code, breakdown_topic, breakdown
)

select * from final
"""
WORDS = """id: plans_in_special_schools
title: Plans in special schools
short_title: Special schools
unit: count
decimals: 0
polarity: none
period_kind: stock
theme: placement
numerator: Plans whose child attends a special school
definition: Plans maintained in January whose child attends a special school.
sources: [dfe]
dataset: DfE, Education, health and care plans, caseload
publish: [area_total]
next_update: June 2027
"""


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    """A copy of what decides the figures, with an empty workspace."""
    for name in ("sql", "expectations", "data/reference", "data/councils"):
        shutil.copytree(PROJECT_ROOT / name, tmp_path / "house" / name)
    return Settings(workspace=tmp_path / "workspace", project_root=tmp_path / "house")


def test_two_files_make_a_measure(house: Settings) -> None:
    kpi = house.project_root / "sql" / "kpi"
    (kpi / "plans_in_special_schools.sql").write_text(SQL)
    (kpi / "plans_in_special_schools.yml").write_text(WORDS)
    values = build(house, "plans_in_special_schools")
    assert values["2019-01"] == Decimal(2468)
    assert values["2026-01"] == Decimal(3776)


@pytest.mark.parametrize("name", ["plans_in_special_schools.sql", "plans_in_special_schools.yml"])
def test_half_a_pair_is_refused(house: Settings, name: str) -> None:
    text = SQL if name.endswith(".sql") else WORDS
    (house.project_root / "sql" / "kpi" / name).write_text(text)
    with pytest.raises(RegistryError, match="alone: plans_in_special_schools"):
        measures(house.project_root / "sql")


def build(house: Settings, kpi: str) -> dict[str, Decimal]:
    """Staffordshire's shown values of one measure by period, from the shipped facts."""
    land_reference(house)
    take_stock(house)
    sql_folder = house.project_root / "sql"
    tables = landing_tables(sql_folder)
    with warehouse(house.warehouse, sql_folder) as connection:
        show_landing(connection, tables, landing_files(house))
        for model in house_models(house.project_root).values():
            make_table(connection, model)
        rows = connection.execute(
            "select period, value from marts.kpi_value "
            "where kpi = ? and la_code = '860' and is_shown and breakdown_topic = 'All'",
            [kpi],
        ).fetchall()
    return dict(rows)
