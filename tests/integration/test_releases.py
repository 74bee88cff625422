"""The life of releases through the command: build, publish, read, verify, roll back, fail."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import FailedCheckError
from pipelines.release import build
from pipelines.release.audit_check import records_of
from pipelines.release.build import make_release, release_of_inputs
from pipelines.release.code import UNKNOWN
from pipelines.release.inputs import stock_of_build, take_stock
from pipelines.release.reader import (
    EVIDENCE,
    OFFICER,
    PUBLIC,
    all_releases,
    connect,
    find_release,
)
from pipelines.release.row_proof import rows_of, stated_by
from pipelines.settings import Settings

Run = Callable[..., subprocess.CompletedProcess[str]]
APPROVAL = ("--approved-by", "strategy officer", "--reason", "A reason long enough", "--yes")


@pytest.fixture
def workspace(sample_workspace: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    copy = tmp_path / "work space"
    shutil.copytree(sample_workspace, copy)
    return copy


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def current(workspace: Path) -> str:
    return (workspace / "releases" / "CURRENT").read_text().strip()


def test_without_a_release_the_remedy_is_named(run_send: Run, tmp_path: Path) -> None:
    done = run_send(tmp_path, "kpi", "--json")
    assert done.returncode == 2
    assert "send build" in done.stderr
    assert done.stdout == ""


def test_a_build_of_unchanged_inputs_makes_no_release(run_send: Run, workspace: Path) -> None:
    before = sorted(path.name for path in (workspace / "releases").iterdir())
    done = run_send(workspace, "build")
    assert done.returncode == 0
    assert "Nothing has changed" in done.stderr
    assert sorted(path.name for path in (workspace / "releases").iterdir()) == before


def test_the_first_page_is_true_without_any_file(run_send: Run, workspace: Path) -> None:
    values = document(run_send(workspace, "kpi", "mainstream_share", "--area", "860", "--json"))
    shares = {value["period"]: value["value"] for value in values["values"]}
    assert shares["2022-01"] == 29.7
    assert shares["2026-01"] == 35.1
    one = next(value for value in values["values"] if value["period"] == "2026-01")
    assert one == {
        "kpi": "mainstream_share",
        "title": one["title"],
        "unit": "percent",
        "la_code": "860",
        "area_code": "E10000028",
        "area_name": "Staffordshire",
        "period": "2026-01",
        "period_label": "January 2026",
        "breakdown_topic": "All",
        "breakdown": "All",
        "numerator": 3505,
        "denominator": 9979,
        "value": 35.1,
        "symbol": None,
        "source": "dfe",
        "vintage": "2026",
        "file_id": one["file_id"],
    }
    assert re.fullmatch(r"[0-9a-f]{16}", one["file_id"]), "a file's 16 digits"


def test_the_table_prints_a_value_with_the_decimals_of_its_measure(
    run_send: Run, workspace: Path
) -> None:
    values = document(run_send(workspace, "kpi", "mainstream_share", "--json"))["values"]
    whole = next(value for value in values if value["value"] == int(value["value"] or 0.5))
    words = ("kpi", "mainstream_share", "--area", whole["area_code"], "--period", whole["period"])
    printed = run_send(workspace, *words).stdout
    assert f" {whole['value']:.1f} " in printed


def test_filters_choose_area_period_and_edition(run_send: Run, workspace: Path) -> None:
    words = ("kpi", "mainstream_share", "--area", "E92000001", "--period", "2025-01", "--json")
    shown = document(run_send(workspace, *words))["values"]
    assert [(value["vintage"], value["value"]) for value in shown] == [("2026", 43.8)]
    every = document(run_send(workspace, *words, "--all-vintages"))["values"]
    assert [(value["vintage"], value["value"]) for value in every] == [
        ("2025", 43.6),
        ("2026", 43.8),
    ]
    older = document(run_send(workspace, *words, "--vintage", "2025"))["values"]
    assert [value["value"] for value in older] == [43.6]


def test_the_table_prints_what_the_page_prints(run_send: Run, workspace: Path) -> None:
    words = ("kpi", "mainstream_share", "--area", "860", "--period", "2026-01")
    (line,) = run_send(workspace, *words).stdout.splitlines()[1:]
    assert line.split()[-4:] == ["35.1", "9,979", "dfe", "2026"]


def test_an_unknown_measure_names_the_nearest(run_send: Run, workspace: Path) -> None:
    done = run_send(workspace, "kpi", "mainstream_shares")
    assert done.returncode == 2
    assert "did you mean 'mainstream_share'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--approved-by", " ", "--reason", "A reason long enough", "--yes"),
        ("--approved-by", "strategy officer", "--reason", "short", "--yes"),
        ("--approved-by", "strategy officer", "--reason", "A reason long enough"),
    ],
)
def test_publishing_wants_a_name_a_reason_and_a_yes(
    run_send: Run, workspace: Path, words: tuple[str, ...]
) -> None:
    pointer = workspace / "releases" / "CURRENT"
    pointer.unlink()
    assert run_send(workspace, "publish", *words).returncode == 2
    assert not pointer.exists()


def test_a_release_is_listed_shown_and_verified(run_send: Run, workspace: Path) -> None:
    name = current(workspace)
    listed = document(run_send(workspace, "releases", "list", "--json"))["releases"]
    assert [(item["release"], item["is_current"]) for item in listed] == [(name, True)]
    shown = document(run_send(workspace, "releases", "show", name, "--json"))
    assert shown["row_counts"]["marts.kpi_value"] > 1000
    assert shown["approval"]["approved_by"] == "sample data (automatic)"
    assert [gate["passed"] for gate in shown["approval"]["gates"]] == [True] * 7
    assert shown["difference"]["before"] is None
    verified = document(run_send(workspace, "releases", "verify", name, "--json"))
    assert (verified["faults"], verified["audit_log"]["faults"]) == ([], [])
    assert verified["audit_log"]["heads_compared"] >= 2


def test_a_changed_file_is_found_and_not_published(run_send: Run, workspace: Path) -> None:
    name = current(workspace)
    public = workspace / "releases" / name / "public.duckdb"
    with public.open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"\x00\x01\x02")
    assert run_send(workspace, "releases", "verify", name).returncode == 1
    done = run_send(workspace, "publish", *APPROVAL)
    assert done.returncode == 1
    assert "public.duckdb is not the file that was built" in done.stderr


def test_rollback_brings_the_earlier_figures_back(
    run_send: Run, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = current(workspace)
    before = run_send(workspace, "kpi", "--json").stdout
    _receive_a_file(run_send, workspace, tmp_path)
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", str(tmp_path))
        without_git.delenv("SEND_CODE_VERSION", raising=False)
        built = run_send(workspace, "build")
    assert built.returncode == 0
    assert UNKNOWN in built.stderr, "that it cannot be rebuilt later is said when it is built"
    assert run_send(workspace, "kpi", "--json").stdout == before, "a build changed what people read"
    published = run_send(workspace, "publish", *APPROVAL)
    assert published.returncode == 0
    assert UNKNOWN in published.stderr, "and to whoever approves it"
    assert current(workspace) != first
    assert run_send(workspace, "releases", "rollback", first, *APPROVAL).returncode == 0
    assert run_send(workspace, "kpi", "--json").stdout == before
    acts = [record["action"] for record in records_of(Settings(workspace=workspace))]
    assert acts == ["build", "publish", "ingest", "build", "publish", "rollback"]
    assert document(run_send(workspace, "releases", "verify", "--json"))["audit_log"]["number"] == 6


def _receive_a_file(run_send: Run, workspace: Path, tmp_path: Path) -> None:
    page = tmp_path / "any name.csv"
    page.write_text(
        "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
        "region_name,old_la_code,new_la_code,la_name,age_group,population_estimate\n"
        "2024,Reporting year,Local authority,E92000001,England,E12000005,West Midlands,"
        "860,E10000028,Staffordshire,Children aged 0 to 17 years,174804\n"
    )
    done = run_send(workspace, "ingest", str(page))
    assert done.returncode == 0, done.stderr


def test_a_file_that_arrives_during_a_build_waits_for_the_next(workspace: Path) -> None:
    settings = Settings(workspace=workspace)
    started = take_stock(settings)
    received = workspace / "landing" / "received_file"
    shutil.copy(received / "reference.parquet", received / "0123456789abcdef.parquet")
    assert stock_of_build(settings) == started
    assert "0123456789abcdef" not in str(started.landing_files)
    assert make_release(settings).manifest["input_key"] == started.key
    assert release_of_inputs(settings) is None, "the next build must take the file in"


@pytest.mark.parametrize(
    ("name", "table"),
    [
        (PUBLIC, "marts.kpi_value"),
        (OFFICER, "marts.kpi_value"),
        (EVIDENCE, "evidence.evidence.model_sql"),
    ],
)
def test_a_file_that_lost_rows_between_writing_and_signing_makes_no_release(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, name: str, table: str
) -> None:
    settings = Settings(workspace=workspace)
    shutil.rmtree(settings.releases)
    take_stock(settings)
    noted = len(records_of(settings))

    def lose(folder: Path) -> None:
        with duckdb.connect(str(folder / name)) as connection:
            connection.execute(f"delete from {table} where rowid = 0")  # noqa: S608

    monkeypatch.setattr(build, "write_parts", lose)
    with pytest.raises(
        FailedCheckError, match=rf" made: {name}: \S+ holds [\d,]+ rows, and [\d,]+ were"
    ):
        make_release(settings)
    assert all_releases(workspace) == []
    assert len(records_of(settings)) == noted


def test_the_manifest_has_the_rows_of_all_three_files(workspace: Path) -> None:
    release = find_release(workspace, current(workspace))
    stated = stated_by(release.manifest)
    assert list(stated) == [PUBLIC, EVIDENCE, OFFICER]
    for name, rows in stated.items():
        path = release.folder / name
        with closing(connect(path)) as connection:
            assert rows_of(connection, path.stem) == rows
    assert stated[EVIDENCE]["evidence.model_sql"] > 100
    assert stated[OFFICER]["marts.kpi_value"] == stated[PUBLIC]["marts.kpi_value"]


def test_a_second_build_at_the_same_time_is_refused(run_send: Run, workspace: Path) -> None:
    with (workspace / "warehouse" / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        received = workspace / "landing" / "received_file"
        shutil.copy(received / "reference.parquet", received / "0123456789abcdef.parquet")
        done = run_send(workspace, "build")
    assert done.returncode == 1
    assert "another build of this workspace is running" in done.stderr


def test_a_damaged_release_beside_the_current_one_harms_nobody(
    run_send: Run, workspace: Path
) -> None:
    damaged = workspace / "releases" / "2020-01-01-damaged"
    damaged.mkdir()
    (damaged / "manifest.json").write_text('{"built_at": "2020')
    assert run_send(workspace, "kpi", "plans_maintained", "--json").returncode == 0
    listed = document(run_send(workspace, "releases", "list", "--json"))
    assert listed["unreadable"] == ["2020-01-01-damaged"]
    done = run_send(workspace, "releases", "show", "2020-01-01-damaged")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_publishing_what_readers_see_already_changes_nothing(
    run_send: Run, workspace: Path
) -> None:
    log = (workspace / "log" / "audit.jsonl").read_text()
    done = run_send(workspace, "publish", *APPROVAL)
    assert done.returncode == 0
    assert "already" in done.stderr
    assert (workspace / "log" / "audit.jsonl").read_text() == log


def test_a_build_that_is_out_of_date_is_not_published(run_send: Run, workspace: Path) -> None:
    received = workspace / "landing" / "received_file"
    shutil.copy(received / "reference.parquet", received / "0123456789abcdef.parquet")
    done = run_send(workspace, "publish", *APPROVAL)
    assert done.returncode == 2
    assert "send build" in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--area", "86O", "there is no area '86O'"),
        ("--period", "2025-1", "did you mean '2025-01'"),
        ("--source", "df", "did you mean 'dfe'"),
        ("--vintage", "1999", "there is no edition '1999'"),
        ("--breakdown", "Agee", "there is no breakdown 'Agee'"),
    ],
)
def test_a_filter_that_names_nothing_is_an_error(
    run_send: Run, workspace: Path, option: str, value: str, hint: str
) -> None:
    done = run_send(workspace, "kpi", option, value, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr


def test_an_unwritable_workspace_is_an_error_in_words(run_send: Run) -> None:
    done = run_send(Path("/proc/nowhere"), "build")
    assert done.returncode == 2
    assert "What to do" in done.stderr
    assert "Traceback" not in done.stderr


def test_files_of_a_release_are_for_the_owner_only(workspace: Path) -> None:
    folder = workspace / "releases" / current(workspace)
    paths = [folder, folder.parent, *folder.iterdir()]
    modes = {path.name: path.stat().st_mode & 0o077 for path in paths}
    assert len(modes) >= 6
    assert set(modes.values()) == {0}
    assert not list(folder.glob("*.wal"))
