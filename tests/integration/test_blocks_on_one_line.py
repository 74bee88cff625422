"""A request with two blocks of a kind on one line: both land, each with a key; one counts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipelines.ingest.door import ingest
from pipelines.settings import PROJECT_ROOT, Settings
from tests.integration.person_level_files import EXAMPLE

BLOCKS = {"Assessment": "assessment", "ActivePlans": "active_plan"}


@pytest.fixture
def landed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The worked example without line ends, the first block of each kind there twice."""
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    text = re.sub(r">\s+<", "><", re.sub(r"(?s)<!--.*?-->", "", EXAMPLE.read_text("utf-8")))
    for element in BLOCKS:
        (block, *_) = re.findall(rf"<{element}>.*?</{element}>", text)
        text = text.replace(block, block + block, 1)
    path = tmp_path / "return.xml"
    path.write_text(text, encoding="utf-8")
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    (receipt,) = ingest([path], settings)
    assert receipt.status == "landed"
    return settings


def rows(settings: Settings, table: str) -> list[dict[str, Any]]:
    (path,) = settings.landing.glob(f"{table}/*.parquet")
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


@pytest.mark.parametrize("module", ["assessment", "named_plan", "active_plan"])
def test_every_block_lands_under_a_key_of_its_own(landed: Settings, module: str) -> None:
    suite = PROJECT_ROOT / "expectations" / "suites" / f"landing.sen2_{module}.yml"
    key = yaml.safe_load(suite.read_text(encoding="utf-8"))["key"]
    found = rows(landed, f"sen2_{module}")
    assert {row["row_number"] for row in found} == {1}
    requests = [row["request_record"] for row in found]
    assert len(requests) == len(set(requests)) + 1
    assert len({tuple(row[name] for name in key) for row in found}) == len(found)


@pytest.mark.parametrize("module", ["assessment", "named_plan", "active_plan"])
def test_the_first_block_of_a_request_counts(landed: Settings, module: str) -> None:
    found = rows(landed, f"sen2_{module}")
    sql = (PROJECT_ROOT / "sql" / "staging" / f"sen2_{module}.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("create schema landing")
        connection.register("found", pa.Table.from_pylist(found[::-1]))
        connection.table("found").create(f"landing.sen2_{module}")
        staged = connection.execute(sql).fetchall()
    assert len(staged) == len(found) - 1
    assert len({row[3] for row in staged}) == len(staged)


def test_a_rule_tells_of_the_second_block(landed: Settings) -> None:
    told = [row for row in rows(landed, "record_finding") if row["rule"] == "SEN-03"]
    assert len(told) >= len(BLOCKS)
