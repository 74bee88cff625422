"""Which tables land as Parquet, with their columns: read from sql/landing.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.errors import RegistryError
from pipelines.registry.strict import read_yaml


@cache
def landing_tables(sql_folder: Path) -> dict[str, dict[str, str]]:
    """Column name -> DuckDB type, for each landing table.

    Raises:
        RegistryError: the page is not a mapping of mappings of texts.
    """
    tables = read_yaml(sql_folder / "landing.yml")
    for name, columns in tables.items():
        if not all(isinstance(kind, str) for kind in columns.values()):
            raise RegistryError(f"{name}: a column's type is not a word", where="sql/landing.yml")
    return dict(tables)
