"""What a council chooses about types of schools reaches its figures at the next build."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines.assets.house import landing_files
from pipelines.engine.duckdb import make_table, show_landing, warehouse
from pipelines.ingest.desk_reference import held_reference
from pipelines.ingest.door import ingest
from pipelines.ingest.reference import land_reference
from pipelines.registry.house import house_models
from pipelines.registry.landing import landing_tables
from pipelines.release.inputs import input_key, take_stock
from pipelines.settings import PROJECT_ROOT, Settings
from tests.case_rows import Return, land
from tests.unit.ingest.test_gias import register

COLLEGE = {"URN": "900001", "TypeOfEstablishment (code)": "06", "LA (code)": "860"}


def test_a_choice_made_after_the_register_came_in_changes_the_figures(tmp_path: Path) -> None:
    for name in ("sql", "expectations", "data/reference", "data/councils"):
        shutil.copytree(PROJECT_ROOT / name, tmp_path / "house" / name)
    house = Settings(workspace=tmp_path / "workspace", project_root=tmp_path / "house")
    schools = tmp_path / "register.csv"
    schools.write_bytes(register(COLLEGE))
    ingest([schools], house)
    made = Return()
    made.add(
        plan={"start_date": date(2021, 5, 4)},
        active={},
        placements=[{"urn": "900001", "placement_rank": "1", "entry_date": date(2022, 9, 1)}],
    )
    land(house.workspace, made.file_id, made.tables())
    before, figures = input_key(house), built(house)
    assert (figures["mainstream_academy"], figures["general_fe_tertiary_colleges"]) == (1, 0)

    with (house.council_folder / "settings.yml").open("a", encoding="utf-8") as handle:
        handle.write("placement_choices: {city_technology_college: general_fe_tertiary_colleges}\n")
    assert input_key(house) != before, "or `send build` would say that nothing has changed"
    figures = built(house)
    assert (figures["mainstream_academy"], figures["general_fe_tertiary_colleges"]) == (0, 1)


def test_a_choice_is_what_the_rules_hold_a_return_against(tmp_path: Path) -> None:
    for name in ("data/reference", "data/councils"):
        shutil.copytree(PROJECT_ROOT / name, tmp_path / name)
    house = Settings(workspace=tmp_path / "workspace", project_root=tmp_path)
    group = {row["establishment_type_code"]: row["placement_group"] for row in kinds(house)}
    assert group["06"] == "mainstream"
    with (house.council_folder / "settings.yml").open("a", encoding="utf-8") as handle:
        handle.write("placement_choices: {city_technology_college: general_fe_tertiary_colleges}\n")
    group = {row["establishment_type_code"]: row["placement_group"] for row in kinds(house)}
    assert group["06"] == "further_education"


def kinds(house: Settings) -> list[dict[str, str]]:
    return held_reference(house).establishment_types.to_pylist()


def built(house: Settings) -> dict[str, Decimal]:
    """The council's own caseload by placement setting, as a build from what has landed makes it."""
    land_reference(house)
    take_stock(house)
    sql_folder = house.project_root / "sql"
    with warehouse(house.warehouse, sql_folder) as connection:
        show_landing(connection, landing_tables(sql_folder), landing_files(house))
        for model in house_models(house.project_root).values():
            if model.floor != "marts":
                make_table(connection, model)
        rows = connection.execute(
            "select indicator, value from core.council_figure "
            "where la_code = '860' and dataset = 'caseload' and breakdown_topic = 'All'"
        ).fetchall()
    return dict(rows)
