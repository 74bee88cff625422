"""The one resource of all assets: which workspace, which council, and its warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.engine.duckdb import show_landing, warehouse
from pipelines.registry.landing import landing_tables
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    import duckdb


class House(dg.ConfigurableResource):
    """A workspace named at run time; empty means SEND_WORKSPACE, then the default."""

    workspace: str = ""

    def settings(self) -> Settings:
        """Settings of the workspace."""
        return load_settings(self.workspace or None)

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The warehouse for writing, with landing shown as it lies on disk now."""
        settings = self.settings()
        sql_folder = settings.project_root / "sql"
        tables = landing_tables(sql_folder)
        with warehouse(settings.warehouse, sql_folder) as connection:
            show_landing(connection, tables, landing_files(settings.landing, tables))
            yield connection


def landing_files(landing: Path, tables: dict[str, dict[str, str]]) -> dict[str, list[Path]]:
    """The Parquet files of each landing table."""
    return {name: sorted((landing / name).glob("*.parquet")) for name in tables}
