"""The house's YAML is refused with an error that says what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import RegistryError
from pipelines.registry.measures import Measure
from pipelines.registry.strict import Strict, load, parse, read_yaml


class Inner(Strict):
    period: str


class Outer(Strict):
    title: str
    breaks: tuple[Inner, ...] = ()


def test_an_unknown_key_names_the_key_that_was_meant() -> None:
    with pytest.raises(RegistryError, match=r"unknown key 'titel' .did you mean 'title'"):
        parse(Outer, {"title": "a", "titel": "b"}, "data/x.yml")


def test_an_unknown_key_of_a_nested_record_is_named_too() -> None:
    with pytest.raises(RegistryError, match=r"breaks\.0\.perod' .did you mean 'period'"):
        parse(Outer, {"title": "a", "breaks": [{"period": "2023", "perod": "2023"}]}, "x")


def test_the_error_names_the_file() -> None:
    with pytest.raises(RegistryError, match=r"^data/x\.yml: title: Field required"):
        parse(Outer, {}, "data/x.yml")


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "twice.yml"
    page.write_text("title: a\ntitle: b\n")
    with pytest.raises(RegistryError, match="written twice: title"):
        read_yaml(page)


def test_a_missing_file_and_broken_yaml_are_named(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"none\.yml: the file is missing"):
        load(Outer, tmp_path / "none.yml")
    broken = tmp_path / "broken.yml"
    broken.write_text("title: [a\n")
    with pytest.raises(RegistryError, match=r"broken\.yml: not readable as YAML"):
        load(Outer, broken)


def test_a_record_cannot_be_changed() -> None:
    record = parse(Inner, {"period": "2023"}, "x")
    with pytest.raises(ValueError, match="frozen"):
        record.period = "2024"  # type: ignore[misc]


def test_a_measure_with_a_unit_nobody_knows_is_refused() -> None:
    with pytest.raises(RegistryError, match="unit"):
        parse(Measure, {"id": "a_share", "unit": "%"}, "sql/kpi/a_share.yml")
