"""The field dictionary is strict, and says what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import RegistryError
from pipelines.registry.fields import Field, fields, require_fields
from pipelines.settings import PROJECT_ROOT

GOOD = "area_name:\n  type: varchar\n  meaning: Name of the area.\n"


def _read(folder: Path, text: str) -> list[Field]:
    (folder / "fields.yml").write_text(text, encoding="utf-8")
    return list(fields(folder).values())


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    (field,) = _read(tmp_path, GOOD)
    assert (field.name, field.type, field.nullable) == ("area_name", "varchar", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "  nulable: true\n", "did you mean 'nullable'"),
        (GOOD.replace("varchar", "varchr"), "did you mean 'varchar'"),
        (GOOD.replace("area_name", "Area-Name"), "name"),
        (GOOD + GOOD, "written twice: area_name"),
        ("area_name:\n  type: varchar\n", "meaning"),
        ("", "holds no fields"),
    ],
)
def test_a_bad_entry_is_refused_with_what_was_meant(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RegistryError, match=said):
        _read(tmp_path, text)


def test_an_entry_cannot_be_changed() -> None:
    field = fields(PROJECT_ROOT / "sql")["area_name"]
    with pytest.raises(ValueError, match="frozen"):
        field.type = "bigint"  # type: ignore[misc]


def test_an_unknown_column_names_the_nearest_field() -> None:
    known = fields(PROJECT_ROOT / "sql")
    require_fields(["area_code"], known, "here")
    with pytest.raises(RegistryError, match="did you mean 'area_code'"):
        require_fields(["area_cod"], known, "here")
