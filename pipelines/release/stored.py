"""What a past release was made of, and whether all of it is still kept here.

Files are known by the release's own evidence, their bytes by the raw store, the delivery plan's log
and what earlier releases foretold by their hashes in the manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.ingest import bundles, raw_store
from pipelines.ingest.person_level import SOURCE as COUNCIL
from pipelines.json_lines import lines
from pipelines.registry.plan_log import log_path
from pipelines.release.files import sha256
from pipelines.release.forecast_record import FOLDER as FORECASTS
from pipelines.release.reader import Release, connect
from pipelines.settings import Settings

DELIVERIES = "received.jsonl"
ID_DIGITS = 16


@dataclass(frozen=True)
class StoredFile:
    """A file, or files that belong together, as a release took it in.

    Attributes:
        sha256: what arrived; kept: the objects of the raw store that it was read from.
        is_person_level: whether it is kept sealed and read from there.
        kind, release: what was said of it when it came.
    """

    sha256: str
    kept: tuple[str, ...]
    is_person_level: bool
    file_name: str
    archive_name: str | None
    kind: str
    release: str | None


@dataclass(frozen=True)
class Stored:
    """All that a release was made of besides code and facts.

    Attributes:
        files: in the order in which they arrived.
        plan_log: the log of the delivery plan as it was then.
        forecasts: what earlier releases foretold, relative to the workspace.
        lost: what of it is no longer kept, and why, in words; empty where it is whole.
    """

    files: tuple[StoredFile, ...]
    plan_log: bytes
    forecasts: tuple[str, ...]
    lost: tuple[str, ...]


def stored_of(settings: Settings, release: Release) -> Stored:
    """What a release was made of, looked for in its workspace."""
    files = _files(settings, release)
    inputs = {item["name"]: item["sha256"] for item in release.manifest["inputs"]}
    plan_log = _plan_log(settings, inputs)
    forecasts = {name: content for name, content in inputs.items() if _is_forecast(name)}
    lost = (
        *_lost_files(settings, files),
        *_lost_log(plan_log),
        *_lost_forecasts(settings, forecasts),
    )
    names = tuple(f"{name}.parquet" for name in forecasts)
    return Stored(tuple(files), plan_log or b"", names, lost)


def pieces_of(settings: Settings, file: StoredFile) -> dict[str, Any] | None:
    """The line of log/kept.jsonl that says what the file was read from then; None without one."""
    for line in lines(settings.workspace / "log" / bundles.LOG):
        kept = {piece["kept_sha256"] for piece in line["pieces"]}
        if line["sha256"] == file.sha256 and set(file.kept) <= kept:
            return line
    return None


def _files(settings: Settings, release: Release) -> list[StoredFile]:
    with closing(connect(release.evidence_path)) as connection:
        rows = connection.execute(
            "select sha256, list(distinct kept_sha256 order by kept_sha256), any_value(source), "  # noqa: S608
            "arg_min(file_name, file_id), arg_min(archive_name, file_id), any_value(kind), "
            f"any_value(release) from {release.evidence_path.stem}.evidence.file "
            "where kept_sha256 is not null group by sha256"
        ).fetchall()
    files = [
        StoredFile(row[0], tuple(row[1]), row[2] == COUNCIL, row[3], row[4], row[5], row[6])
        for row in rows
    ]
    order = _order(settings)
    return sorted(files, key=lambda file: (order.get(file.sha256, len(order)), file.sha256))


def _order(settings: Settings) -> dict[str, int]:
    """The place of each file among the deliveries, by when it first came."""
    came = lines(settings.workspace / "log" / DELIVERIES)
    hashes = (line["sha256"] for line in came if "sha256" in line)
    return {name: place for place, name in enumerate(dict.fromkeys(hashes))}


def _lost_files(settings: Settings, files: Iterable[StoredFile]) -> Iterator[str]:
    for file in files:
        if all(raw_store.holds(settings, name) for name in file.kept):
            if file.is_person_level and pieces_of(settings, file) is None:
                yield f"{_name(file)}: what it was read from is not written down in log/kept.jsonl"
            continue
        if bundles.arrived_as(settings, {file.sha256[:ID_DIGITS]}) & set(file.kept):
            yield (
                f"{_name(file)}: a person was erased from it after this release was built, and "
                "what is kept of it now does not hold the person"
            )
        else:
            yield f"{_name(file)}: its bytes are not kept here; look in your backup"


def _name(file: StoredFile) -> str:
    """A publisher's file by its name; one of the council's own by kind and release."""
    if file.is_person_level:
        return f"{file.kind} {file.release or ''} ({file.sha256[:ID_DIGITS]})".replace("  ", " ")
    return file.file_name


def _plan_log(settings: Settings, inputs: dict[str, str]) -> bytes | None:
    """As many of the log's lines as the release had; None where they are not there."""
    path = log_path(settings)
    wanted = inputs.get(f"councils/{settings.council}/{path.name}")
    if wanted is None:
        return b""
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    so_far = b""
    for line in lines:
        so_far += line
        if hashlib.sha256(so_far).hexdigest() == wanted:
            return so_far
    return None


def _lost_log(found: bytes | None) -> Iterator[str]:
    if found is None:
        yield "the log of the delivery plan: its first lines are not as they were then"


def _is_forecast(name: str) -> bool:
    return name.startswith(f"{FORECASTS}/")


def _lost_forecasts(settings: Settings, forecasts: dict[str, str]) -> Iterator[str]:
    for name, content in forecasts.items():
        path = Path(settings.workspace, f"{name}.parquet")
        if not path.is_file() or sha256(path) != content:
            yield f"{name}: what an earlier release foretold is not kept as it was"
