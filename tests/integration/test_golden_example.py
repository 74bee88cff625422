"""The worked example of the SEN2 return, by the real commands, gives its table of expected results.

Nine people of an invented county; five schools that never were. What each measure should be was
worked out by hand in the specification of the return, before any of this was written.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.release.reader import Release, connect, current_release
from pipelines.settings import PROJECT_ROOT

EXAMPLE = PROJECT_ROOT / "tests" / "fixtures" / "sen2_example_2026.xml"
GIAS_COLUMNS = PROJECT_ROOT / "data" / "sample" / "gias_columns.txt"
# URN -> type in GIAS: mainstream academy, special academy, community, community special, college.
SCHOOLS = {"900001": "34", "900002": "44", "900003": "01", "900004": "07", "900005": "18"}
APPROVAL = ("--approved-by", "strategy officer", "--reason", "The worked example", "--yes")
Send = Callable[..., subprocess.CompletedProcess[str]]

# Measure, period -> numerator, denominator, value: the table of the specification, line by line.
EXPECTED = {
    ("requests_received", "2025"): (7, None, 7),
    ("requests_assessed_share", "2025"): (5, 7, 71.4),
    ("requests_refused_share", "2025"): (1, 7, 14.3),
    ("requests_outstanding_share", "2025"): (1, 7, 14.3),
    ("requests_withdrawn_share", "2025"): (0, 7, 0),
    ("decisions_within_6_weeks_share", "2025"): (5, 6, 83.3),
    ("assessments_completed", "2025"): (5, None, 5),
    ("assessments_plan_issued_share", "2025"): (2, 5, 40),
    ("assessments_not_issued_share", "2025"): (1, 5, 20),
    ("assessments_withdrawn_share", "2025"): (1, 5, 20),
    ("assessments_undecided_share", "2025"): (1, 5, 20),
    ("refusals_within_16_weeks_share", "2025"): (1, 1, 100),
    ("plans_within_20_weeks_share", "2025"): (1, 2, 50),
    ("plans_within_20_weeks_excluding_exceptions_share", "2025"): (1, 1, 100),
    ("plans_20_to_52_weeks_share", "2025"): (1, 2, 50),
    # 137 and 205 days.
    ("weeks_to_issue_mean", "2025"): (None, 2, 24.4),
    ("plans_maintained", "2026-01"): (4, None, 4),
    ("mainstream_share", "2026-01"): (2, 4, 50),
    # One of the two is in resourced provision, the other in a SEN unit.
    ("mainstream_share_excluding_units_and_resourced", "2026-01"): (0, 4, 0),
    ("special_share", "2026-01"): (1, 4, 25),
    ("educated_elsewhere_share", "2026-01"): (1, 4, 25),
    ("school_age_not_in_education", "2026-01"): (1, None, 1),
    ("placement_unknown_share", "2026-01"): (0, 4, 0),
    ("new_plans", "2025"): (2, None, 2),
    ("ceased_plans", "2025"): (1, None, 1),
    ("transfers_in", "2025"): (1, None, 1),
    ("open_cases", "2026-01"): (2, None, 2),
    ("overdue_decisions", "2026-01"): (1, None, 1),
    ("overdue_cases", "2026-01"): (1, None, 1),
    ("annual_reviews_expected", "2025"): (1, None, 1),
    ("annual_reviews_completed", "2025"): (1, None, 1),
    ("annual_review_decisions_within_4_weeks_share", "2025"): (0, 1, 0),
    ("phase_transfers_final_on_time_share", "2026"): (0, 1, 0),
    ("personal_budgets", "2026-01"): (1, None, 1),
    ("residential_placements", "2026-01"): (1, None, 1),
}


def write_gias(path: Path) -> Path:
    """An establishment list in the layout of the GIAS extract, CP1252, with the five schools."""
    columns = GIAS_COLUMNS.read_text(encoding="utf-8").splitlines()
    with path.open("w", encoding="cp1252", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        for urn, kind in SCHOOLS.items():
            writer.writerow(
                {
                    "URN": urn,
                    "LA (code)": "999",
                    "LA (name)": "Sample county",
                    "EstablishmentNumber": urn[2:],
                    "EstablishmentName": f"School {urn[-1]}",
                    "TypeOfEstablishment (code)": kind,
                    "TypeOfEstablishment (name)": f"type {kind}",
                    "EstablishmentStatus (code)": "1",
                    "EstablishmentStatus (name)": "Open",
                }
            )
    return path


@pytest.fixture(
    scope="module", params=["as written", pytest.param("on one line", marks=pytest.mark.long)]
)
def example(request: pytest.FixtureRequest, home: Path) -> Path:
    """The example, and the same without line breaks: then every record stands in line 1."""
    if request.param == "as written":
        return EXAMPLE
    written = EXAMPLE.read_text(encoding="utf-8")
    target = home / "on one line.xml"
    target.write_text(re.sub(r">\s+<", "><", re.sub(r"(?s)<!--.*?-->", "", written)).strip())
    assert "\n" not in target.read_text(encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the county's files and keys."""
    return tmp_path_factory.mktemp("golden")


