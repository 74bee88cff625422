"""Every record rule fires on its faulty examples and is silent on its sound ones, in its own frame.

The examples stand in the rules (expectations/rules/sen2/*.yml), where somebody who reads no SQL
can check them. The frame is the real one, on a desk without rows, so names and types are its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from string import Template
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.ingest.desk import Reference, Setting, desk
from pipelines.ingest.modules import Modules
from pipelines.registry.record_rules import RecordRule, sen2_rules
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT

RULES = sen2_rules(PROJECT_ROOT)
SEN2 = sen2(PROJECT_ROOT)
NOTHING = Reference(*(pa.table({}) for _ in dataclasses.fields(Reference)))
# Rules that hold rows of several returns against each other run over the warehouse.
NUMBERED_IN_A_FILE = {"HDR": 9, "PER": 18, "REQ": 21, "ASM": 15, "PLN": 15, "SET": 19, "ACT": 20}


@pytest.fixture(scope="module")
def empty_desk() -> Iterator[duckdb.DuckDBPyConnection]:
    modules = Modules("sen2", "xml", {}, {})
    setting = Setting("860", "file", 2026, date(2026, 1, 15), False)
    with desk(modules, SEN2.modules, SEN2.patterns, NOTHING, setting) as connection:
        for name, frame in RULES.frames.items():
            sql = Template(frame).substitute(RULES.words_in(2026))
            connection.execute(f"create temp table frame_{name} as {sql} limit 0")
        yield connection


def cases() -> Iterator[Any]:
    for rule in RULES.rules:
        for frame in rule.frame:
            yield pytest.param(rule, frame, id=f"{rule.id}, {rule.title}, {frame}")


def fires(
    connection: duckdb.DuckDBPyConnection, rule: RecordRule, frame: str, row: dict[str, Any]
) -> bool:
    """Whether the predicate is true for a row of the frame; columns left out are empty."""
    types = dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ?",
            [f"frame_{frame}"],
        ).fetchall()
    )
    cells = ", ".join(f"cast(? as {kind}) as {name}" for name, kind in types.items())
    words = RULES.words_in(rule.years[0] if rule.years else 2026)
    predicate = Template(rule.predicate).substitute(words)
    found = connection.execute(
        f"select count(*) from (select {cells}) as frame_row where {predicate}",  # noqa: S608
        [row.get(name) for name in types],
    ).fetchone()
    return found == (1,)


@pytest.mark.parametrize(("rule", "frame"), list(cases()))
def test_a_rule_fires_on_its_faulty_rows_and_on_no_sound_one(
    empty_desk: duckdb.DuckDBPyConnection, rule: RecordRule, frame: str
) -> None:
    for row in rule.examples.faulty:
        assert fires(empty_desk, rule, frame, row), f"silent on {row}"
    for row in rule.examples.sound:
        assert not fires(empty_desk, rule, frame, row), f"fires on {row}"


def test_every_numbered_rule_of_one_file_is_there() -> None:
    numbered = {
        f"{group}-{n:02d}" for group, last in NUMBERED_IN_A_FILE.items() for n in range(1, last + 1)
    }
    assert len(numbered) == 117
    assert {rule.id for rule in RULES.rules} - {"SEN-01", "SEN-02", "SEN-03"} == numbered


def test_no_message_or_remedy_is_used_twice() -> None:
    """A case officer can tell by the words alone which rule spoke."""
    messages = [rule.message for rule in RULES.rules]
    assert len(messages) == 130
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_codes_and_severities_follow_the_year(year: int) -> None:
    words = RULES.words_in(year)
    assert ("'OTH'" in words["codes_SENsetting"]) == (year >= 2024)
    assert ("'DS'" in words["codes_SENtype"]) == (year >= 2025)
    source = next(rule for rule in RULES.rules if rule.id == "REQ-16")
    assert source.holds_in(year) == (year >= 2025)
    assert source.severity_in(year) == ("error" if year >= 2026 else "query")
