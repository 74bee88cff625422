"""The list of parts of a release is a CycloneDX document of what is installed."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from pipelines.release.parts import write_parts
from pipelines.release.reader import PARTS


def test_every_library_stands_in_a_valid_document(tmp_path: Path) -> None:
    write_parts(tmp_path)
    text = (tmp_path / PARTS).read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    found = {part["name"]: part["version"] for part in json.loads(text)["components"]}
    for name in ("duckdb", "highspy", "great-expectations", "python-calamine"):
        assert found[name] == version(name)
    assert json.loads(text)["metadata"]["component"]["version"] == version("send-monitor")


def test_it_says_nothing_of_the_machine(tmp_path: Path) -> None:
    write_parts(tmp_path)
    text = (tmp_path / PARTS).read_text(encoding="utf-8")
    assert str(Path.home()) not in text
    assert "file:" not in text
