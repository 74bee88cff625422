"""The log of the delivery plan counts whole lines only, and never quotes what it cannot read."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RegistryError
from pipelines.registry.plan import Milestone
from pipelines.registry.plan_log import Note, Revision, level_now, line_of, parse_log, read_log
from pipelines.registry.strict import parse

AT = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
PATH = Path("councils") / "860" / "plan_log.jsonl"
NOTE = Note(at=AT, role="lead", action="act", text="Nine are left, £2 and “more”.")
MOVE = Revision(
    at=AT,
    role="lead",
    milestone="step",
    old_date=date(2026, 9, 1),
    new_date=date(2027, 1, 31),
    old_value=Decimal(143),
    new_value=Decimal("120.5"),
    reason="One building is late.",
)


def test_an_entry_is_read_as_it_was_written() -> None:
    log = parse_log(line_of(NOTE) + line_of(MOVE), PATH)
    assert log.entries == {1: NOTE, 2: MOVE}
    assert not log.has_open_end


def test_a_file_that_is_not_there_is_a_log_without_lines(tmp_path: Path) -> None:
    log = read_log(tmp_path / "plan_log.jsonl")
    assert (dict(log.entries), log.sha256, log.has_open_end) == ({}, "", False)


@given(cut=st.integers(min_value=1, max_value=len(line_of(MOVE)) - 1))
def test_a_line_without_its_end_does_not_count_wherever_it_was_cut(cut: int) -> None:
    whole = line_of(NOTE)
    log = parse_log(whole + line_of(MOVE)[:cut], PATH)
    assert log.entries == {1: NOTE}
    assert log.has_open_end
    assert log.sha256 == hashlib.sha256(whole).hexdigest()


@given(cut=st.integers(min_value=0, max_value=len(line_of(MOVE)) - 1))
def test_a_line_that_was_closed_as_interrupted_is_passed_over_and_keeps_its_number(
    cut: int,
) -> None:
    raw = line_of(NOTE) + line_of(MOVE)[:cut] + b" #interrupted\n" + line_of(NOTE)
    assert parse_log(raw, PATH).entries == {1: NOTE, 3: NOTE}


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"note"}\n',
        b"written by hand\n",
        b"\n",
        b"\xff\xfe\n",
        line_of(NOTE).replace(b"note", b"rumour"),
        line_of(NOTE).replace(b'"role"', b'"name"'),
        line_of(MOVE).replace(b"2027-01-31", b"2026-09-01").replace(b"120.5", b"143"),
    ],
    ids=["half", "text", "empty", "bytes", "kind", "key", "no_move"],
)
def test_a_whole_line_that_is_no_entry_is_named_by_number_and_not_quoted(line: bytes) -> None:
    with pytest.raises(RegistryError) as caught:
        parse_log(line_of(NOTE) + line, PATH)
    said = str(caught.value)
    assert said.startswith("councils/860/plan_log.jsonl, line 2: ")
    assert "by hand" not in said
    assert "Nine" not in said


def test_the_last_of_several_moves_holds() -> None:
    content = {
        "id": "step",
        "says": "A step.",
        "due": "2026-09-01",
        "value": 143,
        "document": "000",
    }
    milestone = parse(Milestone, content, "a milestone")
    later = MOVE.model_copy(update={"new_date": date(2027, 6, 30), "new_value": Decimal(100)})
    assert level_now(milestone, []) == (date(2026, 9, 1), Decimal(143))
    assert level_now(milestone, [MOVE, later]) == (date(2027, 6, 30), Decimal(100))
