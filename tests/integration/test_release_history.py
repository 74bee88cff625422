"""What changes from release to release is told before and kept after; old ones go by reason."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.words.release_evidence import WHY as REASONS
from pipelines.errors import FailedCheckError, InputError
from pipelines.release import approve, delete, diff
from pipelines.release.audit_check import check, records_of
from pipelines.release.files import sha256
from pipelines.release.reader import Release, all_releases, current_release, find_release
from pipelines.release.sealed import verify
from pipelines.settings import Settings
from tests.integration.test_page_logic import opened, texts
from tests.twins import twin as a_twin

Run = Callable[..., subprocess.CompletedProcess[str]]
WHO, WHY = "strategy officer", "A reason long enough"
# The sample workspace is of the council at home, and so is the figure that is told of a measure.
HOME, MEASURE, PERIOD = "860", "plans_maintained", "2026-01"


@pytest.fixture
def settings(sample_workspace: Path, tmp_path: Path) -> Settings:
    """A workspace that a test may change, with one published release."""
    copy = tmp_path / "workspace"
    shutil.copytree(sample_workspace, copy)
    return Settings(workspace=copy)


def only(settings: Settings) -> Release:
    (release,) = all_releases(settings.workspace)
    return release


def twin(settings: Settings, number: int, *statements: str, approved: bool = True) -> Release:
    """A copy of the release under another name, with other figures; its manifest says so."""
    made = a_twin(settings, all_releases(settings.workspace)[0], number, *statements)
    return approve.publish(settings, made, WHO, WHY) if approved else made


RAISED = (
    "update marts.kpi_value set value = value + 7 where kpi = 'plans_maintained' "
    "and la_code = '860' and period = '2026-01' and breakdown_topic = 'All' and is_shown"
)
HIDDEN = (
    "update marts.kpi_value set value = null, change = null, symbol = 'c' "
    "where kpi = 'plans_maintained' and la_code = '860' and period = '2026-01' "
    "and breakdown_topic = 'All' and is_shown"
)
GONE = "delete from marts.kpi_value where kpi = 'plans_maintained' and period = '2026-01'"
FOUND = (
    "insert into marts.finding_summary by name "
    "select 'dfe' as source, unnest(['first_rule', 'other_rule']) as rule, "
    "unnest([1009, 7]) as row_count, false as is_declared"
)
UNCLEAR = REASONS["unclear"]


def test_the_first_release_has_nothing_to_be_compared_with(settings: Settings) -> None:
    release = only(settings)
    found = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))
    assert (found["before"], found["measures"], found["rules"]) == (None, [], [])


def test_old_and_new_value_of_a_changed_measure_are_told_kept_and_logged(
    settings: Settings,
) -> None:
    before = only(settings)
    release = twin(settings, 1, RAISED)
    found = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))
    (item,) = [item for item in found["measures"] if item["why"]]
    assert item["kpi"] == MEASURE
    assert item["new"]["value"] == item["old"]["value"] + 7
    assert (item["changed"], item["added"], item["gone"]) == (1, 0, 0)
    (value,) = found["values"]
    assert (value["period"], value["new"]["value"] - value["old"]["value"]) == (PERIOD, 7)
    (record,) = [
        it
        for it in records_of(settings)
        if (it["action"], it.get("release")) == ("publish", release.id)
    ]
    assert record["before"] == before.id
    assert record["changed"] == [
        {name: item[name] for name in ("kpi", "old", "new", "why")}
        | {"earlier": [], "earlier_more": 0}
    ]
    assert record["diff_sha256"] == sha256(release.folder / "diff.json")
    assert release.approval is not None
    assert release.approval["audit_head"]["number"] == record["number"]


def test_a_restated_earlier_year_is_logged_with_old_and_new_value(settings: Settings) -> None:
    release = twin(settings, 1, RAISED.replace("period = '2026-01'", "period <= '2025-01'"))
    found = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))
    published = records_of(settings)[-1]
    (logged,) = published["changed"]
    assert logged["old"] == logged["new"] == {"period": PERIOD, "value": 9979, "symbol": None}
    assert logged["earlier"][0]["period"] == "2025-01"
    assert len(logged["earlier"]) > 2
    assert {each["new"]["value"] - each["old"]["value"] for each in logged["earlier"]} == {7}
    assert [each | {"kpi": MEASURE} for each in reversed(logged["earlier"])] == found["values"]
    assert logged["earlier_more"] == 0
    assert check(settings).faults == ()
    assert verify(settings, release) == []


def test_of_a_long_series_that_is_restated_the_newest_are_logged_and_the_others_counted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approve, "EARLIER_MAX", 2)
    twin(settings, 1, RAISED.replace("period = '2026-01'", "period <= '2025-01'"))
    (logged,) = records_of(settings)[-1]["changed"]
    assert [each["period"] for each in logged["earlier"]] == ["2025-01", "2024-01"]
    assert logged["earlier_more"] > 0


def test_a_figure_that_is_hidden_now_is_not_told_by_an_older_one(settings: Settings) -> None:
    (item,) = _differing(settings, twin(settings, 1, HIDDEN))
    assert item["new"] == {"period": PERIOD, "value": None, "symbol": "c"}
    assert item["old"] == {"period": PERIOD, "value": 9979, "symbol": None}


def test_figures_that_come_and_go_are_counted(settings: Settings) -> None:
    first = twin(settings, 1, GONE)
    (item,) = _differing(settings, first)
    assert item["gone"] > 1
    assert item["changed"] == item["added"] == 0
    (back,) = _differing(settings, twin(settings, 2))
    assert (back["added"], back["gone"]) == (item["gone"], 0)


def _differing(settings: Settings, release: Release) -> list[dict[str, Any]]:
    found = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))
    return [item for item in found["measures"] if item["why"]]


def test_every_measure_is_in_the_difference_also_where_nothing_differs(
    settings: Settings,
) -> None:
    release = twin(settings, 1, approved=False)
    found = diff.difference(release, current_release(settings.workspace), HOME)
    assert len(found["measures"]) > 100
    assert [item for item in found["measures"] if item["why"]] == []
    shown = {item["kpi"]: item["new"] for item in found["measures"]}
    assert shown[MEASURE] == {"period": PERIOD, "value": 9979, "symbol": None}


def test_the_command_tells_what_changes_before_it_asks(run_send: Run, settings: Settings) -> None:
    release = twin(settings, 1, RAISED)
    told = run_send(settings.workspace, "releases", "show", release.id).stdout
    assert f"{MEASURE}: 9,979 (2026-01) -> 9,986 (2026-01); 1 changed" in told
    assert told.count("passed; ") == 6


def test_a_rule_that_finds_more_is_told_and_shown_also_where_nobody_knows_why(
    run_send: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = twin(settings, 1, FOUND)
    kept = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))
    assert len(kept["rules"]) > 2, "a rule that finds what it found"
    shown = run_send(settings.workspace, "releases", "show", release.id).stdout
    assert f"rule first_rule: 0 -> 1,009 ({UNCLEAR})" in shown
    assert f"rule other_rule: 0 -> 7 ({UNCLEAR})" in shown
    assert shown.count(" rule ") == 2
    assert "No figure and no count of a rule differs" not in shown
    monkeypatch.setenv("SEND_WORKSPACE", str(settings.workspace))
    page = opened("evidence", role="auditor")
    assert "2 rules that find more or less than before" in [item.label for item in page.expander]
    assert f">first_rule</th><td>0</td><td>1,009</td><td>{UNCLEAR}</td>" in texts(page)


def test_what_was_compared_is_what_readers_see(settings: Settings) -> None:
    release = twin(settings, 1, approved=False)
    reviewed = approve.review(settings, release)
    twin(settings, 2)
    with pytest.raises(InputError, match="readers see another release"):
        approve.publish(settings, release, WHO, WHY, reviewed)
    assert find_release(settings.workspace, release.id).approval is None


def test_a_gate_that_fails_leaves_readers_where_they_were(settings: Settings) -> None:
    before = current_release(settings.workspace)
    release = twin(settings, 1, approved=False)
    with duckdb.connect(str(release.public_path)) as connection:
        connection.execute(RAISED)
    release.manifest["files"]["public.duckdb"]["sha256"] = sha256(release.public_path)
    with pytest.raises(FailedCheckError, match="agreement: contradicting"):
        approve.publish(settings, release, WHO, WHY)
    assert current_release(settings.workspace) == before
    published = [it["release"] for it in records_of(settings) if it["action"] == "publish"]
    assert published == [before.id if before else ""]


def test_the_newest_three_and_the_one_people_read_cannot_be_deleted(settings: Settings) -> None:
    oldest = only(settings)
    made = [twin(settings, number) for number in (1, 2, 3)]
    approve.rollback(settings, made[0], WHO, WHY)
    for release, said in (
        (made[0], "the release that people read"),
        (made[1], "one of the newest 3"),
        (made[2], "one of the newest 3"),
    ):
        with pytest.raises(InputError, match=said):
            delete.delete(settings, release, WHO, WHY)
    with pytest.raises(InputError, match="fewer than 10"):
        delete.delete(settings, oldest, WHO, "short")
    assert len(all_releases(settings.workspace)) == 4


def test_an_older_release_and_a_candidate_go_with_a_reason_that_stays(
    run_send: Run, settings: Settings
) -> None:
    oldest = only(settings)
    for number in (1, 2, 3):
        twin(settings, number)
    never = twin(settings, 4, approved=False)
    for release in (oldest, never):
        words = ("--approved-by", WHO, "--reason", WHY)
        refused = run_send(settings.workspace, "releases", "delete", release.id, *words)
        assert refused.returncode == 2, "nobody was asked"
        done = run_send(settings.workspace, "releases", "delete", release.id, *words, "--yes")
        assert done.returncode == 0, done.stderr
        assert not release.folder.exists()
        record = records_of(settings)[-1]
        assert (record["action"], record["release"], record["reason"]) == (
            "delete",
            release.id,
            WHY,
        )
    assert not list(settings.releases.glob(".deleted*"))
    assert check(settings).faults == ()
    assert (settings.workspace / "forecasts" / oldest.id).is_dir()
