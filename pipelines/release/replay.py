"""The files of a past release, taken in once more from the raw store, into a clean workspace.

This runs with the code that the release was built with, so that they are read as they were then.
What `rebuild.py` of a later version writes down in LISTING must stay readable here. Person-level
files are opened where they lie, sealed; no plain copy is made.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.errors import FailedCheckError, InputError
from pipelines.ingest import bundles, door, landing, person_level, raw_store
from pipelines.ingest.intake import Run
from pipelines.ingest.reading import version_of
from pipelines.ingest.setting import said_of
from pipelines.locks import at_the_door
from pipelines.registry.sources import sources
from pipelines.release.stored import StoredFile
from pipelines.settings import Settings

LISTING = "replay.json"
ARRIVED = "arrived"


def write_listing(workspace: Path, files: Sequence[StoredFile]) -> None:
    """Write down which files are to be taken in, in which order."""
    text = json.dumps({"files": [asdict(file) for file in files]})
    (workspace / LISTING).write_text(text, encoding="utf-8")


def replay(settings: Settings) -> None:
    """Take in what the clean workspace's listing names, one file after the other.

    Raises:
        InputError: the workspace has no listing: it is not one that a rebuild made.
        FailedCheckError: a file was not read this time.
    """
    path = settings.workspace / LISTING
    if not path.is_file():
        raise InputError(
            "this workspace was not made for a rebuild",
            where=str(settings.workspace),
            remedy="Use: send releases rebuild ID",
        )
    files = [_file(item) for item in json.loads(path.read_text(encoding="utf-8"))["files"]]
    done: set[str] = set()
    for number, file in enumerate(files):
        if file.is_person_level:
            _take_person_level(settings, file)
        elif _source(file) not in done:
            done.add(_source(file))
            _take_published(settings, file, number)
    _require_all(settings, files)


def _file(item: Mapping[str, Any]) -> StoredFile:
    return StoredFile(**{**item, "kept": tuple(item["kept"])})


def _take_person_level(settings: Settings, file: StoredFile) -> None:
    kept = bundles.as_kept(settings, file.sha256, file.archive_name)
    if kept is None:
        raise InputError("it is not written down what the file was read from", where=file.sha256)
    asked = said_of({"release": file.release, "kind": file.kind})
    root = settings.project_root
    with at_the_door(settings):
        held = landing.received(settings)
        person_level.take(Run(settings, sources(root), version_of(root), held, asked), kept)


def _source(file: StoredFile) -> str:
    """The one object of the raw store that a publisher's file is read from: itself, or its zip."""
    return file.kept[0]


def _take_published(settings: Settings, file: StoredFile, number: int) -> None:
    """Offer a publisher's file under the name and in the zip or folder that it came in."""
    folder = settings.workspace / ARRIVED / str(number)
    is_zip = _source(file) != file.sha256
    offered = folder / (file.archive_name or file.file_name)
    path = offered if is_zip or file.archive_name is None else offered / file.file_name
    path.parent.mkdir(parents=True, mode=0o700)
    lay(raw_store.path_of(settings, _source(file)), path)
    door.take_in([offered], settings)


def lay(source: Path, target: Path) -> None:
    """The same bytes under another name: a second name where the disk allows it, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _require_all(settings: Settings, files: Sequence[StoredFile]) -> None:
    landed = {row["sha256"] for row in landing.received(settings)}
    missing = [file.sha256 for file in files if file.sha256 not in landed]
    if missing:
        raise FailedCheckError(
            f"{len(missing)} of {len(files)} files could not be read again",
            where=missing[0],
            remedy="The code, or a library, reads otherwise than it did then.",
        )
