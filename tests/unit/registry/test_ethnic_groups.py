"""sql/core/person.sql counts each child in the group that the list of codes says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import pytest

from pipelines.registry.landing import landing_tables
from pipelines.registry.sen2 import sen2
from pipelines.registry.suites import columns_by_table
from pipelines.settings import PROJECT_ROOT

EXPECTATIONS, SQL = PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql"
STAGING = ("sen2_person", "district")
# As the DfE prints them, by our labels of the codes.
GROUPS = {
    "White British": "White - White British",
    "White Irish": "White - Irish",
    "Traveller of Irish heritage": "White - Traveller of Irish heritage",
    "Any other White background": "White - Any other White background",
    "Gypsy or Roma": "White - Gypsy/Roma",
    "White and Black Caribbean": "Mixed - White and Black Caribbean",
    "White and Black African": "Mixed - White and Black African",
    "White and Asian": "Mixed - White and Asian",
    "Any other mixed background": "Mixed - Any other Mixed background",
    "Indian": "Asian - Indian",
    "Pakistani": "Asian - Pakistani",
    "Bangladeshi": "Asian - Bangladeshi",
    "Any other Asian background": "Asian - Any other Asian background",
    "Black Caribbean": "Black - Black Caribbean",
    "Black African": "Black - Black African",
    "Any other Black background": "Black - Any other Black background",
    "Chinese": "Asian - Chinese",
    "Any other ethnic group": "Any other ethnic group",
    "Refused": "Unclassified",
    "Information not yet obtained": "Unclassified",
}


@pytest.fixture
def core() -> Iterator[duckdb.DuckDBPyConnection]:
    """What core.person reads, without a row."""
    with duckdb.connect() as connection:
        connection.execute("create schema core; create schema staging; create schema landing")
        corrected = columns_by_table(EXPECTATIONS, SQL)["core.corrected_value"]
        connection.execute(f"create table core.corrected_value ({listed(corrected)})")
        for name in STAGING:
            connection.execute(f"create table landing.{name} ({listed(landing_tables(SQL)[name])})")
            text = (SQL / "staging" / f"{name}.sql").read_text(encoding="utf-8")
            connection.execute(f"create view staging.{name} as {text}")
        yield connection


def listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def groups(connection: duckdb.DuckDBPyConnection, codes: list[str]) -> dict[str, str]:
    """Code -> the group in which a child of it counts."""
    connection.executemany(
        "insert into landing.sen2_person (file_id, person_record, ethnicity) values ('f', ?, ?)",
        list(enumerate(codes)),
    )
    sql = (SQL / "core" / "person.sql").read_text(encoding="utf-8")
    return dict(connection.sql(sql).project("ethnicity, ethnic_group").fetchall())


def test_each_code_of_the_list_counts_in_its_group(core: duckdb.DuckDBPyConnection) -> None:
    labels = sen2(PROJECT_ROOT).codes["Ethnicity"]
    found = groups(core, list(labels))
    assert found == {code: GROUPS[label] for code, label in labels.items()}


def test_the_groups_of_extended_codes_are_said_in_one_place(
    core: duckdb.DuckDBPyConnection,
) -> None:
    extended = sen2(PROJECT_ROOT).rolls_up["Ethnicity"]
    assert len(extended) > 60
    # The door rolls them up; a second list here could say otherwise, and did.
    assert set(groups(core, list(extended)).values()) == {"Unclassified"}


def test_a_corrected_code_counts_in_its_own_group(core: duckdb.DuckDBPyConnection) -> None:
    core.execute(
        "insert into core.corrected_value "
        "(file_id, module, record_number, column_name, corrected_text, is_applied) "
        "values ('f', 'person', 0, 'ethnicity', 'BAFR', true)"
    )
    assert groups(core, ["WBRI"]) == {"BAFR": "Black - Black African"}
