"""Ten thousand faults in one file: the report stays readable, and nothing of it is lost."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.settings import PROJECT_ROOT, Settings
from tests.hostile.outcome import Outcome
from tests.hostile.returns import collect_files, collect_tables, marks, sen2_xml, zip_bytes

Attack = Callable[..., Outcome]
FAULTS = 10_000
READABLE_FINDINGS = 150
READABLE_LINES = 300
# No name, a need that is none, a decision before its request: each breaks a rule of its own.
BROKEN = {
    "PER-01": (r"<Surname>[^<]*", "<Surname>"),
    "ACT-08": (r"<SENtype>[^<]*", "<SENtype>QQQ"),
    "REQ-06": (r"<RequestOutcomeDate>[^<]*", "<RequestOutcomeDate>2025-01-02"),
}
KEYS_OF_A_FINDING = {"rule", "severity", "module", "row", "key", "columns", "message", "remedy"}


def faulty_return(people: int = FAULTS) -> str:
    text = sen2_xml(people)
    for pattern, instead in BROKEN.values():
        text = re.sub(pattern, instead, text)
    return text


def validate(path: Path, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`send validate` in a terminal that is 100 columns wide."""
    return subprocess.run(
        [sys.executable, "-m", "commands.cli", "validate", str(path), *words],
        cwd=PROJECT_ROOT,
        env=os.environ
        | {
            "SEND_WORKSPACE": str(tmp_path / "workspace"),
            "SEND_KEYS": str(tmp_path / "keys"),
            "COLUMNS": "100",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def faulty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faulty") / "return.xml"
    path.write_text(faulty_return())
    return path


def test_the_receipt_groups_and_counts_and_landing_holds_every_finding(
    attack: Attack, workspace: Settings
) -> None:
    outcome = attack(faulty_return(), "return.xml")
    assert outcome.is_landed
    assert len(outcome.findings) <= READABLE_FINDINGS
    counted = {found["rule"]: found["row_count"] for found in outcome.findings}
    assert {rule: counted.get(rule) for rule in BROKEN} == dict.fromkeys(BROKEN, FAULTS)
    (path,) = (workspace.landing / "record_finding").glob("*.parquet")
    listed = Counter(pq.read_table(path)["rule"].to_pylist())
    assert {rule: listed[rule] for rule in BROKEN} == dict.fromkeys(BROKEN, FAULTS)


def test_the_command_prints_what_can_be_read_and_writes_the_rest_to_a_file(
    faulty_file: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "every finding.csv"
    done = validate(faulty_file, tmp_path, "--out", str(whole))
    said = done.stdout + done.stderr
    assert done.returncode == 1, said[-2000:]
    assert len(said.splitlines()) < READABLE_LINES
    assert "10,000" in said
    assert whole.name in said.replace("\n", " ")
    assert not [rule for rule in BROKEN if rule not in said]
    assert not [mark for mark in marks(20) if mark in said]
    rows = list(csv.DictReader(whole.read_text(encoding="utf-8-sig").splitlines()))
    listed = Counter(row["rule"] for row in rows)
    assert {rule: listed[rule] for rule in BROKEN} == dict.fromkeys(BROKEN, FAULTS)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@\t\r\0")]


def test_the_json_lists_every_finding_with_all_that_helps(
    faulty_file: Path, tmp_path: Path
) -> None:
    done = validate(faulty_file, tmp_path, "--json")
    assert done.returncode == 1, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert {"file", "kind", "year", "rows", "accepted", "quarantined", "findings"} <= told.keys()
    assert told["kind"] == "sen2"
    assert {frozenset(found) for found in told["findings"]} == {frozenset(KEYS_OF_A_FINDING)}
    listed = Counter(found["rule"] for found in told["findings"])
    assert {rule: listed[rule] for rule in BROKEN} == dict.fromkeys(BROKEN, FAULTS)
    assert not [mark for mark in marks(20) if mark in done.stdout + done.stderr]
    for found in told["findings"][:: FAULTS // 50]:
        assert found["severity"] in {"error", "query", "warning", "info"}, found
        assert found["message"], found
        assert found["remedy"], found
        assert found["row"] is None or found["row"] > 0, found


def test_ten_thousand_rows_put_aside_are_told_once(attack: Attack, workspace: Settings) -> None:
    tables = collect_tables(FAULTS)
    for row in tables["senneed"]:
        row["activeplanstableid"] = "nowhere"
    outcome = attack(zip_bytes(collect_files(tables)), "export.zip")
    assert outcome.total("row_count_quarantined") >= FAULTS
    assert len(outcome.findings) <= READABLE_FINDINGS
    aside = [pq.read_table(p) for p in (workspace.landing / "quarantined_row").glob("*.parquet")]
    assert sum(table.num_rows for table in aside) == outcome.total("row_count_quarantined")


def test_ten_thousand_unknown_elements_are_told_in_a_few_lines(attack: Attack) -> None:
    unknown = "".join(f"<Unheard{number}/>" for number in range(FAULTS))
    outcome = attack(sen2_xml().replace("<RYA>", unknown + "<RYA>", 1), "return.xml")
    assert len(outcome.findings) <= READABLE_FINDINGS
