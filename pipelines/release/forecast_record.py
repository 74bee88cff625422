"""What published releases said of the future: an append-only record, one pair of files a release.

<workspace>/forecasts/<release id>/forecast_made.parquet and chance_made.parquet, written once, when
the release is published. They enter a later build as landing tables and are held against what came
(marts.forecast_score). A record counts from when other files are held than the release was built
from: before that nothing it foretells can have come, and publishing would ask for a new build.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.duckdb import attach
from pipelines.errors import InputError
from pipelines.registry.selects import literal
from pipelines.release.files import sha256, sync_folder
from pipelines.release.reader import Release, find_release
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

FOLDER = "forecasts"
RECEIVED = "received/"
TEXTS = {"forecast_made": "forecast_to_record", "chance_made": "chance_to_record"}
READS = ("forecast", "forecast_value", "plan_status")


def record_forecasts(settings: Settings, release: Release) -> None:
    """Write what a release says of the future, if it has not been written before.

    A release of an earlier version, without forecasts, leaves no record.
    """
    target = settings.workspace / FOLDER / release.id
    if target.is_dir():
        return
    part = target.with_name(f".{release.id}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    if not _write(settings, release, part):
        part.rmdir()
        return
    for path in part.iterdir():
        _sync(path)
    part.rename(target)
    sync_folder(target.parent)


def counted(settings: Settings, received: dict[str, str]) -> list[Path]:
    """The records that a build reads, oldest first.

    received: name and content hash of each received file, as the manifest of a release has them.
    """
    folder = settings.workspace / FOLDER
    found = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
    return [path for path in found if _received_by(settings, path.name) != received]


def record_inputs(settings: Settings, received: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Name and content hash of each record that counts."""
    for folder in counted(settings, received):
        for path in sorted(folder.glob("*.parquet")):
            yield f"{FOLDER}/{folder.name}/{path.stem}", sha256(path)


def land_record(settings: Settings, received: dict[str, str]) -> None:
    """Put the records that count, and no others, where the landing tables are read from."""
    folders = counted(settings, received)
    for table in TEXTS:
        landing = settings.landing / table
        landing.mkdir(parents=True, exist_ok=True, mode=0o700)
        wanted = {f"{folder.name}.parquet": folder / f"{table}.parquet" for folder in folders}
        for path in landing.glob("*.parquet"):
            if path.name not in wanted:
                path.unlink()
        for name, source in wanted.items():
            if not (landing / name).exists():
                part = landing / f"{name}.part"
                shutil.copyfile(source, part)
                part.replace(landing / name)


def _received_by(settings: Settings, release_id: str) -> dict[str, str] | None:
    """What a release was built from; None where it is kept no longer."""
    try:
        manifest = find_release(settings.workspace, release_id).manifest
    except InputError:
        return None
    return {
        item["name"]: item["sha256"]
        for item in manifest["inputs"]
        if item["name"].startswith(RECEIVED)
    }


def _write(settings: Settings, release: Release, folder: Path) -> bool:
    """Whether the release has forecasts, which then stand in the folder."""
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect()
    try:
        for name, path in (
            ("officer_file", release.officer_path),
            ("public_file", release.public_path),
        ):
            attach(connection, path, name, read_only=True)
        if not _has_forecasts(connection):
            return False
        made_at = release.manifest["built_at"].removesuffix("+00:00")
        asked: Any = pa.table({"release_id": [release.id], "made_at": [made_at]})
        connection.register("asked_for", asked)
        for table, text_name in TEXTS.items():
            text = settings.project_root / "sql" / "judgement" / f"{text_name}.sql"
            made = text.read_text(encoding="utf-8")
            target = literal(folder / f"{table}.parquet")
            connection.execute(f"copy ({made}) to {target} (format parquet, compression zstd)")
        return True
    finally:
        connection.close()


def _has_forecasts(connection: duckdb.DuckDBPyConnection) -> bool:
    held = connection.execute(
        "select database_name, table_name from duckdb_tables() where schema_name = 'marts'"
    ).fetchall()
    return all((file, name) in held for file in ("officer_file", "public_file") for name in READS)


def _sync(path: Path) -> None:
    path.chmod(0o600)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
