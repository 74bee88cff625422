"""Publishing keeps what the release says of the future, and by that changes no input of a build."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from pipelines.release.reader import current_release

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_release_that_people_read_has_its_record(sample_workspace: Path) -> None:
    release = current_release(sample_workspace)
    assert release is not None
    kept = sample_workspace / "forecasts" / release.id
    assert {path.name for path in kept.iterdir()} == {
        "forecast_made.parquet",
        "chance_made.parquet",
    }


def test_publishing_asks_for_no_new_build(sample_workspace: Path, run_send: Run) -> None:
    done = run_send(sample_workspace, "build")
    assert done.returncode == 0
    assert "Nothing has changed" in done.stdout + done.stderr
