"""Whether the files of a release are as the build wrote them, an erasure since then told apart."""

from __future__ import annotations

from pipelines.release.erased import hashes_after
from pipelines.release.files import sha256
from pipelines.release.reader import Release
from pipelines.release.row_proof import apart, stated_by


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
    """Tables whose number of rows is not the manifest's; of a file written anew it says nothing."""
    faults = []
    for name, stated in stated_by(release.manifest).items():
        if stated and not _is_anew(release, name):
            told = apart(release.folder / name, stated)
            faults += [f"{each}, the manifest says {stated[table]:,}" for table, each in told]
    return faults


def _is_anew(release: Release, name: str) -> bool:
    """Whether a person may have been erased from a file, or its pseudonyms changed."""
    stated = release.manifest["files"].get(name, {}).get("sha256", "")
    return bool(hashes_after(release.folder, name, stated))
