"""Every gate lets a sound release through and stops one in which its promise is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.ingest.reading import rules_version, version_of, without_rows
from pipelines.registry.across_rules import ACROSS_FINDING, across_finding_sql
from pipelines.registry.rules import RULE_FINDING, rule_finding_sql
from pipelines.registry.suites import suites
from pipelines.release import audit_log
from pipelines.release.files import sha256
from pipelines.release.gates import Gate, run_gates
from pipelines.release.reader import EVIDENCE, MANIFEST, OFFICER, PUBLIC, Release
from pipelines.settings import PROJECT_ROOT, Settings

EXPECTATIONS, SQL = PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql"
NAMES = ("files", "suites", "rules", "rows", "disclosure", "agreement")
FIGURE = (
    "create table marts.kpi_value as select kpi, area_code, 'flow' as period_kind, "
    "'2025' as period, 'All' as breakdown_topic, 'All' as breakdown, source, '2026' as vintage, "
    "cast(value as double) as value, value as numerator, 100 as denominator, "
    "cast(null as varchar) as symbol, cast(null as double) as previous_value, "
    "area_code as la_code, true as is_shown, true as is_newest_of_source, "
    "cast(null as varchar) as previous_vintage, cast(null as double) as change, "
    "cast(null as varchar) as file_id, cast(null as bigint) as row_number "
    "from (values ('transfers_in', 'X1', 'council', {own}), ('b', 'E1', 'dfe', {dfe})) "
    "as t(kpi, area_code, source, value)"
)
# What repeats figures, here without a row: the columns that the gate asks.
CELL = "kpi text, source text, vintage text, la_code text, area_code text, breakdown_topic text, "
CELL += "breakdown text, period_kind text, period text, value double, "
NEWEST = "newest_value double, newest_value_source text, newest_value_vintage text, "
NEWEST += "newest_value_period text, deciding_period text, deciding_value double"
SIDE = "claim_id text, area_key text, made_of text, role text, note text"
REPEATING = {
    "plan_value": CELL,
    "plan_action": CELL + NEWEST,
    "plan_milestone": CELL + NEWEST,
    "spc_point": CELL,
    "spc_series": CELL + "latest_period text, latest_value double",
    "forecast": CELL + "origin_period text, origin_value double",
    "forecast_score": CELL + "actual_value double",
    "claim_side": CELL + SIDE,
    "claim_figure": CELL + SIDE,
    "claim_evidence": CELL + SIDE,
    "finding_summary": "source text",
    "source_file": "source text, kind text, vintage text, file_id text, file_name text, "
    "archive_name text, sha256 text, kept_sha256 text, size_bytes int, row_count_in int, "
    "row_count_accepted int, row_count_quarantined int",
}
Change = Callable[[Path], None]


def run(path: Path, *statements: str) -> None:
    with closing(duckdb.connect(str(path))) as connection:
        for statement in statements:
            connection.execute(statement)


def read_with(folder: Path, version: str) -> None:
    """Let the council's own file be one that was read so."""
    with closing(duckdb.connect(str(folder / EVIDENCE))) as connection:
        text = "update evidence.evidence.file set reading_version = ? where source = 'council'"
        connection.execute(text, [version])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a sound release."""
    target = tmp_path / "releases" / "2026-01-01-abcdefgh"
    target.mkdir(parents=True)
    empty = [f"create table marts.{name} ({columns})" for name, columns in REPEATING.items()]
    run(target / PUBLIC, "create schema marts", FIGURE.format(own=40, dfe=50), *empty)
    run(target / OFFICER, "create schema marts", FIGURE.format(own=42, dfe=50))
    run(
        target / EVIDENCE,
        "create schema evidence.evidence",
        "create table evidence.evidence.check_result (table_name text, severity text, "
        "passed boolean)",
        "create table evidence.evidence.model_sql (table_name text, sql text)",
        "create table evidence.evidence.rule_finding (rule text)",
        "create table evidence.evidence.file (file_id text, row_count_in int, "
        "row_count_accepted int, row_count_quarantined int, source text, kind text, vintage text, "
        "reading_version text)",
        "insert into evidence.evidence.file values "
        "('f1', 10, 8, 2, 'council', 'sen2', '2026', null), "
        "('f2', 3, 3, 0, 'dfe', 'caseload', '2026', 'of no matter')",
    )
    read_with(target, version_of(PROJECT_ROOT))
    with closing(duckdb.connect(str(target / EVIDENCE))) as connection:
        judged = [[table] for table in suites(EXPECTATIONS, SQL)]
        insert = "insert into evidence.evidence.check_result values (?, 'critical', true)"
        connection.executemany(insert, judged)
        ran = [
            [RULE_FINDING, rule_finding_sql(EXPECTATIONS, SQL)],
            [ACROSS_FINDING, across_finding_sql(EXPECTATIONS, SQL)],
        ]
        connection.executemany("insert into evidence.evidence.model_sql values (?, ?)", ran)
    return target


def gates_of(folder: Path, tmp_path: Path) -> dict[str, Gate]:
    """Ask all gates of the release as its files lie there now, and as its build noted them."""
    files = {name: {"sha256": sha256(folder / name)} for name in (PUBLIC, OFFICER, EVIDENCE)}
    release = noted(folder, tmp_path, {"files": files, "row_counts": {"marts.kpi_value": 2}})
    found = run_gates(Settings(workspace=tmp_path / "workspace"), release, None)
    assert json.dumps([gate.as_json() for gate in found])
    return {gate.name: gate for gate in found}


def noted(folder: Path, tmp_path: Path, manifest: dict[str, Any]) -> Release:
    """A release whose manifest the audit log knows."""
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    seal = sha256(folder / MANIFEST)
    settings = Settings(workspace=tmp_path / "workspace")
    audit_log.note(settings, "build", release=folder.name, manifest_sha256=seal)
    return Release(folder.name, folder, manifest)


def test_a_sound_release_passes_every_gate(folder: Path, tmp_path: Path) -> None:
    found = gates_of(folder, tmp_path)
    assert tuple(found) == NAMES
    assert {name: gate.found for name, gate in found.items() if not gate.passed} == {}
    assert found["rows"].found == "13 rows in 2 tables received, all accounted for."
    assert found["rules"].found.endswith("Editions judged at the door, by the present rules: 1.")


def suite_lost(folder: Path) -> None:
    run(
        folder / EVIDENCE,
        "delete from evidence.evidence.check_result where table_name = 'marts.area'",
    )


def critical_failed(folder: Path) -> None:
    run(
        folder / EVIDENCE,
        "update evidence.evidence.check_result set passed = false where table_name = 'marts.area'",
    )


def rule_lost(folder: Path) -> None:
    run(
        folder / EVIDENCE,
        "update evidence.evidence.model_sql set sql = replace(sql, '''PUB-01''', '''PUB-00''')",
    )


def rule_across_returns_lost(folder: Path) -> None:
    run(
        folder / EVIDENCE,
        "update evidence.evidence.model_sql set sql = replace(sql, '''XRT-02 ', '''XRT-00 ')",
    )


def rule_asked_otherwise(folder: Path) -> None:
    run(folder / EVIDENCE, "update evidence.evidence.model_sql set sql = sql || ' -- otherwise'")


def read_under_older_rules(folder: Path) -> None:
    read_with(folder, "0" * 6 + version_of(PROJECT_ROOT)[6:])


def register_read_under_older_rules(folder: Path) -> None:
    run(
        folder / EVIDENCE,
        "update evidence.evidence.file set kind = 'establishment' where source = 'dfe'",
    )


def reading_half_done(folder: Path) -> None:
    run(folder / EVIDENCE, "update evidence.evidence.file set reading_version = null")


def row_lost(folder: Path) -> None:
    run(folder / EVIDENCE, "update evidence.evidence.file set row_count_accepted = 2")


def rows_not_counted(folder: Path) -> None:
    run(folder / EVIDENCE, "update evidence.evidence.file set row_count_in = null")


def own_figure_too_far(folder: Path) -> None:
    shown = "update marts.kpi_value set numerator = 45, value = 45 where source = 'council'"
    run(folder / PUBLIC, shown)


def own_figure_nobody_counted(folder: Path) -> None:
    run(folder / OFFICER, "update marts.kpi_value set numerator = null where source = 'council'")


def headline_rounded(folder: Path) -> None:
    """40 in place of 42 children: near enough for a rounded count, and wrong for an exact total."""
    for name in (PUBLIC, OFFICER):
        run(
            folder / name,
            "update marts.kpi_value set kpi = 'plans_maintained', period_kind = 'stock' "
            "where source = 'council'",
        )


def mean_differs(folder: Path) -> None:
    """40.0 weeks in place of 42.0, of the same number of cases."""
    for name in (PUBLIC, OFFICER):
        run(
            folder / name,
            "update marts.kpi_value set kpi = 'weeks_to_issue_median', numerator = null "
            "where source = 'council'",
        )


def repeated_otherwise(folder: Path) -> None:
    run(
        folder / PUBLIC,
        "insert into marts.plan_value by name select kpi, source, vintage, la_code, "
        "breakdown_topic, breakdown, period_kind, period, 41 as value from marts.kpi_value "
        "where source = 'council'",
    )


def file_counted_exactly(folder: Path) -> None:
    run(
        folder / PUBLIC,
        "insert into marts.source_file by name select 'council' as source, 'sen2' as kind, "
        "'2026' as vintage, 'sen2 2026' as file_name, 8181 as row_count_in",
    )


def published_figure_differs(folder: Path) -> None:
    run(folder / PUBLIC, "update marts.kpi_value set value = 50.1 where kpi = 'b'")


def symbol_differs(folder: Path) -> None:
    run(folder / PUBLIC, "update marts.kpi_value set symbol = 'c' where kpi = 'b'")


def figure_of_nowhere(folder: Path) -> None:
    run(folder / OFFICER, "delete from marts.kpi_value where kpi = 'b'")


@pytest.mark.parametrize(
    ("gate", "change", "said"),
    [
        ("suites", suite_lost, "not judged: 1 table, the first marts.area"),
        ("suites", critical_failed, "critical checks failed of marts.area"),
        ("rules", rule_lost, "not run: 1 rule, the first PUB-01"),
        ("rules", rule_across_returns_lost, "not run: 1 rule, the first XRT-02"),
        ("rules", rule_asked_otherwise, "otherwise than they stand here: the rules of core."),
        ("rules", read_under_older_rules, "older rules: 1 edition, the first sen2 2026. Run send"),
        ("rules", register_read_under_older_rules, "the first establishment 2026. Run send"),
        ("rules", reading_half_done, "older rules: 1 edition, the first sen2 2026. Run send"),
        ("rows", row_lost, "not accounted for: rows of 2 files, the first f1"),
        ("rows", rows_not_counted, "not accounted for: rows of 2 files"),
        ("disclosure", repeated_otherwise, "1 figure in other columns, the first in plan_value"),
        ("disclosure", file_counted_exactly, "the first in source_file.row_count"),
        (
            "agreement",
            own_figure_too_far,
            "contradicting the exact ones: 1 public figure, the first of transfers_in",
        ),
        ("agreement", own_figure_nobody_counted, "the first of transfers_in"),
        ("agreement", headline_rounded, "1 public figure, the first of plans_maintained"),
        ("agreement", mean_differs, "1 public figure, the first of weeks_to_issue_median"),
        ("agreement", published_figure_differs, "the first of b"),
        ("agreement", symbol_differs, "the first of b"),
        ("agreement", figure_of_nowhere, "the first of b"),
    ],
    ids=lambda item: item.__name__ if callable(item) else None,
)
def test_a_broken_promise_stops_at_its_gate_and_the_others_are_asked(
    folder: Path, tmp_path: Path, gate: str, change: Change, said: str
) -> None:
    change(folder)
    found = gates_of(folder, tmp_path)
    assert [name for name in NAMES if not found[name].passed] == [gate]
    assert said in found[gate].found


def test_files_that_are_not_as_built_are_not_asked_further(folder: Path, tmp_path: Path) -> None:
    built = {"sha256": sha256(folder / PUBLIC)}
    own_figure_too_far(folder)
    release = noted(folder, tmp_path, {"files": {PUBLIC: built}, "row_counts": {}})
    (gate,) = run_gates(Settings(workspace=tmp_path / "workspace"), release, None)
    assert (gate.name, gate.passed) == ("files", False)
    assert "public.duckdb is not the file that was built" in gate.found


def test_files_that_the_audit_log_does_not_know_are_not_asked_further(
    folder: Path, tmp_path: Path
) -> None:
    """Changed together with its hash in the manifest: nothing but the log can tell."""
    gates_of(folder, tmp_path)
    own_figure_too_far(folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][PUBLIC]["sha256"] = sha256(folder / PUBLIC)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    release = Release(folder.name, folder, manifest)
    (gate,) = run_gates(Settings(workspace=tmp_path / "workspace"), release, None)
    assert (gate.name, gate.passed) == ("files", False)
    assert gate.found == "manifest.json is not the one that was built, as the audit log shows"


def test_an_erasure_leaves_a_file_judged_by_the_rules_it_was_judged_by(
    folder: Path, tmp_path: Path
) -> None:
    now = version_of(PROJECT_ROOT)
    erased = without_rows(now, "somebody")
    assert (erased != now, len(erased)) == (True, len(now))
    assert without_rows(erased, "somebody else") not in {now, erased}
    assert erased.startswith(rules_version(PROJECT_ROOT))
    read_with(folder, erased)
    assert gates_of(folder, tmp_path)["rules"].passed
