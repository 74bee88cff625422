"""What Dagster shows: the whole lineage by floor, one executor, a schedule and an inbox sensor."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.sensor import execute_sensor_iteration

from pipelines.assets.house import House
from pipelines.assets.landing import landing_floor
from pipelines.definitions import build_everything, defs, inbox, monthly
from pipelines.registry.house import house_models
from pipelines.registry.judgement import JUDGEMENTS, judged_tables
from pipelines.settings import PROJECT_ROOT
from tests.integration.person_level_files import marks
from tests.leaks import found_in, planted

CHILD = 7
SILENT = {"telemetry": {"enabled": False}}


@pytest.fixture
def graph() -> dg.AssetGraph:  # type: ignore[name-defined]
    return defs.resolve_asset_graph()


def test_every_model_is_an_asset_of_its_floor_with_its_lineage(graph: dg.AssetGraph) -> None:  # type: ignore[name-defined]
    models = house_models(PROJECT_ROOT)
    assert len(models) > 60
    for model in models.values():
        node = graph.get(dg.AssetKey(model.name.split(".")))
        assert node.group_name == model.floor
        assert {".".join(key.path) for key in node.parent_keys} == set(model.reads)


def test_the_candidate_waits_for_every_mart(graph: dg.AssetGraph) -> None:  # type: ignore[name-defined]
    parents = graph.get(dg.AssetKey(["release", "candidate"])).parent_keys
    marts = {name for name in house_models(PROJECT_ROOT) if name.startswith("marts.")}
    assert {".".join(key.path) for key in parents} == {*marts, *judged_tables()}


def test_every_judged_table_is_an_asset_with_its_lineage(graph: dg.AssetGraph) -> None:  # type: ignore[name-defined]
    assert len(judged_tables()) > 5
    for judgement in JUDGEMENTS:
        for name in judgement.tables:
            node = graph.get(dg.AssetKey(name.split(".")))
            assert node.group_name == "judgement"
            parents = {".".join(key.path) for key in node.parent_keys}
            assert parents == judgement.reads | judgement.officer_reads


def test_checks_block_and_one_process_runs_the_build() -> None:
    checks = [spec for asset in defs.assets or () for spec in getattr(asset, "check_specs", ())]
    assert len(checks) > 10
    assert all(check.blocking for check in checks)
    assert defs.executor is dg.in_process_executor


def test_the_schedule_and_the_sensor_run_the_whole_build() -> None:
    assert monthly.job_name == build_everything.name
    assert inbox.job_name == build_everything.name


@pytest.mark.parametrize(("named", "status"), [("on", "RUNNING"), ("", "STOPPED")])
def test_schedule_and_sensor_run_by_themselves_only_where_a_service_says_so(
    named: str, status: str
) -> None:
    code = (
        "from pipelines.definitions import inbox, monthly;"
        "print(inbox.default_status.value, monthly.default_status.value)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_ROOT,
        env=os.environ | {"SEND_SCHEDULES": named},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [status, status]


def test_the_sensor_asks_for_a_run_once_for_the_files_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "SEND_WORKSPACE", str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        assert isinstance(inbox(context), dg.SkipReason)
        (tmp_path / "inbox").mkdir()
        (tmp_path / "inbox" / "a.csv").write_text("a\n")
        first, again = inbox(context), inbox(context)
        (tmp_path / "inbox" / "b.csv").write_text("b\n")
        assert isinstance(first, dg.RunRequest)
        assert first.run_key == again.run_key
        assert inbox(context).run_key != first.run_key


def test_nothing_that_dagster_keeps_of_the_sensor_names_a_file_of_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file may be named after a child; the daemon itself looks, and queues the run."""
    monkeypatch.setitem(os.environ, "SEND_WORKSPACE", str(tmp_path / "workspace"))
    home = named_after_a_child(tmp_path)
    with dg.DagsterInstance.local_temp(str(home), overrides=SILENT) as instance:
        sensor_runs_once(instance)
        (run,) = instance.get_runs()
    assert found_in(home, planted([CHILD])) == set()
    key = run.tags["dagster/run_key"]
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert [path for path in home.rglob("*.db") if key.encode() in path.read_bytes()]


def named_after_a_child(tmp_path: Path) -> Path:
    """Files in the inbox that nobody can read, and an empty home for Dagster."""
    for folder in ("inbox", "inbox/in-year"):
        place = tmp_path / "workspace" / folder
        place.mkdir(parents=True)
        (place / "{surname} {forename} {upn}.xml".format(**marks(CHILD))).write_text("a\n")
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def sensor_runs_once(instance: dg.DagsterInstance) -> None:
    """What Dagster's daemon does each minute; the run is queued and not started."""
    module = LoadableTargetOrigin(module_name="pipelines.definitions", attribute="defs")
    where = InProcessWorkspaceLoadTarget(InProcessCodeLocationOrigin(module))
    with WorkspaceProcessContext(instance, where) as context:
        (place,) = context.create_request_context().code_locations
        (repository,) = place.get_repositories().values()
        instance.start_sensor(repository.get_sensor(inbox.name))
        list(execute_sensor_iteration(context, logging.getLogger(__name__), None, None))


def test_a_file_that_cannot_be_read_is_named_to_the_command_and_to_nothing_that_dagster_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "SEND_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setitem(os.environ, "SEND_KEYS", str(tmp_path / "keys"))
    home = named_after_a_child(tmp_path)
    with dg.DagsterInstance.local_temp(str(home), overrides=SILENT) as instance:
        kept = why_landing_failed(instance)
    assert found_in(home, planted([CHILD])) == set()
    assert "send ingest" in kept
    with dg.DagsterInstance.ephemeral() as instance:
        assert marks(CHILD)["surname"] in why_landing_failed(instance)


def why_landing_failed(instance: dg.DagsterInstance) -> str:
    done = dg.materialize(
        [landing_floor], resources={"house": House()}, instance=instance, raise_on_error=False
    )
    (failed,) = [event for event in done.all_events if event.is_step_failure]
    return str(failed.step_failure_data.error)
