"""After an upgrade: what is held is read again by today's rules, from what is kept of it."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import door, landing, raw_store
from pipelines.ingest.again import read_again
from pipelines.ingest.door import ingest
from pipelines.ingest.intake import AGAIN, HELD, LANDED, REFUSED
from pipelines.registry.across_rules import ACROSS_FINDING, across_finding_sql
from pipelines.registry.rules import RULE_FINDING, rule_finding_sql
from pipelines.release.present_rules import asked_of
from pipelines.release.reader import EVIDENCE, Release
from pipelines.settings import PROJECT_ROOT, Settings
from tests.integration.person_level_files import EXAMPLE, rewritten, upn, xml
from tests.integration.test_person_level_door import Content, Stop, content, stop_at, written
from tests.unit.ingest.conftest import csv_bytes, row, zip_bytes
from tests.unit.ingest.test_gias import register

PEOPLE, CHOSEN = 6, 3
EARLY = "la_code,upn,support_kind,referral_date\n860,{},EAPDR,2025-09-15\n860,,APDR,2025-09-16\n"
RULE = "The SEN unit or the resourced provision indicator is missing, or neither 1 nor 0."
RULE_NOW = "It is not said whether it is a SEN unit or resourced provision."
# What says with which rules a file was read, and is another therefore.
OF_READING = {"received_file", "record_finding"}
# The header of a return counts the lines that are in the file.
ASIDE = {"row_number", "person_count"}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def before(tmp_path: Path) -> Settings:
    """Returns that share children, a table, the register, a zip of the DfE; no file is left."""
    files, made = tmp_path / "files", Settings(workspace=tmp_path / "workspace")
    files.mkdir()
    first, second = csv_bytes([row(ehcplans="1")]), csv_bytes([row(ehcplans="2")])
    for name, raw in {
        "register.csv": register({"LA (code)": "860"}),
        "one.zip": zip_bytes({"data/caseload.csv": first, "other/caseload.csv": second}),
        "one.xml": xml(PEOPLE),
        "two.xml": rewritten(xml(PEOPLE, first=2)),
        "early.csv": EARLY.format(upn(CHOSEN)).encode(),
    }.items():
        told = ingest([written(files / name, raw)], made)
        assert {each.status for each in told} == {LANDED}
    shutil.rmtree(files)
    return made


@pytest.fixture
def upgraded(before: Settings, tmp_path: Path) -> Settings:
    """The same workspace under a product with a rule of the door in other words."""
    root = tmp_path / "product"
    for name in ("sql", "expectations", "data/reference"):
        shutil.copytree(PROJECT_ROOT / name, root / name)
    path = root / "expectations" / "rules" / "sen2" / "setting.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(RULE) == 1
    path.write_text(text.replace(RULE, RULE_NOW), encoding="utf-8")
    return Settings(workspace=before.workspace, project_root=root)


def fault_of(settings: Settings, folder: Path) -> str:
    """What the gate for rules says of a release of all that is held."""
    folder.mkdir()
    expectations, sql = settings.project_root / "expectations", settings.project_root / "sql"
    texts = [
        [RULE_FINDING, rule_finding_sql(expectations, sql)],
        [ACROSS_FINDING, across_finding_sql(expectations, sql)],
    ]
    with closing(duckdb.connect(str(folder / EVIDENCE))) as connection:
        connection.execute("create schema evidence.evidence")
        connection.execute("create table evidence.evidence.rule_finding (rule text)")
        connection.execute("create table evidence.evidence.model_sql (table_name text, sql text)")
        connection.executemany("insert into evidence.evidence.model_sql values (?, ?)", texts)
        held = str(settings.landing / "received_file" / "*.parquet")
        connection.execute("create table evidence.evidence.file as from read_parquet(?)", [held])
    return asked_of(Release(folder.name, folder, {}), settings.project_root).fault


def said(found: Content) -> set[str]:
    return {row["message"] for row in found["record_finding"] if row["rule"] == "SET-07"}


def without(found: Content, names: set[str]) -> Content:
    return {table: rows for table, rows in found.items() if table not in names}


def accounts(found: Content) -> list[dict[str, object]]:
    left_out = {"reading_version"}
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for row in found["received_file"]
    ]


def apart_from_places(found: Content) -> dict[str, list[str]]:
    """The rows without their places: what is kept of a file is shorter after an erasure."""
    return {
        table: sorted(
            str({k: v for k, v in row.items() if k not in ASIDE and not k.endswith("_record")})
            for row in rows
        )
        for table, rows in without(found, OF_READING | {"finding"}).items()
    }


def test_what_the_gate_refuses_after_an_upgrade_is_read_again_from_what_is_kept(
    upgraded: Settings, tmp_path: Path
) -> None:
    held = content(upgraded)
    assert "send ingest --again" in fault_of(upgraded, tmp_path / "old")
    receipts, faults = read_again(upgraded)
    assert faults == []
    assert [each.status for each in receipts] == [AGAIN] * 6
    assert [each.kind for each in receipts[:3]] != [each.kind for each in receipts[3:]]
    found = content(upgraded)
    assert fault_of(upgraded, tmp_path / "new") == ""
    assert (said(held), said(found)) == ({RULE}, {RULE_NOW})
    assert without(found, OF_READING) == without(held, OF_READING)
    assert accounts(found) == accounts(held)
    assert read_again(upgraded) == ([], [])


def test_whoever_was_erased_stays_erased_and_the_others_keep_their_pseudonyms(
    upgraded: Settings,
) -> None:
    whole = content(upgraded)
    door.forget(upgraded, upn(CHOSEN))
    held = content(upgraded)
    people = [{row["pseudonym"] for row in found["sen2_person"]} for found in (whole, held)]
    (gone,) = people[0] - people[1]
    _, faults = read_again(upgraded)
    found = content(upgraded)
    assert faults == []
    assert gone not in str(found)
    assert {row["pseudonym"] for row in found["sen2_person"]} == people[1]
    assert apart_from_places(found) == apart_from_places(held)
    assert accounts(found) == accounts(held)


def test_a_stop_at_any_step_leaves_each_file_read_one_way_and_can_be_gone_on_with(
    upgraded: Settings, tmp_path: Path
) -> None:
    held = without(content(upgraded), OF_READING)
    stops = 0
    for number in itertools.count(1, 13):
        copy = tmp_path / str(number)
        shutil.copytree(upgraded.workspace, copy)
        settings = Settings(workspace=copy, project_root=upgraded.project_root)
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, number)
            try:
                read_again(settings)
            except Stop:
                stops += 1
            else:
                break
        landing.sweep(settings)
        assert without(content(settings), OF_READING) == held
        assert said(content(settings)) <= {RULE, RULE_NOW}
        assert read_again(settings)[1] == []
        assert without(content(settings), OF_READING) == held
        assert said(content(settings)) == {RULE_NOW}
    assert stops >= 3


def test_a_file_whose_kept_bytes_are_gone_is_named_and_read_once_it_is_offered_again(
    upgraded: Settings, tmp_path: Path
) -> None:
    held = content(upgraded)
    lost = next(row for row in held["received_file"] if row["file_name"] == "one.xml")
    raw_store.drop(upgraded, lost["kept_sha256"])
    receipts, (fault,) = read_again(upgraded)
    assert sorted(each.status for each in receipts) == sorted([AGAIN] * 5 + [REFUSED])
    assert (fault.where, "Ingest the file again" in fault.remedy) == (
        f"sen2 2026 ({lost['file_id'][:16]})",
        True,
    )
    assert without(content(upgraded), OF_READING) == without(held, OF_READING)
    (told,) = ingest([written(tmp_path / "one.xml", xml(PEOPLE))], upgraded)
    assert told.status == AGAIN
    assert fault_of(upgraded, tmp_path / "new") == ""


def test_lost_bytes_of_a_file_that_is_read_as_now_are_kept_again_when_it_is_offered(
    before: Settings, tmp_path: Path
) -> None:
    lost = next(row for row in content(before)["received_file"] if row["file_name"] == "one.xml")
    raw_store.drop(before, lost["kept_sha256"])
    (told,) = ingest([written(tmp_path / "one.xml", xml(PEOPLE))], before)
    assert told.status == HELD
    assert raw_store.load(before, lost["kept_sha256"]) == xml(PEOPLE)


def test_lost_bytes_of_a_published_file_come_back_when_it_is_offered(
    before: Settings, tmp_path: Path
) -> None:
    raw = register({"LA (code)": "860"})
    (held,) = (row for row in landing.received(before) if row["file_name"] == "register.csv")
    raw_store.drop(before, held["kept_sha256"])
    (told,) = ingest([written(tmp_path / "register.csv", raw)], before)
    assert told.status == HELD
    assert raw_store.load(before, held["kept_sha256"]) == raw


def test_the_command_prints_as_ingest_does_and_the_audit_log_has_it(
    run_send: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_COUNCIL", "999")
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    (first,) = ingest([EXAMPLE], settings)
    landing.outdate(settings, first.file_id or "", landing.received(settings))
    again = run_send(settings.workspace, "ingest", "--again", "--json")
    (told,) = json.loads(again.stdout)["files"]
    assert (told["status"], told["file_id"], told["rows"]) == (
        "read again",
        first.file_id,
        first.row_count_in,
    )
    wrong = [item for item in first.findings if item.severity == "error"]
    assert again.returncode == bool(wrong), again.stderr
    log = (settings.workspace / "log" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    noted = json.loads(log[-1])
    assert (noted["action"], noted["files"][0]["status"]) == ("ingest", "read again")
    nothing = run_send(settings.workspace, "ingest", "--again")
    assert (nothing.returncode, "nothing to read again" in nothing.stderr) == (0, True)


@pytest.mark.parametrize(
    "words", [(), ("--again", "inbox"), ("--again", "--in-year")], ids=["none", "path", "kind"]
)
def test_files_are_named_or_what_is_kept_is_read_again_and_not_both(
    run_send: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = run_send(tmp_path, "ingest", *words)
    assert done.returncode == 2
    assert "--again" in done.stderr
    assert not (tmp_path / "log").exists()
