"""SECURITY.md names for each promise the tests that hold it: they are there, and do test."""

from __future__ import annotations

import re

import pytest

from pipelines.settings import PROJECT_ROOT

PROMISES = [f"P{number}" for number in range(1, 16)]
FILE = re.compile(r"`((?:tests|bench)/[\w/]+\.py)`")
LINE = re.compile(r"^\| (P\d+)? ?\|(.+)\|(.+)\|(.+)\|$", re.MULTILINE)
HEADING = ("", "tested by")
TEST = re.compile(r"^(?:async )?def test_\w+", re.MULTILINE)


def lines() -> list[tuple[str, str]]:
    """Number and "tested by" of every promise."""
    text = (PROJECT_ROOT / "SECURITY.md").read_text(encoding="utf-8")
    found = [(line[0], line[3].strip()) for line in LINE.findall(text)]
    return [line for line in found if line != HEADING]


def named() -> list[str]:
    return sorted({path for _, tested_by in lines() for path in FILE.findall(tested_by)})


def test_every_promise_stands_there_once() -> None:
    assert [number for number, _ in lines() if number] == PROMISES
    assert len(lines()) > len(PROMISES)


def test_every_promise_names_a_file_that_holds_it() -> None:
    assert not [number for number, tested_by in lines() if not FILE.findall(tested_by)]


@pytest.mark.parametrize("path", named())
def test_a_named_file_is_there_and_tests(path: str) -> None:
    text = (PROJECT_ROOT / path).read_text(encoding="utf-8")
    assert path.startswith("bench/") or TEST.search(text)
