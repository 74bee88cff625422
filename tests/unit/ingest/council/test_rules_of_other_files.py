"""Rules for the census, the register, the council's returns and the inspection lists.

Each fires on its faulty examples and is silent on its sound ones, in its own frame on a desk
without rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date
from string import Template
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.ingest.desk import Reference, Setting, desk
from pipelines.ingest.judge import judge
from pipelines.ingest.modules import Modules
from pipelines.registry.census import census, census_rules
from pipelines.registry.council_returns import council_returns, council_rules
from pipelines.registry.gias import gias, gias_rules
from pipelines.registry.inspection import inspection, sector_rules
from pipelines.registry.record_rules import RecordRule, RuleBook
from pipelines.registry.sen2 import Module
from pipelines.settings import PROJECT_ROOT as ROOT

Described = tuple[RuleBook, Mapping[str, Module], Mapping[str, str]]
FAMILIES: Mapping[str, Described] = {
    "census": (census_rules(ROOT), census(ROOT).described, census(ROOT).patterns),
    "gias": (gias_rules(ROOT), gias(ROOT).modules, gias(ROOT).patterns),
    "council": (council_rules(ROOT), council_returns(ROOT).modules, council_returns(ROOT).patterns),
    "annex_a": (sector_rules(ROOT), inspection(ROOT).modules, inspection(ROOT).patterns),
}
NOTHING = Reference(*(pa.table({}) for _ in dataclasses.fields(Reference)))
# The fourteen school census rules whose numbers were seen in public.
# So that a child counts once, and that no need, status or provision is lost unseen.
OWN_CENSUS_RULES = {"SCX-01", "SCX-02", "SCX-03", "SCX-04"}
CENSUS_NUMBERS = {
    *(1500, 1510, 1520, 1530, 1570, 1762, 1763),
    *(1880, 1920, 1925, 2360, 2361, 2363, 2364),
}
LIST_1 = "101a 101b 101c 101d 102a 102b 103 104 105a 105b 105c 105d 106a 106b 107 108a 108b 109 112"
LIST_2 = "201a 201b 201c 201d 202a 202b 203 205a 207 208a 208b 209"


@pytest.fixture(scope="module")
def desks() -> Iterator[Mapping[str, duckdb.DuckDBPyConnection]]:
    """An empty desk of each family, with its frames as tables without rows."""
    setting = Setting("999", "file", 2026, date(2026, 1, 15), False)
    found = {}
    opened = []
    for family, (book, modules, patterns) in FAMILIES.items():
        opened.append(desk(Modules(family, "", {}, {}), modules, patterns, NOTHING, setting))
        found[family] = opened[-1].__enter__()
        for name, frame in book.frames.items():
            sql = Template(frame).substitute(book.words_in(None))
            found[family].execute(f"create temp table frame_{name} as {sql} limit 0")
    yield found
    for each in opened:
        each.__exit__(None, None, None)


def cases() -> Iterator[Any]:
    for family, (book, _, _) in FAMILIES.items():
        for rule in book.rules:
            yield pytest.param(family, rule, id=rule.id)


def fires(
    connection: duckdb.DuckDBPyConnection, book: RuleBook, rule: RecordRule, row: dict[str, Any]
) -> bool:
    types = dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ?",
            [f"frame_{rule.frame[0]}"],
        ).fetchall()
    )
    cells = ", ".join(f"cast(? as {kind}) as {name}" for name, kind in types.items())
    predicate = Template(rule.predicate).substitute(book.words_in(None))
    found = connection.execute(
        f"select count(*) from (select {cells}) as frame_row where {predicate}",  # noqa: S608
        [row.get(name) for name in types],
    ).fetchone()
    return found == (1,)


@pytest.mark.parametrize(("family", "rule"), list(cases()))
def test_a_rule_fires_on_its_faulty_rows_and_on_no_sound_one(
    desks: Mapping[str, duckdb.DuckDBPyConnection], family: str, rule: RecordRule
) -> None:
    book = FAMILIES[family][0]
    for row in rule.examples.faulty:
        assert fires(desks[family], book, rule, row), f"silent on {row}"
    for row in rule.examples.sound:
        assert not fires(desks[family], book, rule, row), f"fires on {row}"


def test_the_census_rules_seen_in_public_are_there_under_their_numbers() -> None:
    ids = {rule.id for rule in FAMILIES["census"][0].rules}
    assert ids == {f"SC-{number}" for number in CENSUS_NUMBERS} | OWN_CENSUS_RULES


def test_a_number_that_wales_may_have_given_is_asked_about_and_is_no_error() -> None:
    book, described, patterns = FAMILIES["census"]
    keys = {"record": [1, 2], "parent": [1, 1], "row_number": [2, 3]}
    # One of the sample county, and one of Wrexham (665), each with its right letter.
    pupils = pa.table(keys | {"upn": ["L999400122101", "C665400122101"]})
    census_rows = {"record": [1], "parent": pa.nulls(1, pa.int64()), "row_number": [2]}
    tables = {"schoolcensus": pa.table(census_rows), "pupil_on_roll": pupils}
    setting = Setting("999", "file", 2026, date(2026, 1, 15), False)
    with desk(Modules("census", "", tables, {}), described, patterns, NOTHING, setting) as opened:
        found = judge(opened, book).to_pylist()
    told = [(row["severity"], row["row_number"]) for row in found if row["rule"] == "SC-1530"]
    assert told == [("query", 3)]
    assert "SC-1510" not in {row["rule"] for row in found}


def test_the_sector_rules_are_there_under_their_numbers() -> None:
    ids = [rule.id for rule in FAMILIES["annex_a"][0].rules]
    assert ids == [f"AXA-{number}" for number in f"{LIST_1} {LIST_2}".split()]


def test_no_rule_is_called_one_of_the_dfe() -> None:
    texts = [rule.source + rule.title for book, _, _ in FAMILIES.values() for rule in book.rules]
    assert len(texts) == 93
    assert not [text for text in texts if "DfE rule" in text]
