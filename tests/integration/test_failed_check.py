"""A check that fails stops the build, names itself, and leaves readers where they were."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.release.code import CHANGED, COMMIT


def test_a_failed_check_leaves_the_pointer_and_says_what_failed(
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    sample_workspace: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = tmp_path / "copy"
    shutil.copytree(sample_workspace, workspace)
    before = (workspace / "releases" / "CURRENT").read_text()
    figures = run_send(workspace, "kpi", "--json").stdout
    _plant_an_unknown_symbol(workspace)

    with monkeypatch.context() as image:
        # As in an image that was built with files that are in no commit.
        image.setenv("PATH", str(tmp_path))
        image.setenv(COMMIT, f"{'0' * 40}+")
        done = run_send(workspace, "build")

    assert done.returncode == 1
    assert CHANGED in done.stderr, "that it could not be rebuilt later is said when it is built"
    assert "core.published_figure" in done.stderr
    assert "symbol" in done.stderr
    assert "Traceback" not in done.stderr
    assert (workspace / "releases" / "CURRENT").read_text() == before
    assert run_send(workspace, "kpi", "--json").stdout == figures
    assert len(list((workspace / "releases").iterdir())) == 2, "a failed build left a release"


def _plant_an_unknown_symbol(workspace: Path) -> None:
    """One more landed cell, on a row that exists, that no contract would have let in."""
    cells = pq.read_table(workspace / "landing" / "published_cell" / "reference.parquet")
    planted = {name: [cells[name][0].as_py()] for name in cells.column_names}
    planted |= {"indicator": ["ehcplans_planted"], "value_text": ["??"]}
    folder = workspace / "landing"
    pq.write_table(pa.table(planted), folder / "published_cell" / "planted.parquet")
    received = pq.read_table(folder / "received_file" / "reference.parquet")
    pq.write_table(received.slice(0, 0), folder / "received_file" / "planted.parquet")
