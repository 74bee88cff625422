"""A log of one object a line: whole lines are read, and a torn one takes no other with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.json_lines import append, lines

ONE, TWO, THREE = {"file": "één"}, {"file": "two"}, {"file": "three"}


def test_lines_are_read_as_they_were_added(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    assert list(lines(path)) == []
    for line in (ONE, TWO):
        append(path, line)
    assert list(lines(path)) == [ONE, TWO]
    assert path.read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize("kept", [1, 8, 14], ids=lambda size: f"{size}-bytes-kept")
def test_a_line_after_a_torn_one_is_not_lost_with_it(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "log.jsonl"
    append(path, ONE)
    whole = path.read_bytes()
    append(path, TWO)
    path.write_bytes(path.read_bytes()[: len(whole) + kept])
    append(path, THREE)
    assert list(lines(path)) == [ONE, THREE]
