"""The judged tables of the public file: made once more, from the marts that stand in it.

Never copied from the officers' tables: a limit or a range that rests on exact figures would tell of
them. What is judged here knows no more than any reader of the file, who could judge it again; but
for a milestone's chance in whole per cent and the months in which the queue reaches it
(judgement/plan_status.py), so that a release does not tell two chances of one promise, and readers
learn when the backlog clears.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine.duckdb import attach
from pipelines.judgement.make import Inputs, make_judgements
from pipelines.judgement.plan_status import told_in_public

if TYPE_CHECKING:
    import duckdb

    from pipelines.settings import Settings

TARGET = "public_file"


def judge_in_public(
    connection: duckdb.DuckDBPyConnection, public_path: Path, settings: Settings
) -> dict[str, int]:
    """Add the judged tables to the public file beside the warehouse that is open; rows by table."""
    (built,) = connection.execute("select current_database()").fetchone() or ("",)
    attach(connection, public_path, TARGET)
    told = told_in_public(connection)
    try:
        connection.execute(f"use {TARGET}")
        inputs = Inputs(settings.project_root, settings.council_folder, True, told)
        written = dict(make_judgements(connection, inputs))
        connection.execute(f"checkpoint {TARGET}")
    finally:
        connection.execute(f"use {built}")
        connection.execute(f"detach {TARGET}")
    return written
