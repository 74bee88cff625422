"""What a judgement returns becomes a table of the house, in the dictionary's types, or nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow as pa
import pytest

from pipelines.errors import RegistryError, SendError
from pipelines.judgement import make
from pipelines.judgement.make import Inputs, make_judgements
from pipelines.registry.house import house_models
from pipelines.registry.judgement import JUDGEMENTS, Judgement, judged_tables
from pipelines.registry.suites import suites
from pipelines.release.disclosure import public_marts
from pipelines.settings import PROJECT_ROOT


def made(monkeypatch: pytest.MonkeyPatch, table: pa.Table, name: str = "marts.spc_point") -> None:
    """One judgement is registered, and returns this table under this name."""
    module = ModuleType("a judgement")
    module.tables = lambda connection, inputs: {name: table}  # type: ignore[attr-defined]
    own = Judgement("a_judgement", ("marts.spc_point",), frozenset(), is_public=False)
    monkeypatch.setattr(make, "JUDGEMENTS", (own,))
    monkeypatch.setattr(make, "import_module", lambda name: module)


def run(*, is_public: bool = False) -> tuple[list[tuple[str, int]], duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    inputs = Inputs(PROJECT_ROOT, Path("860"), is_public=is_public)
    return list(make_judgements(connection, inputs)), connection


def test_columns_take_the_types_of_the_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    made(monkeypatch, pa.table({"kpi": ["a"], "centre_line": [1 / 3], "upper_limit": [None]}))
    counts, connection = run()
    assert counts == [("marts.spc_point", 1)]
    relation = connection.table("marts.spc_point")
    assert [str(kind) for kind in relation.types] == ["VARCHAR", "DECIMAL(18,6)", "DECIMAL(18,6)"]
    assert str(relation.fetchall()[0][1]) == "0.333333"


def test_a_column_that_the_dictionary_does_not_know_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made(monkeypatch, pa.table({"centre_lime": [1.0]}))
    with pytest.raises(RegistryError, match="did you mean 'centre_line'"):
        run()


def test_a_table_that_is_not_registered_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made(monkeypatch, pa.table({"kpi": ["a"]}), "marts.spc_dot")
    with pytest.raises(SendError, match=r"made marts\.spc_dot"):
        run()


def test_what_is_for_officers_is_not_made_for_the_public(monkeypatch: pytest.MonkeyPatch) -> None:
    made(monkeypatch, pa.table({"kpi": ["a"]}))
    assert run(is_public=True)[0] == []
    assert run()[0] == [("marts.spc_point", 1)]


@pytest.mark.parametrize("judgement", JUDGEMENTS, ids=lambda item: item.module)
def test_each_judgement_has_its_function_and_reads_what_there_is(judgement: Judgement) -> None:
    assert callable(import_module(f"pipelines.judgement.{judgement.module}").tables)
    earlier = judged_tables()[: judged_tables().index(judgement.tables[0])]
    known = {*house_models(PROJECT_ROOT), *earlier}
    assert judgement.reads | judgement.officer_reads <= known


@pytest.mark.parametrize(
    "judgement", [item for item in JUDGEMENTS if item.is_public], ids=lambda item: item.module
)
def test_a_public_judgement_rests_on_public_tables(judgement: Judgement) -> None:
    """Not on a table of core, which the public file does not hold, nor on one for officers."""
    for_officers = {name for item in JUDGEMENTS if not item.is_public for name in item.tables}
    in_public = {model.name for model in public_marts(PROJECT_ROOT)} | set(judged_tables())
    assert judgement.reads <= in_public - for_officers


def test_every_judged_table_has_a_suite() -> None:
    assert set(judged_tables()) <= set(suites(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql"))
