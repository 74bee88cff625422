"""Publishing: a named person, a reason, and then the pointer moves. Rolling back moves it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipelines.errors import FailedCheckError, InputError
from pipelines.release.build import release_of_inputs
from pipelines.release.erased import hashes_after
from pipelines.release.files import append_line, sha256, write_atomically
from pipelines.release.forecast_record import record_forecasts
from pipelines.release.reader import (
    APPROVAL,
    EVIDENCE,
    POINTER,
    PUBLIC,
    Release,
    all_releases,
    connect,
    current_release,
    find_release,
)
from pipelines.release.rounding import LEAST_POSSIBLE
from pipelines.settings import Settings

MIN_REASON_LENGTH = 10


def candidate_release(settings: Settings) -> Release:
    """The build of the inputs as they are now, which is what publishing puts before readers.

    Raises:
        InputError: nothing has been built, or files, facts or code have changed since.
    """
    candidate = release_of_inputs(settings)
    if candidate:
        return candidate
    if not all_releases(settings.workspace):
        raise InputError(
            "nothing has been built yet",
            where=str(settings.releases),
            remedy="Build first with: send build",
        )
    raise InputError(
        "files, facts or code have changed since the last build, or it did not pass its checks",
        where=str(settings.releases),
        remedy="Run: send build. An earlier release is shown again with: send releases rollback ID",
    )


def require_words(approved_by: str, reason: str) -> None:
    """A name, and a reason of ten characters or more.

    Raises:
        InputError: says which is missing.
    """
    if not approved_by.strip():
        raise InputError("a release is approved by a named person", where="--approved-by")
    if len(reason.strip()) < MIN_REASON_LENGTH:
        raise InputError(
            f"the reason has fewer than {MIN_REASON_LENGTH} characters",
            where="--reason",
            remedy="Say in a sentence why these figures may be shown, for those who come after.",
        )


def publish(settings: Settings, release: Release, approved_by: str, reason: str) -> Release:
    """Approve a release, keep what it says of the future, and point readers at it.

    Raises:
        InputError: no name, or a reason of under ten characters.
        FailedCheckError: the files are not those the build wrote, or a small number in them could
            be worked out; the pointer stays where it was.
    """
    require_words(approved_by, reason)
    faults = verify(release)
    if faults:
        raise FailedCheckError(
            "; ".join(faults),
            where=f"release {release.id}",
            remedy="Build again with: send build. Readers still see the earlier release.",
        )
    _require_closed(settings, release)
    record = _record("publish", settings, release, approved_by, reason)
    _write_approval(release, record)
    record_forecasts(settings, release)
    _point_at(settings, release, record)
    return find_release(settings.workspace, release.id)


def _require_closed(settings: Settings, release: Release) -> None:
    """Nobody can work out a small number from this release and the one that people read now."""
    from pipelines.release.attack.gate import attacked

    current = current_release(settings.workspace)
    other = current if current and current.id != release.id else None
    verdict = attacked(
        release.folder / PUBLIC,
        release.folder / EVIDENCE,
        other.folder / PUBLIC if other else None,
        settings.project_root,
    )
    if verdict and verdict.narrow:
        first = verdict.narrow[0]
        raise FailedCheckError(
            f"at least {len(verdict.narrow)} hidden counts could be worked out to fewer than "
            f"{LEAST_POSSIBLE} values, the first of them in the return {first.variable.vintage}: "
            f"{', '.join(first.variable.counted[:4])}",
            where=f"release {release.id}" + (f" read beside {other.id}" if other else ""),
            remedy="Readers still see the earlier release. Let the measure publish fewer groups "
            "(publish: in its .yml), then: send build.",
        )


def rollback(settings: Settings, release: Release, approved_by: str, reason: str) -> Release:
    """Point readers at a release that was approved before.

    Raises:
        InputError: it was never approved, or no name or reason is given.
        FailedCheckError: its files are not those the build wrote.
    """
    if release.approval is None:
        raise InputError(
            f"release {release.id} was never approved",
            remedy="Approve it with: send publish",
        )
    require_words(approved_by, reason)
    faults = verify(release)
    if faults:
        raise FailedCheckError("; ".join(faults), where=f"release {release.id}")
    _point_at(settings, release, _record("rollback", settings, release, approved_by, reason))
    return release


def verify(release: Release) -> list[str]:
    """What differs between a release's files and its manifest; empty when all is as built.

    A file that an erasure changed, as the release's erased.jsonl says, differs from nothing; see
    `erasures`.
    """
    faults = []
    for name in sorted(release.manifest["files"]):
        path = release.folder / name
        stated = release.manifest["files"][name]["sha256"]
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif sha256(path) not in {stated, *hashes_after(release.folder, name, stated)}:
            faults.append(f"{name} is not the file that was built (its SHA-256 differs)")
    return faults or _count_faults(release)


def erasures(release: Release) -> list[str]:
    """Which files of a release an erasure changed after the build, and why."""
    told = []
    for name, file in sorted(release.manifest["files"].items()):
        after = hashes_after(release.folder, name, file["sha256"])
        path = release.folder / name
        why = after.get(sha256(path)) if after and path.is_file() else None
        if why is not None:
            told.append(f"{name} was written anew after the build ({why})")
    return told


def _count_faults(release: Release) -> list[str]:
    """Tables whose number of rows is not the manifest's."""
    faults = []
    connection = connect(release.public_path)
    try:
        for table, stated in release.manifest["row_counts"].items():
            (count,) = connection.table(table).count("*").fetchone() or (0,)
            if count != stated:
                faults.append(f"{table} holds {count} rows, the manifest says {stated}")
    finally:
        connection.close()
    return faults


def _record(
    action: str, settings: Settings, release: Release, approved_by: str, reason: str
) -> dict[str, Any]:
    before = current_release(settings.workspace)
    return {
        "action": action,
        "release": release.id,
        "before": before.id if before else None,
        "approved_by": approved_by.strip(),
        "reason": reason.strip(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _write_approval(release: Release, record: dict[str, Any]) -> None:
    """Approved once; publishing the same release again keeps the first approval."""
    import json

    if release.approval is None:
        write_atomically(release.folder / APPROVAL, json.dumps(record, indent=2) + "\n")


def _point_at(settings: Settings, release: Release, record: dict[str, Any]) -> None:
    """The log first, so that no reader ever sees a release whose approval is not recorded."""
    append_line(settings.workspace / "log" / "approvals.jsonl", record)
    write_atomically(settings.releases / POINTER, release.id + "\n")
