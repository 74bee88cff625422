"""A release published twice is kept twice: the newest is shown, and marked where it differs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.release.reader import connect, current_release
from tests.unit.ingest.conftest import csv_bytes
from tests.unit.ingest.test_releases_of_ees import wide

Run = Callable[..., subprocess.CompletedProcess[str]]
APPROVAL = ("--approved-by", "strategy officer", "--reason", "Two editions of one file", "--yes")
FIRST = {"860": "2260", "936": "4001", "383": "2313"}
SECOND = {"860": "x", "936": "4002", "383": "2313"}


def requests_file(received: dict[str, str]) -> bytes:
    """Requests of 2024 for a few authorities, as the 2025 release prints them."""
    topic = "All requests for EHC needs assessments"
    return csv_bytes(
        [
            wide("requests", "2025", topic, old_la_code=code, requests_received_in_year=number)
            for code, number in received.items()
        ]
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, run_send: Run) -> Path:
    """Both editions taken in, in the order in which they were published."""
    folder = tmp_path_factory.mktemp("revisions")
    for name, received in (("first", FIRST), ("second", SECOND)):
        path = folder / f"{name}.csv"
        path.write_bytes(requests_file(received))
        assert run_send(folder / "workspace", "ingest", str(path)).returncode == 0
    assert run_send(folder / "workspace", "build").returncode == 0
    assert run_send(folder / "workspace", "publish", *APPROVAL).returncode == 0
    return folder / "workspace"


def values(run_send: Run, workspace: Path, *words: str) -> list[dict[str, Any]]:
    done = run_send(workspace, "kpi", "requests_received", "--period", "2024", "--json", *words)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["values"]
    return found


def test_the_newest_edition_is_shown(run_send: Run, workspace: Path) -> None:
    shown = {item["la_code"]: item for item in values(run_send, workspace)}
    assert (shown["936"]["value"], shown["936"]["vintage"]) == (4002, "2025-r2")
    assert (shown["860"]["value"], shown["860"]["symbol"]) == (None, "x")


def test_both_editions_are_there_for_whoever_asks(run_send: Run, workspace: Path) -> None:
    both = values(run_send, workspace, "--area", "936", "--all-vintages")
    assert [(item["vintage"], item["value"]) for item in both] == [
        ("2025", 4001),
        ("2025-r2", 4002),
    ]


def test_a_changed_figure_is_marked_and_one_that_became_a_symbol_too(workspace: Path) -> None:
    release = current_release(workspace)
    assert release is not None
    with closing(connect(release.public_path)) as connection:
        rows = connection.execute(
            "select la_code, is_revised, previous_vintage, previous_value from marts.kpi_value "
            "where kpi = 'requests_received' and vintage = '2025-r2' order by la_code"
        ).fetchall()
    assert [(code, revised, edition) for code, revised, edition, _ in rows] == [
        ("383", False, None),
        ("860", True, "2025"),
        ("936", True, "2025"),
    ]
    assert [value for *_, value in rows] == [None, 2260, 4001]


def test_the_table_marks_what_was_revised(run_send: Run, workspace: Path) -> None:
    table = run_send(workspace, "kpi", "requests_received", "--period", "2024").stdout
    assert "[r] was 4,001 in 2025" in table
    assert "[r] was 2,260 in 2025" in table
    assert table.count("[r]") == 2
