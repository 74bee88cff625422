"""A second release made of the first: other figures under a name of its own, noted as a build is.

A build of its own takes half a minute; what is tested with twins is how releases are compared,
approved and swapped, and not how they are made.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb

from pipelines.release import audit_log
from pipelines.release.files import sha256
from pipelines.release.reader import (
    APPROVAL,
    DIFF,
    EVIDENCE,
    MANIFEST,
    OFFICER,
    PUBLIC,
    Release,
    find_release,
)
from pipelines.release.row_proof import in_manifest, rows_of, stated_by
from pipelines.settings import Settings


def twin(
    settings: Settings,
    first: Release,
    number: int,
    *statements: str,
    officers: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
) -> Release:
    """A candidate like the first release but for what the statements change.

    statements: are run on the public and on the officers' file; officers: on that one alone;
    evidence: on the auditors'.
    """
    name = f"2099-01-0{number}-abcdefgh"
    folder = settings.releases / name
    shutil.copytree(first.folder, folder)
    changes = {PUBLIC: statements, OFFICER: (*statements, *officers), EVIDENCE: evidence}
    for file, texts in changes.items():
        with duckdb.connect(str(folder / file)) as connection:
            for statement in texts:
                connection.execute(statement)
            if file != EVIDENCE:
                connection.execute("update marts.release set release = ?", [name])
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for each, file in manifest["files"].items():
        file["sha256"] = sha256(folder / each)
    manifest |= in_manifest({each: _rows(folder / each) for each in stated_by(manifest)})
    manifest |= {"release": name, "built_at": f"2099-01-0{number}T09:00:00+00:00"}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    for each in (APPROVAL, DIFF):
        (folder / each).unlink(missing_ok=True)
    seal = sha256(folder / MANIFEST)
    audit_log.note(settings, "build", release=name, manifest_sha256=seal)
    return find_release(settings.workspace, name)


def _rows(path: Path) -> dict[str, int]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return rows_of(connection, path.stem)
