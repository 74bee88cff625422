"""The one resource of all assets: which workspace, which council, and its warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.engine.duckdb import show_landing, warehouse
from pipelines.registry.landing import landing_tables
from pipelines.registry.suites import columns_needed
from pipelines.release.inputs import stock_of_build
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
        """The warehouse for writing, with landing shown as it lay when the build took stock."""
        settings = self.settings()
        sql_folder = settings.project_root / "sql"
        tables = landing_tables(sql_folder)
        with warehouse(settings.warehouse, sql_folder) as connection:
            needed = columns_needed(settings.project_root / "expectations", sql_folder)
            show_landing(connection, tables, landing_files(settings), needed)
            yield connection


def landing_files(settings: Settings) -> dict[str, list[Path]]:
    """The Parquet files of each landing table that this build reads."""
    files = stock_of_build(settings).landing_files
    return {name: [settings.landing / item for item in names] for name, names in files.items()}
