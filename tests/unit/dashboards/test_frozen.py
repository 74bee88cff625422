"""What a query says of a release that was built before the page that asks."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dashboards.queries.frozen import Key, frame_of
from pipelines.errors import InputError


@pytest.fixture
def key(tmp_path: Path) -> Key:
    path = tmp_path / "public.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create table marts.measure as select 1 as kpi")
    return Key("2026-01-01-abc", "cabinet", str(path))


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("select later_column from marts.measure", id="a column of later"),
        pytest.param("select kpi from marts.later_table", id="a table of later"),
    ],
)
def test_a_page_that_asks_for_more_than_a_release_holds_says_what_to_do(key: Key, sql: str) -> None:
    with pytest.raises(InputError, match="another version of the product") as met:
        frame_of(key, sql)
    assert key.release in met.value.where
    assert "send publish" in met.value.remedy


def test_what_it_holds_is_read_as_ever(key: Key) -> None:
    assert frame_of(key, "select kpi from marts.measure")["kpi"].tolist() == [1]
