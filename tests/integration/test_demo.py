"""`send demo`: from nothing to a published release of the sample county, and quickly again."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.conftest import SMALL_COUNTY


@pytest.fixture(scope="module")
def workspace(county_workspace: Path) -> Path:
    """What `send demo` made, by the words of SMALL_COUNTY, for all tests of the run."""
    return county_workspace


def landed(workspace: Path, table: str) -> duckdb.DuckDBPyRelation:
    return duckdb.read_parquet(str(workspace / "landing" / table / "*.parquet"))


def test_the_files_stay_in_the_inbox_for_a_visitor(workspace: Path) -> None:
    names = {path.name for path in (workspace / "inbox").iterdir()}
    assert {"sen2-2023.zip", "sen2-2024.xml", "sen2-2025.zip", "sen2-2026.xml"} <= names
    assert len(list((workspace / "inbox" / "in-year").iterdir())) == 36


def test_every_file_is_taken_in_and_every_row_accounted_for(workspace: Path) -> None:
    files = landed(workspace, "received_file")
    # One row for each module, so files are told apart by what they are an edition of.
    kinds = Counter(kind for kind, _ in files.project("kind, vintage").distinct().fetchall())
    assert kinds["sen2"] == 5
    assert kinds["sen2_in_year"] == 36
    assert kinds["census"] == 6
    assert kinds["ap_census"] == 2
    assert kinds["case_correction"] == kinds["finding_explanation"] == 1
    assert kinds["establishment"] == kinds["postcode_district"] == kinds["early_support"] == 1
    lost = files.filter(
        "row_count_in <> row_count_accepted + row_count_quarantined or row_count_quarantined > 0"
    )
    assert lost.fetchall() == []


def test_the_rules_find_what_was_planted(workspace: Path) -> None:
    """Each planted fault has a finding of its rule in its module, and no other record has one.

    Of the return that was sent twice, the newest edition counts.
    """
    planted = json.loads((workspace / "inbox" / "planted-faults.json").read_text())
    compared = 0
    for year, faults in planted.items():
        found = duckdb.sql(
            """
            select rule, count(distinct record_key)
            from read_parquet($findings) as finding
            inner join read_parquet($returns) as held using (file_id)
            inner join (
                select left(file_id, 16) as file_id, max(vintage_order) as vintage_order
                from read_parquet($files) group by all
            ) as edition using (file_id)
            where return_kind = 'annual' and return_year = $year
            group by rule, vintage_order
            qualify vintage_order = max(vintage_order) over ()
            """,
            params={
                "findings": str(workspace / "landing" / "record_finding" / "*.parquet"),
                "returns": str(workspace / "landing" / "sen2_return" / "*.parquet"),
                "files": str(workspace / "landing" / "received_file" / "*.parquet"),
                "year": int(year),
            },
        ).fetchall()
        by_rule = dict(found)
        wanted = Counter(fault["rule"] for fault in faults)
        compared += len(wanted)
        assert {rule: by_rule.get(rule, 0) for rule in wanted} == dict(wanted)
    assert compared > 60


def test_no_name_and_no_number_of_a_child_stands_in_landing(workspace: Path) -> None:
    person = landed(workspace, "sen2_person")
    assert not {"surname", "forename", "upn", "uln", "postcode"} & set(person.columns)
    assert person.filter("district_code is not null").count("*").fetchone() != (0,)


def test_the_release_says_that_it_is_a_sample_and_shows_staffordshire(workspace: Path) -> None:
    (release,) = [path for path in (workspace / "releases").iterdir() if path.is_dir()]
    with duckdb.connect(str(release / "public.duckdb"), read_only=True) as connection:
        facts = connection.table("marts.release").project("council, is_sample").fetchall()
        areas = dict(connection.table("marts.area").project("area_code, area_name").fetchall())
    assert facts == [("999", True)]
    assert areas["X99000999"] == "Sample county"
    assert areas["E10000028"] == "Staffordshire"
    approval = json.loads((release / "approval.json").read_text())
    assert approval["approved_by"] == "sample data (automatic)"


@pytest.fixture(scope="module")
def officers(workspace: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (release,) = [path for path in (workspace / "releases").iterdir() if path.is_dir()]
    with duckdb.connect(str(release / "officer.duckdb"), read_only=True) as connection:
        yield connection


def test_the_restated_return_stands_beside_the_first_and_counts(
    officers: duckdb.DuckDBPyConnection,
) -> None:
    rows = officers.execute(
        "select vintage, value, is_shown from marts.kpi_value where kpi = 'plans_maintained' "
        "and source = 'council' and period = '2025-01' and breakdown_topic = 'All' "
        "and vintage in ('2025', '2025-r2') order by vintage"
    ).fetchall()
    assert [vintage for vintage, _, _ in rows] == ["2025", "2025-r2"]
    assert rows[0][1] < rows[1][1]
    assert not rows[0][2]


def test_every_explanation_of_the_county_explains_a_finding(
    officers: duckdb.DuckDBPyConnection,
) -> None:
    rows = officers.execute(
        "select rule, bool_and(names_a_finding) from cases.finding_explanation group by rule"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(("ACT-13", "PER-08", "PLN-15", "SET-15"), True)
    (explained,) = officers.execute(
        "select count(*) from cases.record_finding where finding_status = 'explained'"
    ).fetchall()
    assert explained[0] >= len(rows)


def test_corrections_are_applied_and_one_finds_no_child(
    officers: duckdb.DuckDBPyConnection,
) -> None:
    rows = officers.execute(
        "select correction_status, count(*) from cases.case_correction group by all"
    ).fetchall()
    found = dict(rows)
    assert found.pop("no_such_child") == 1
    assert found.keys() == {"applied"}


def test_the_plan_of_the_county_has_milestones_of_every_status(
    officers: duckdb.DuckDBPyConnection,
) -> None:
    rows = officers.execute("select distinct milestone_status from marts.plan_milestone").fetchall()
    assert {"met", "missed", "not_yet_due", "not_measured"} <= {status for (status,) in rows}


def test_a_second_run_makes_nothing_anew(
    workspace: Path, run_send: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    stamp = (workspace / "inbox" / "sen2-2026.xml").stat().st_mtime_ns
    releases = sorted((workspace / "releases").iterdir())
    again = run_send(workspace, *SMALL_COUNTY, "--workspace", str(workspace))
    assert again.returncode == 0, again.stderr
    assert "Making" not in again.stderr
    assert "Building" not in again.stderr
    assert (workspace / "inbox" / "sen2-2026.xml").stat().st_mtime_ns == stamp
    assert sorted((workspace / "releases").iterdir()) == releases
