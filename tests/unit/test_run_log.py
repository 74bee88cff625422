"""The pipeline's own log: a line of JSON a step, and the words of no fault."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from rich.progress import Progress

from pipelines.assembly import build_in_process
from pipelines.assets import landing
from pipelines.engine.duckdb import make_table
from pipelines.errors import InputError, ProgramFaultError, SendError
from pipelines.registry.models import Model
from pipelines.run_log import LOG, logged
from pipelines.settings import Settings

CELL = "Qsur00007"


def lines(settings: Settings) -> list[dict[str, object]]:
    text = (settings.workspace / "log" / LOG).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_step_that_ends_well_leaves_one_line_with_what_was_told_of_it(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with logged(settings, "marts") as told:
        told["failed_checks"] = 0
    (line,) = lines(settings)
    assert line["step"] == "marts"
    assert line["status"] == "done"
    assert line["failed_checks"] == 0
    assert set(line) == {"at", "step", "status", "failed_checks", "seconds"}


def test_a_fault_is_logged_and_told_by_kind_and_place_without_its_words(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with pytest.raises(ProgramFaultError) as told, logged(settings, "core"):
        int(CELL)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__
    assert "ValueError\n  at " in str(told.value)
    assert "\n  at tests/unit/test_run_log.py:" in str(told.value)
    assert CELL not in str(told.value)
    (line,) = lines(settings)
    assert line["fault"] == "ValueError"
    assert str(line["place"]).startswith("tests/unit/test_run_log.py:")
    assert CELL not in json.dumps(line)


def test_an_error_for_readers_keeps_its_words_and_loses_its_cause(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with pytest.raises(InputError, match="no such file") as told, logged(settings, "landing"):
        raise InputError("no such file") from ValueError(CELL)
    assert told.value.__cause__ is None
    (line,) = lines(settings)
    assert line["fault"] == "InputError"


def test_a_build_that_falls_says_neither_in_its_message_nor_in_its_log_what_the_row_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fallen(settings: Settings) -> None:
        int(CELL)

    monkeypatch.setattr(landing, "take_inbox", fallen)
    settings = Settings(tmp_path)
    with pytest.raises(SendError) as told:
        build_in_process(settings, Progress(disable=True))
    assert str(told.value).startswith("landing_floor: a fault of the program itself: ValueError")
    assert "at tests/unit/test_run_log.py:" in str(told.value)
    assert CELL not in str(told.value)
    (line,) = lines(settings)
    assert (line["step"], line["status"], line["fault"]) == ("landing", "failed", "ValueError")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select cast(cell as integer) as number from cells", "ConversionException"),
        ("select cel from cells", 'column "cel" not found'),
    ],
    ids=["a row", "the text"],
)
def test_a_model_that_fails_quotes_its_text_and_never_a_row(sql: str, said: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute("create table cells as select ? as cell", [CELL])
        with pytest.raises(SendError) as told:
            make_table(connection, Model("core.planted", sql, frozenset(), None))
    assert said in str(told.value)
    assert CELL not in str(told.value)
    assert told.value.__cause__ is None
