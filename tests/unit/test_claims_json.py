"""The JSON of `send claims` repeats marts.claim and marts.claim_evidence, and judges nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb
import pytest

from pipelines.release.claims_json import claims_document

KEYS = {"id", "source", "date", "statement", "verdict", "reason", "needs"}
LISTS = {"stated", "measured", "like_for_like", "evidence"}

TABLES = """
create schema marts;
create table marts.claim as
select * from (values
    ('C02', '004: A page', null, 'Not testable.', 'not_testable', 'Because.', 'A return.'),
    ('C01', '003: A page', '2024-01-24', 'Tested.', 'confirmed', 'Because.', null)
) as t (claim_id, source_document, statement_date, statement, verdict, verdict_reason, needs);
create table marts.claim_evidence (
    claim_id varchar, position bigint, role varchar, kpi varchar, la_code varchar,
    area_code varchar, area_name varchar, period varchar, period_label varchar,
    stated_text varchar, stated_value decimal(18, 6), value decimal(18, 6), unit varchar,
    symbol varchar, vintage varchar, source varchar, file_id varchar, row_number bigint,
    note varchar
);
insert into marts.claim_evidence (claim_id, position, role, value, symbol) values
    ('C01', 3, 'evidence', null, 'x'),
    ('C01', 2, 'measured', 32.8, null),
    ('C01', 4, 'evidence', 8461, null);
insert into marts.claim_evidence (claim_id, position, role, stated_text, stated_value) values
    ('C01', 1, 'stated', 'about a third', 33);
"""


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute(TABLES)
    yield connection
    connection.close()


def test_each_claim_has_the_agreed_keys_in_the_order_of_ids(
    release: duckdb.DuckDBPyConnection,
) -> None:
    document = claims_document(release, "r1")
    assert document["release"] == "r1"
    assert [claim["id"] for claim in document["claims"]] == ["C01", "C02"]
    assert all(set(claim) == KEYS | LISTS for claim in document["claims"])


def test_rows_stand_under_their_role_in_their_order(release: duckdb.DuckDBPyConnection) -> None:
    first, second = claims_document(release, "r1")["claims"]
    assert [row["value"] for row in first["evidence"]] == [None, 8461]
    assert first["evidence"][0]["symbol"] == "x"
    assert [row["stated_value"] for row in first["stated"]] == [33]
    assert all(second[name] == [] for name in LISTS)
    assert (second["date"], second["needs"]) == (None, "A return.")


def test_the_document_is_json_with_whole_numbers_whole(
    release: duckdb.DuckDBPyConnection,
) -> None:
    text = json.dumps(claims_document(release, "r1"))
    assert '"value": 8461,' in text
    assert '"value": 32.8,' in text
