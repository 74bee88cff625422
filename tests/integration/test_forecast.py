"""`send forecast` and the judged tables of a release, the officers' and the public's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.registry.judgement import JUDGEMENTS, judged_tables
from pipelines.release.reader import connect, current_release

Run = Callable[..., subprocess.CompletedProcess[str]]


def tables(path: Path) -> set[str]:
    """The tables of marts in one file of a release."""
    with closing(connect(path)) as opened:
        rows = opened.sql("select table_name from duckdb_tables() where schema_name = 'marts'")
        return {f"marts.{name}" for (name,) in rows.fetchall()}


def document(run: Run, workspace: Path, *words: str) -> dict[str, Any]:
    done = run(workspace, "forecast", *words, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def backlog(run_send: Run, county_workspace: Path) -> dict[str, Any]:
    return document(run_send, county_workspace, "backlog")


def test_the_backlog_says_what_it_was_made_from(backlog: dict[str, Any]) -> None:
    assert (backlog["forecast"], backlog["la_code"]) == ("backlog", "999")
    inputs = backlog["inputs"]
    assert inputs["history_weeks"] == 52
    assert (inputs["run_count"], inputs["horizon_weeks"]) == (2000, 104)
    assert inputs["seed"] > 0
    assert 0 <= inputs["overdue_count"] < inputs["open_count"]


def test_each_scenario_is_answered_in_both_orders_week_by_week(backlog: dict[str, Any]) -> None:
    asked = [(answer["scenario"], answer["work_order"]) for answer in backlog["answers"]]
    assert len(asked) == len(set(asked)) == 8
    assert ("as-now", "oldest_first") in asked
    for answer in backlog["answers"]:
        assert len(answer["weeks"]) == 104
        assert len(answer["four_weeks"]) == 26
        for week in answer["weeks"]:
            assert week["overdue"]["p10"] <= week["overdue"]["p50"] <= week["overdue"]["p90"]
    being_done = {answer["scenario"] for answer in backlog["answers"] if answer["is_being_done"]}
    assert being_done == {"team-of-september"}


def test_earlier_forecasts_of_the_backlog_have_a_record(backlog: dict[str, Any]) -> None:
    record = backlog["back_test"]
    assert [(row["work_order"], row["months_ahead"]) for row in record] == [
        (order, months) for order in ("newest_first", "oldest_first") for months in (1, 2, 3, 6)
    ]
    assert all(row["forecasts"] > 20 for row in record)
    assert all(0 <= row["range_held_pct"] <= 100 for row in record)


def test_the_table_tells_dates_or_that_there_is_none(run_send: Run, county_workspace: Path) -> None:
    done = run_send(county_workspace, "forecast", "backlog")
    assert done.returncode == 0, done.stderr
    assert "As in the past year" in done.stdout
    assert "(being done)" in done.stdout
    assert "overdue of" in done.stderr


def test_a_measure_has_its_range_or_the_reason_why_not(
    run_send: Run, county_workspace: Path
) -> None:
    told = document(run_send, county_workspace, "mainstream_share", "--area", "860")
    assert told["forecasts"]
    for made in told["forecasts"]:
        assert bool(made["values"]) != bool(made["why_not"])
    done = run_send(county_workspace, "forecast", "mainstream_share", "--area", "860")
    assert done.returncode == 0, done.stderr


def test_a_measure_that_the_build_did_not_forecast_is_forecast_on_the_spot(
    run_send: Run, county_workspace: Path
) -> None:
    told = document(run_send, county_workspace, "special_share", "--area", "999")
    assert (told["forecast"], told["la_code"]) == ("special_share", "999")
    told = document(run_send, county_workspace, "residential_placements", "--area", "999")
    assert told["forecasts"]


def test_the_caseload_is_told_of_an_authority_by_either_code(
    run_send: Run, county_workspace: Path
) -> None:
    by_digits = document(run_send, county_workspace, "caseload", "--area", "860")
    by_gss = document(run_send, county_workspace, "caseload", "--area", "E10000028")
    assert by_digits == by_gss
    assert {made["kpi"] for made in by_digits["forecasts"]} >= {
        "plans_maintained",
        "mainstream_share",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backlogs",), "did you mean 'backlog'"),
        (("mainstream_shares",), "did you mean 'mainstream_share'"),
        (("backlog", "--area", "330"), "no forecast of the backlog of authority 330"),
        (("caseload", "--area", "E99"), "no authority 'E99'"),
    ],
    ids=["backlog", "measure", "no rows", "no area"],
)
def test_what_cannot_be_forecast_is_refused_with_a_way_on(
    words: tuple[str, ...], said: str, run_send: Run, county_workspace: Path
) -> None:
    done = run_send(county_workspace, "forecast", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "What to do" in done.stderr


def test_without_rows_of_a_council_there_is_no_backlog_to_tell_of(
    run_send: Run, sample_workspace: Path
) -> None:
    done = run_send(sample_workspace, "forecast", "backlog")
    assert done.returncode == 2
    assert "send ingest" in done.stderr


def test_officers_have_every_judged_table_and_the_public_only_the_public_ones(
    county_workspace: Path,
) -> None:
    release = current_release(county_workspace)
    assert release is not None
    public = {name for item in JUDGEMENTS if item.is_public for name in item.tables}
    assert tables(release.officer_path) & set(judged_tables()) == set(judged_tables())
    assert tables(release.public_path) & set(judged_tables()) == public
    assert not any("backlog" in name for name in tables(release.public_path))


def test_the_publics_series_are_judged_from_the_publics_values(county_workspace: Path) -> None:
    """Each point stands in the public file, and officers have more of them."""
    release = current_release(county_workspace)
    assert release is not None
    counts = []
    for path in (release.public_path, release.officer_path):
        with closing(connect(path)) as opened:
            (points, lost) = opened.sql("""
                select count(*), count(*) filter (where kpi_value.kpi is null)
                from marts.spc_point
                left join marts.kpi_value
                    on spc_point.kpi = kpi_value.kpi
                    and spc_point.area_code = kpi_value.area_code
                    and spc_point.breakdown_topic = kpi_value.breakdown_topic
                    and spc_point.breakdown = kpi_value.breakdown
                    and spc_point.source = kpi_value.source
                    and spc_point.period = kpi_value.period
                    and spc_point.value = kpi_value.value
                    and kpi_value.is_newest_of_source
            """).fetchone() or (0, 0)
        assert lost == 0
        counts.append(points)
    assert 0 < counts[0] < counts[1]


def test_the_plans_milestones_carry_status_and_chance(
    run_send: Run, county_workspace: Path
) -> None:
    done = run_send(county_workspace, "plan", "list", "--json")
    assert done.returncode == 0, done.stderr
    for action in json.loads(done.stdout)["actions"]:
        for measure in action["measures"]:
            for milestone in measure["milestones"]:
                assert {"status", "chance", "original_status"} <= milestone.keys()


def test_a_promise_that_rests_on_the_queue_has_one_status_and_one_chance_for_everybody(
    county_workspace: Path,
) -> None:
    release = current_release(county_workspace)
    assert release is not None
    found = []
    for path in (release.officer_path, release.public_path):
        with closing(connect(path)) as opened:
            found.append(
                opened.sql("""
                    select milestone, plan_version, plan_status, chance
                    from marts.plan_status
                    where chance_from = 'backlog'
                    order by all
                """).fetchall()
            )
    officers, public = found
    assert len(officers) >= 2
    assert officers == public
    assert all(chance == round(chance, 2) for *_, chance in officers)
