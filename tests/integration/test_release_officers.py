"""Whoever approves a release is told how many figures differ that only officers read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from commands.told import tell_officers
from pipelines.release import approve
from pipelines.release.audit_check import records_of
from pipelines.release.audit_log import CODE, path_of
from pipelines.release.diff_officers import for_officers
from pipelines.release.reader import APPROVAL, DIFF, PUBLIC, current_release, find_release
from pipelines.release.sealed import OF_OFFICERS, approval_of, verify
from pipelines.settings import Settings
from tests.twins import twin

WHO, WHY = "Head of data", "A reason long enough"
# Two measures of which no figure of the council's is in the public file.
MEASURE, OTHER, PRINTED = "spend_per_place", "plans_growth", 424_242
RAISED = (
    "update marts.kpi_value set value = 424242 "
    "where source = 'council' and is_shown and kpi = 'spend_per_place'"
)
GONE = "delete from marts.kpi_value where source = 'council' and kpi = 'plans_growth'"
PUBLIC_TOO = "update marts.kpi_value set value = value + 1 where source = 'dfe' and is_shown"


@pytest.fixture
def settings(county_workspace: Path, tmp_path: Path) -> Settings:
    """The sample county, of which a test may change a copy."""
    shutil.copytree(county_workspace, tmp_path / "workspace")
    return Settings(workspace=tmp_path / "workspace", council="999")


def said(settings: Settings, *officers: str, both: tuple[str, ...] = ()) -> tuple[str, str]:
    """What the terminal tells of a release that is otherwise for officers, and with values."""
    current = current_release(settings.workspace)
    assert current is not None
    candidate = twin(settings, current, 1, *both, officers=officers)
    found = for_officers(candidate, current)
    lines: dict[bool, list[str]] = {False: [], True: []}
    for with_values, each in lines.items():
        tell_officers(each.append, found, current.id, with_values=with_values)
    return "\n".join(lines[False]), "\n".join(lines[True])


def test_figures_that_only_officers_read_are_counted_and_shown_only_where_asked(
    settings: Settings,
) -> None:
    counted, shown = said(settings, RAISED, GONE)
    assert f"{MEASURE}: " in counted
    assert " changed" in counted
    assert f"{OTHER}: " in counted
    assert " gone" in counted
    assert f"{PRINTED:,}" not in counted
    assert f" -> {PRINTED:,}" in shown
    assert " -> none" in shown


def test_what_everybody_can_see_differ_is_not_told_again(settings: Settings) -> None:
    counted, shown = said(settings, both=(PUBLIC_TOO,))
    assert counted == shown == "    No other figure differs for officers."


def test_of_it_only_counts_are_written_and_only_for_auditors(settings: Settings) -> None:
    current = current_release(settings.workspace)
    assert current is not None
    candidate = twin(settings, current, 1, officers=(RAISED, GONE))
    reviewed = approve.review(settings, candidate)
    assert {measure.kpi for measure in reviewed.officers} == {MEASURE, OTHER}
    approve.publish(settings, candidate, WHO, WHY, reviewed)
    written = [*candidate.folder.glob("*.json"), candidate.public_path, path_of(settings)]
    assert {DIFF, APPROVAL, PUBLIC} <= {path.name for path in written}
    for path in written:
        assert str(PRINTED).encode() not in path.read_bytes(), path.name
    kept = json.loads((candidate.folder / DIFF).read_text(encoding="utf-8"))
    assert kept == reviewed.difference
    assert [item["kpi"] for item in kept["measures"] if item["why"]] == []
    approval = json.loads((candidate.folder / APPROVAL).read_text(encoding="utf-8"))
    counts = [{"kpi": item.kpi} | item.count() for item in reviewed.officers]
    assert approval["officers_only"] == counts
    assert {frozenset(item) for item in counts} == {frozenset({"kpi", "changed", "new", "gone"})}
    assert [(item["kpi"], item["changed"] > 0, item["gone"] > 0) for item in counts] == [
        (OTHER, False, True),
        (MEASURE, True, False),
    ]
    published = records_of(settings)[-1]
    assert (published["action"], published["officers_only"]) == ("publish", counts)
    assert verify(settings, find_release(settings.workspace, candidate.id)) == []


def test_an_approval_from_before_the_counts_were_kept_is_still_sound() -> None:
    line = {"action": "publish", "release": "r", "before": None, "number": 3, CODE: "c"}
    assert OF_OFFICERS not in approval_of(line)
    assert approval_of(line | {OF_OFFICERS: []})[OF_OFFICERS] == []
