"""Whether the files of a release are as the build wrote them, an erasure since then told apart."""

from __future__ import annotations

from contextlib import closing

from pipelines.release.erased import hashes_after
from pipelines.release.files import sha256
from pipelines.release.reader import Release, connect


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
    with closing(connect(release.public_path)) as connection:
        for table, stated in release.manifest["row_counts"].items():
            (count,) = connection.table(table).count("*").fetchone() or (0,)
            if count != stated:
                faults.append(f"{table} holds {count} rows, the manifest says {stated}")
    return faults
