"""The field dictionary, sql/fields.yml: one name is one thing, in every table.

Only the reading of the dictionary belongs here. What is checked because of it stands in
pipelines/registry/suites.py; which table has which column is a fact of the table's own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import Field as Setting
from pydantic import field_validator

from pipelines.errors import RegistryError
from pipelines.registry.strict import Strict, nearest, parse, read_yaml

TYPES = frozenset({"varchar", "boolean", "integer", "bigint", "double", "date", "timestamp"})
DECIMAL = re.compile(r"decimal\(\d+,\d+\)")


class Field(Strict):
    """One column name and what it means wherever it stands.

    Attributes:
        name: lower case, in words. Good: area_name. Bad: AreaNm.
        type: DuckDB type. Good: decimal(18,6). Bad: number.
        meaning: one sentence for a reader. Good: "Name of the area." Bad: "area name col".
        unit: of a number. Good: rows. Bad: n.
        codes: every value it may take, with its meaning.
        nullable: whether a row may leave it empty.
        is_personal: whether it describes one child; such a field may not stand in a mart.
    """

    name: str = Setting(pattern=r"^[a-z][a-z0-9_]*$")
    type: str
    meaning: str = Setting(min_length=10)
    unit: str | None = None
    codes: dict[str, str] = Setting(default_factory=dict)
    nullable: bool = False
    is_personal: bool = False

    @field_validator("type")
    @classmethod
    def _known_type(cls, text: str) -> str:
        if text not in TYPES and not DECIMAL.fullmatch(text):
            raise ValueError(f"'{text}' is not a type{nearest(text, TYPES)}")
        return text


@cache
def fields(sql_folder: Path) -> dict[str, Field]:
    """Every field by its name, in the order of the file.

    Raises:
        RegistryError: a key is unknown or written twice; names the key that was meant.
    """
    where = "sql/fields.yml"
    content = read_yaml(sql_folder / "fields.yml")
    if not isinstance(content, dict) or not content:
        raise RegistryError("holds no fields", where=where)
    return {
        str(name): parse(Field, {"name": name, **(facts or {})}, f"{where}, {name}")
        for name, facts in content.items()
    }


def require_fields(names: Iterable[str], known: dict[str, Field], where: str) -> None:
    """Refuse a column name that the dictionary does not hold.

    Raises:
        RegistryError: names each unknown column and the field that was meant.
    """
    unknown = [f"'{name}'{nearest(name, known)}" for name in names if name not in known]
    if unknown:
        raise RegistryError(
            f"not in the field dictionary: {'; '.join(unknown)}",
            where=where,
            remedy="Correct the name, or describe the new column in sql/fields.yml.",
        )
