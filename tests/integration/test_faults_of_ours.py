"""A fault of the program itself: its kind and its place are told, its words are not."""

from __future__ import annotations

import sys

import pytest
import typer

from commands import cli
from pipelines.errors import EXIT_UNREADABLE
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
