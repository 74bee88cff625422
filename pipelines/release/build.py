"""Making a release: freeze the marts and the evidence into files of their own, beside the old ones.

A release is written into a hidden folder and renamed when it is complete, so that no reader and no
later build ever meets half of one. Its id is the day and the first digits of its input key.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.duckdb import attach, row_count, warehouse
from pipelines.registry.council import council
from pipelines.release import audit_log
from pipelines.release.code import code_version
from pipelines.release.disclosure import write_public_marts
from pipelines.release.disclosure_report import write_disclosure_report
from pipelines.release.earlier import numbers_beside
from pipelines.release.evidence import keep_evidence
from pipelines.release.files import sha256, sync_folder, write_atomically
from pipelines.release.inputs import Stock, input_key, stock_of_build
from pipelines.release.judged import judge_in_public
from pipelines.release.parts import write_parts
from pipelines.release.reader import (
    DISCLOSURE,
    EVIDENCE,
    MANIFEST,
    OFFICER,
    PARTS,
    PUBLIC,
    Release,
    all_releases,
    find_release,
)
from pipelines.release.row_proof import Rows, in_manifest, require_rows
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from pipelines.release.attack.printed import Printed

# What a release is made of; the report on small numbers only where a council's rows are held.
CONTENT = (PUBLIC, OFFICER, EVIDENCE, PARTS, DISCLOSURE)
LOCK = "requirements.lock"

# The rows of children, by pseudonym, and of the council's own returns, that officers see beside the
# exact figures.
CASES = (
    "case_return",
    "person",
    "request",
    "assessment",
    "ehc_plan",
    "placement",
    "sen_need",
    "review",
    "open_case",
    "record_finding",
    "finding_explanation",
    "case_correction",
    "early_support",
    "ep_advice",
    "amended_plan",
    "ap_census_pupil",
    "place",
    "workforce",
    "spend",
    "training",
)


def release_of_inputs(settings: Settings) -> Release | None:
    """The release already built from the inputs as they lie on disk now, if there is one."""
    return _release_of(settings, input_key(settings))


def _release_of(settings: Settings, key: str) -> Release | None:
    same = [item for item in all_releases(settings.workspace) if item.manifest["input_key"] == key]
    return same[-1] if same else None


def make_release(settings: Settings) -> Release:
    """Freeze the warehouse as a candidate release, under the key of the inputs it was built from.

    The warehouse must be built and checked; an earlier release of the same inputs is given back.
    """
    stock = stock_of_build(settings)
    existing = _release_of(settings, stock.key)
    if existing:
        return existing
    built_at = datetime.now(UTC)
    release_id = f"{built_at:%Y-%m-%d}-{stock.key[:8]}"
    folder = settings.releases / f".building-{release_id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    identity = {"release": release_id, "built_at": built_at.isoformat(timespec="seconds")}
    written = _freeze(settings, folder, identity, numbers_beside(settings, stock.inputs))
    require_rows(folder, written)
    manifest = _manifest(settings, folder, stock, written) | identity
    write_atomically(folder / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    audit_log.note(
        settings,
        "build",
        release=release_id,
        input_key=stock.key,
        manifest_sha256=sha256(folder / MANIFEST),
    )
    folder.rename(settings.releases / release_id)
    sync_folder(settings.releases)
    return find_release(settings.workspace, release_id)


def _freeze(
    settings: Settings, folder: Path, identity: dict[str, str], earlier: Sequence[Printed]
) -> dict[str, Rows]:
    """Write the files for anybody, officers and auditors; by file, the rows written by table."""
    sql_folder = settings.project_root / "sql"
    mask = os.umask(0o077)
    try:
        with warehouse(settings.warehouse, sql_folder) as connection:
            keep_evidence(connection, sql_folder)
            public = write_public_marts(
                connection, folder / PUBLIC, settings.project_root, earlier
            ) | judge_in_public(connection, folder / PUBLIC, settings)
            officer = copy_schemas(
                connection, folder / OFFICER, {"marts": "marts", "cases": "core"}, _for_officers
            )
            evidence = copy_schemas(connection, folder / EVIDENCE, {"evidence": "evidence"})
    finally:
        os.umask(mask)
    write_disclosure_report(folder, identity["release"])
    write_parts(folder)
    return {
        PUBLIC: public | _sign(settings, folder / PUBLIC, identity),
        OFFICER: officer | _sign(settings, folder / OFFICER, identity),
        EVIDENCE: evidence,
    }


def _everything(_: str, __: str) -> bool:
    return True


def _for_officers(schema: str, table: str) -> bool:
    return schema == "marts" or table in CASES


def copy_schemas(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    schemas: Mapping[str, str],
    is_wanted: Callable[[str, str], bool] = _everything,
) -> dict[str, int]:
    """Copy tables of the warehouse that is open into a file of the release.

    Gives the rows by table as the warehouse has them, so that a copy that is short is found too.
    schemas: name in the file -> name in the warehouse.
    is_wanted: is given the schema and the table in the warehouse.
    """
    attach(connection, target, "release_file")
    copied = {}
    for schema, source in schemas.items():
        connection.execute(f"create schema release_file.{schema}")
        for table in _tables(connection, source):
            if is_wanted(source, table):
                name = f"release_file.{schema}.{table}"
                connection.execute(f"create table {name} as from {source}.{table}")
                copied[f"{schema}.{table}"] = row_count(connection, f"{source}.{table}")
    connection.execute("checkpoint release_file")
    connection.execute("detach release_file")
    return copied


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    rows = connection.table("duckdb_tables").project("schema_name, table_name").fetchall()
    return sorted(table for owner, table in rows if owner == schema)


def _sign(settings: Settings, path: Path, identity: dict[str, str]) -> dict[str, int]:
    """Write marts.release; gives its one row by its name."""
    import duckdb

    home = council(settings.council_folder)
    row = identity | {
        "council": home.la_code,
        "council_name": home.name,
        "code_version": code_version(settings.project_root),
        "is_sample": settings.is_sample,
    }
    connection = duckdb.connect(str(path))
    try:
        values = ", ".join(f"? as {name}" for name in row)
        connection.execute(f"create table marts.release as select {values}", list(row.values()))
        connection.execute("checkpoint")
    finally:
        connection.close()
    return {"marts.release": 1}


def _manifest(
    settings: Settings, folder: Path, stock: Stock, written: Mapping[str, Rows]
) -> dict[str, Any]:
    return {
        "input_key": stock.key,
        "council": settings.council,
        "code_version": code_version(settings.project_root),
        "product_version": version("send-monitor"),
        "engine": f"duckdb {version('duckdb')}",
        "libraries_sha256": libraries(settings.project_root),
        audit_log.HEAD_IN: audit_log.head(settings).as_json(),
        "inputs": [{"name": name, "sha256": content} for name, content in stock.inputs],
        **in_manifest(written),
        "files": {
            name: {"sha256": sha256(folder / name), "size_bytes": (folder / name).stat().st_size}
            for name in CONTENT
            if (folder / name).is_file()
        },
    }


def libraries(root: Path) -> str:
    """The hash of the lock that names every library; '' where an installation has none."""
    path = root / LOCK
    return sha256(path) if path.is_file() else ""
