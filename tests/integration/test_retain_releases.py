"""Old releases go by the council's rule, the newest three stay, and what is left verifies.

And the command itself: it says what would go, asks, and takes nothing away where nobody says yes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.release import approve
from pipelines.release.audit_check import records_of
from pipelines.release.delete import KEPT
from pipelines.release.reader import all_releases, current_release
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.upkeep.backup import back_up
from pipelines.upkeep.retain import carry_out, due
from tests.history import History
from tests.twins import twin

Run = Callable[..., subprocess.CompletedProcess[str]]
REASON = "Corporate retention schedule, line 4.12"
WHO, WHY = "Head of data", "Approved on purpose by a test"
DAYS = 30


def ruled(folder: Path, la_code: str, rule: str) -> None:
    """The council's retention.yml, with one rule."""
    text = f"la_code: '{la_code}'\nrules:\n  - {{{rule}, days: {DAYS}, reason: '{REASON}'}}\n"
    (folder / "retention.yml").write_text(text, encoding="utf-8")


@pytest.fixture
def settings(sample_workspace: Path, tmp_path: Path) -> Settings:
    """Four approved releases, and a council that keeps releases for 30 days."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("sql", "expectations"):
        (root / name).symlink_to(PROJECT_ROOT / name)
    shutil.copytree(PROJECT_ROOT / "data" / "councils", root / "data" / "councils")
    (root / "data" / "reference").symlink_to(PROJECT_ROOT / "data" / "reference")
    shutil.copytree(sample_workspace, tmp_path / "workspace")
    found = Settings(workspace=tmp_path / "workspace", project_root=root)
    first = current_release(found.workspace)
    assert first is not None
    for number in (1, 2, 3):
        other = twin(found, first, number, "update marts.kpi_value set value = value + 1")
        approve.publish(found, other, WHO, WHY)
    ruled(found.council_folder, "860", "keep: releases")
    return found


def test_the_oldest_of_four_releases_goes_and_three_stay(settings: Settings, run_send: Run) -> None:
    oldest, *others = all_releases(settings.workspace)
    assert len(others) == KEPT
    today = datetime.now(UTC).date()
    assert due(settings, today) == []
    found = due(settings, today + timedelta(days=DAYS + 1))
    assert [each.what for each in found] == [oldest.id]
    carry_out(settings, found, WHO)
    assert all_releases(settings.workspace) == others
    assert not list(settings.releases.glob(f"*{oldest.id}*"))
    assert current_release(settings.workspace) == others[-1]
    last = records_of(settings)[-1]
    assert (last["action"], last["release"]) == ("delete", oldest.id)
    assert (last["approved_by"], last["reason"]) == (WHO, REASON)
    assert due(settings, today + timedelta(days=40_000)) == []
    verified = run_send(settings.workspace, "releases", "verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A project of its own with a workspace, into which a return has come."""
    made = History(tmp_path_factory.mktemp("history"))
    made.take_in(made.return_of("return.xml", 6), "landed")
    return made


@pytest.fixture
def backups(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three backups of it, of 99, 98 and 97 days ago, and the rule that keeps them for 30."""
    monkeypatch.setenv("SEND_KEYS", str(history.folder / "keys"))
    folder = tmp_path / "backups"
    folder.mkdir()
    for number in (1, 2, 3):
        path = back_up(Settings(workspace=history.workspace), folder / f"{number}.sealed").path
        moment = time.time() - (100 - number) * 86_400
        os.utime(path, (moment, moment))
    council = history.project / "data" / "councils" / "999"
    ruled(council, "999", f"keep: backups, folder: '{folder}'")
    return folder


def held(*folders: Path) -> dict[Path, tuple[int, bytes]]:
    """Every file, with when it was written and what is in it."""
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert paths
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def test_a_dry_run_says_what_would_go_and_changes_no_file(history: History, backups: Path) -> None:
    before = held(history.workspace, backups)
    done = history.done("retain", "--dry-run")
    assert "1.sealed" in done.stdout
    assert "2.sealed" in done.stdout
    assert "3.sealed" not in done.stdout
    assert REASON in done.stdout
    told = history.document("retain", "--dry-run")
    assert [each["what"] for each in told["due"]] == ["1.sealed", "2.sealed"]
    assert told["is_done"] is False
    assert held(history.workspace, backups) == before


@pytest.mark.parametrize("answer", ["n\n", ""], ids=["no", "nobody"])
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["table", "json"])
def test_without_a_yes_nothing_goes_and_nothing_says_so(
    history: History, backups: Path, answer: str, form: tuple[str, ...]
) -> None:
    before = held(history.workspace, backups)
    done = history.send("retain", "--approved-by", WHO, *form, said=answer)
    assert done.returncode == 1
    assert "Delete all of it for good?" in done.stderr
    assert "Deleted" not in done.stderr
    assert ("1.sealed" in done.stdout) is (form == ())
    assert "is_done" not in done.stdout
    assert held(history.workspace, backups) == before


def test_with_a_yes_they_go_and_the_newest_stays(history: History, backups: Path) -> None:
    done = history.done("retain", "--approved-by", WHO, "--json", said="y\n")
    assert json.loads(done.stdout)["is_done"] is True
    assert [path.name for path in backups.iterdir()] == ["3.sealed"]
    assert history.send("retain", "--dry-run").stdout.startswith("Nothing has been kept longer")


def test_without_a_name_nothing_goes_whatever_is_answered(history: History, backups: Path) -> None:
    before = held(history.workspace, backups)
    done = history.send("retain", "--yes", "--json")
    assert done.returncode == 2
    assert "named person" in done.stderr
    assert done.stdout == ""
    assert held(history.workspace, backups) == before