@pytest.fixture(scope="module")
def workspace(example: Path, home: Path) -> Path:
    """Where the county's data live, one folder for each way of writing the example."""
    return home / f"workspace of {example.stem}"


@pytest.fixture(scope="module")
def send(home: Path, workspace: Path, example: Path) -> Send:
    """The command `send` in the county's workspace, once the example is published there."""
    names = {
        "SEND_WORKSPACE": str(workspace),
        "SEND_KEYS": str(home / "keys"),
        "SEND_COUNCIL": "999",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "commands.cli", *words],
            cwd=PROJECT_ROOT,
            env=os.environ | names,
            capture_output=True,
            text=True,
            check=False,
        )

    done(run("ingest", str(write_gias(home / "edubasealldata20260110.csv"))))
    done(run("ingest", str(example)))
    done(run("build"))
    done(run("publish", *APPROVAL))
    return run


@pytest.fixture(scope="module")
def release(send: Send, workspace: Path) -> Release:
    """The published release of the example."""
    found = current_release(workspace)
    assert found is not None
    return found


def done(result: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert result.returncode == 0, f"{result.args}\n{result.stdout}\n{result.stderr}"
    return result


@pytest.fixture(scope="module")
def exact(send: Send) -> dict[tuple[str, str], dict[str, Any]]:
    """What `send kpi --source council` prints of the whole county, by measure and period."""
    values = json.loads(done(send("kpi", "--source", "council", "--json")).stdout)["values"]
    return {
        (item["kpi"], item["period"]): item
        for item in values
        if item["la_code"] == "999" and item["breakdown_topic"] == "All"
    }


@pytest.mark.parametrize(("kpi", "period"), sorted(EXPECTED))
def test_a_measure_is_what_was_worked_out_by_hand(
    exact: dict[tuple[str, str], dict[str, Any]], kpi: str, period: str
) -> None:
    made = exact[kpi, period]
    assert (made["numerator"], made["denominator"], made["value"]) == EXPECTED[kpi, period]
    assert (made["area_code"], made["source"], made["vintage"]) == ("X99000999", "council", "2026")


def test_every_measure_of_the_county_is_of_the_two_periods_of_the_return(
    exact: dict[tuple[str, str], dict[str, Any]],
) -> None:
    assert {period for _, period in exact} == {"2025", "2026-01", "2026"}


def test_the_plan_ceased_for_higher_education(send: Send) -> None:
    words = ("kpi", "cease_reason_share", "--source", "council", "--json")
    values = json.loads(done(send(*words)).stdout)["values"]
    assert len(values) == 10
    assert [item["breakdown"] for item in values if item["numerator"]] == ["Higher education"]


@pytest.mark.parametrize(
    ("kpi", "held"),
    [
        ("personal_budget_kinds", {"Direct payment for social care": 1}),
        ("residential_placement_lengths", {"38 to 51 weeks a year": 1}),
        ("work_based_placement_kinds", {}),
    ],
)
def test_the_kind_of_the_one_budget_and_of_the_one_residential_placement(
    send: Send, kpi: str, held: dict[str, int]
) -> None:
    words = ("kpi", kpi, "--source", "council", "--json")
    values = json.loads(done(send(*words)).stdout)["values"]
    assert {item["breakdown"]: item["value"] for item in values if item["numerator"]} == held
    assert all(item["symbol"] is None for item in values), "officers are told nought as nought"
    assert len(values) > len(held)


def test_the_public_sees_no_kind_of_a_budget_or_placement(send: Send) -> None:
    """Of the county's own rows; what the DfE prints of other authorities anybody may read."""
    for kpi in (
        "personal_budget_kinds",
        "residential_placement_lengths",
        "work_based_placement_kinds",
    ):
        words = ("kpi", kpi, "--source", "council", "--role", "public", "--json")
        assert not json.loads(done(send(*words)).stdout)["values"]


def test_the_council_stands_beside_the_published_authorities(send: Send) -> None:
    """Without --source, the county's own rows are shown where nobody publishes any."""
    words = ("kpi", "mainstream_share", "--area", "999", "--json")
    (shown,) = json.loads(done(send(*words)).stdout)["values"]
    assert (shown["source"], shown["value"], shown["area_name"]) == (
        "council",
        50,
        "Sample county",
    )


def test_the_public_sees_no_count_that_tells_of_a_child(send: Send) -> None:
    words = ("kpi", "--source", "council", "--role", "public", "--json")
    values = json.loads(done(send(*words)).stdout)["values"]
    exact_totals = {
        "plans_maintained",
        "new_plans",
        "plans_issued",
        "requests_received",
        "open_cases",
        "overdue_cases",
        "overdue_decisions",
    }
    shown = {item["kpi"]: item["value"] for item in values if item["symbol"] is None}
    assert set(shown) == exact_totals
    assert shown["overdue_cases"] == 1
    hidden = [item for item in values if item["kpi"] not in exact_totals]
    assert len(hidden) > 40
    assert {(item["symbol"], item["value"], item["numerator"]) for item in hidden} == {
        ("c", None, None)
    }


def test_the_officers_file_holds_pseudonyms_and_the_public_file_no_row_of_a_child(
    release: Release,
) -> None:
    with closing(connect(release.officer_path)) as connection:
        people = connection.sql("select pseudonym from cases.person").fetchall()
        open_cases = connection.sql(
            "select case_stage, days_open, is_overdue from cases.open_case order by days_open"
        ).fetchall()
    assert len(people) == 9
    assert all(len(pseudonym) == 32 for (pseudonym,) in people)
    assert open_cases == [("awaiting_decision", 59, False), ("in_assessment", 217, True)]
    with closing(connect(release.public_path)) as connection:
        schemas = connection.sql("select distinct schema_name from duckdb_tables()").fetchall()
    assert schemas == [("marts",)]


def test_every_row_of_the_return_is_accounted_for(release: Release) -> None:
    with closing(connect(release.evidence_path)) as connection:
        passed = dict(
            connection.sql(
                "select check_name, passed from evidence.evidence.check_result "
                "where table_name = 'core.row_account'"
            ).fetchall()
        )
    assert passed["rows_in_are_accounted_for"]
    assert passed["modules_are_accounted_for"]


def test_what_the_rules_found_is_open_and_counted(release: Release) -> None:
    with closing(connect(release.officer_path)) as connection:
        found = connection.sql(
            "select rule, finding_status, finding_count from marts.record_finding_summary"
        ).fetchall()
    assert ("PER-13", "open", 3) in found
    assert {status for _, status, _ in found} == {"open"}
