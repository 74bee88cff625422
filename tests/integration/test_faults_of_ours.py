"""A fault of the program itself: its kind and its place are told, its words are not."""

from __future__ import annotations

import errno
import sys

import duckdb
import pytest
import typer

from commands import cli
from pipelines.errors import EXIT_UNREADABLE
from pipelines.faults import fault_of
from pipelines.ingest import door

CELL = "Qsur00007"


def test_a_fault_is_told_without_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty() -> None:
        door.ingest([CELL], CELL)  # type: ignore[arg-type, list-item]

    app = typer.Typer(pretty_exceptions_enable=False)
    app.command("faulty")(faulty)
    monkeypatch.setattr(cli, "app", app)
    monkeypatch.setattr(sys, "argv", ["send"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == EXIT_UNREADABLE
    said = capsys.readouterr()
    assert "AttributeError" in said.err
    assert "pipelines/ingest/door.py:" in said.err
    assert "What to do" in said.err
    assert CELL not in said.err + said.out
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        duckdb.IOException('Could not write file "/x": No space left on device'),
        duckdb.FatalException("invalidated: Could not write file: Disk quota exceeded"),
    ],
    ids=["system", "engine", "engine that gave up"],
)
def test_a_full_disk_is_no_fault_of_ours(error: Exception) -> None:
    told = fault_of(error)
    assert told.exit_code == EXIT_UNREADABLE
    assert "no room left" in told.what
    assert "Make room" in told.remedy


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException("Cannot open file: No such file or directory"),
        duckdb.ConversionException(f"{CELL}: No space left on device"),
        ValueError("No space left on device"),
    ],
    ids=["another", "a cell that says so", "not the engine"],
)
def test_other_faults_are_not_taken_for_a_full_disk(error: Exception) -> None:
    assert "a fault of the program itself" in fault_of(error).what
