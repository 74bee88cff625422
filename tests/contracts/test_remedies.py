"""Every error that the door may show says what can be done about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from pipelines.settings import PROJECT_ROOT

ERRORS = {"SendError", "InputError", "RegistryError", "FailedCheckError"}


def calls(path: Path) -> Iterator[ast.Call]:
    """Where an error for a reader is made."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ERRORS
        ):
            yield node


def without_remedy(path: Path) -> list[str]:
    return [
        f"{path.name}:{call.lineno}"
        for call in calls(path)
        if not [word for word in call.keywords if word.arg == "remedy" and _says(word.value)]
    ]


def _says(value: ast.expr) -> bool:
    """An empty remedy is none."""
    return not (isinstance(value, ast.Constant) and not value.value)


def test_every_error_of_the_door_has_a_remedy() -> None:
    paths = sorted((PROJECT_ROOT / "pipelines" / "ingest").rglob("*.py"))
    assert sum(len(list(calls(path))) for path in paths) > 50
    assert [place for path in paths for place in without_remedy(path)] == []


def test_an_error_without_a_remedy_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "reader.py"
    path.write_text("raise InputError('a', where='b')\nraise InputError('a', remedy='')\n")
    assert without_remedy(path) == ["reader.py:1", "reader.py:2"]
