"""What the audit log holds of a release's files, and whether they are so still.

The line of a build bears the hash of the manifest, which bears those of all files; the line of a
publication says all that approval.json says and bears the hash of the differences; a line about an
erasure or a change of key bears the new hash of officer.duckdb. Whoever changes a file and what
stands beside it, but has not the audit key, is found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.ingest.keys import keys_of
from pipelines.ingest.signed_lines import is_signed
from pipelines.release import as_built, audit_log
from pipelines.release.audit_check import records_of
from pipelines.release.erased import hashes_after
from pipelines.release.files import sha256
from pipelines.release.reader import APPROVAL, DIFF, MANIFEST, OFFICER, Release

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.ingest.keys import Key
    from pipelines.settings import Settings

# What the lines of the log call them.
OF_MANIFEST, OF_DIFF, REWRITTEN = "manifest_sha256", "diff_sha256", "rewritten"
# Counts by measure of what only officers read otherwise: not of what an earlier version published.
OF_OFFICERS = "officers_only"
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Seals:
    """The lines of the audit log that somebody with the key wrote, and that key.

    Attributes:
        records: in their order; key: None where there is no log.
    """

    records: tuple[Record, ...]
    key: Key | None

    def has(self, release: Release) -> bool:
        """Whether the log holds the hash of its manifest: not of what an earlier version built."""
        return bool(self._manifests(release)) or not self._about(release, "build")

    def faults(self, release: Release) -> list[str]:
        """What of a release is not as the log has it; nothing of one that is not sealed."""
        if not self._about(release, "build"):
            return ["the audit log knows of no build of it"]
        if not self.has(release):
            return []
        found = (self._manifest(release), self._officers_file(release))
        return [fault for fault in (*found, *self._approval(release)) if fault]

    def lost_approval(self, release: Release) -> list[str]:
        """That its approval is not there although it was published: taken away, or never written.

        A publication that was broken off leaves it so; the next one ends it, and is not stopped.
        """
        published = self._about(release, "publish")
        if release.approval is not None or not published:
            return []
        day = published[-1]["at"][:10]
        return [f"{APPROVAL} is missing, and the audit log says that it was published on {day}"]

    def gone(self, held: Iterable[str]) -> list[str]:
        """Releases that were published, are not among those held, and were deleted by nobody."""
        ids = {
            action: {str(item["release"]) for item in self.records if item.get("action") == action}
            for action in ("publish", "delete")
        }
        return sorted(ids["publish"] - ids["delete"] - set(held))

    def _about(self, release: Release, action: str) -> list[Record]:
        return [
            item
            for item in self.records
            if item.get("action") == action and item.get("release") == release.id
        ]

    def _manifests(self, release: Release) -> set[str]:
        noted = (*self._about(release, "build"), *self._about(release, "publish"))
        return {item[OF_MANIFEST] for item in noted if OF_MANIFEST in item}

    def _manifest(self, release: Release) -> str:
        is_so = sha256(release.folder / MANIFEST) in self._manifests(release)
        return "" if is_so else f"{MANIFEST} is not the one that was built, as the audit log shows"

    def _officers_file(self, release: Release) -> str:
        """As built, or as the log or a signed line noted it since; never an older one again."""
        path = release.folder / OFFICER
        if OFFICER not in release.manifest["files"] or not path.is_file():
            return ""
        start = release.manifest["files"][OFFICER]["sha256"]
        for item in self.records:
            start = item.get(REWRITTEN, {}).get(release.id, start)
        if sha256(path) in {start, *hashes_after(release.folder, OFFICER, start, self.key)}:
            return ""
        return f"{OFFICER} is not the file that the audit log knows"

    def _approval(self, release: Release) -> Iterator[str]:
        if release.approval is None:
            return
        published = self._about(release, "publish")
        own = [item for item in published if approval_of(item) == release.approval]
        if not own:
            yield f"{APPROVAL} is not what the audit log says of its approval"
            return
        path = release.folder / DIFF
        if (sha256(path) if path.is_file() else "") != own[0][OF_DIFF]:
            yield f"{DIFF} is not what was approved, as the audit log shows"


def seals_of(settings: Settings) -> Seals:
    """Read the log; a line without the code that belongs to it counts for nothing.

    Raises:
        InputError: the audit key is missing, or not that of this workspace.
    """
    records = records_of(settings)
    if not records:
        return Seals((), None)
    key = keys_of(settings).audit
    return Seals(tuple(record for record in records if is_signed(key, record)), key)


def verify(settings: Settings, release: Release, seals: Seals | None = None) -> list[str]:
    """What of a release differs from its manifest, or from the audit log; empty when all is so.

    seals: the log as it was read already, for whoever asks of several.
    """
    known = seals or seals_of(settings)
    return [*as_built.verify(release), *known.faults(release)]


def approval_of(record: Record) -> dict[str, Any]:
    """What approval.json says, made of the line of the publication."""
    names = ("action", "release", "before", "approved_by", "reason", "at", "gates", OF_DIFF)
    head = audit_log.Head(record["number"], record[audit_log.CODE])
    said = {name: record.get(name) for name in names} | {audit_log.HEAD_IN: head.as_json()}
    return said | {name: record[name] for name in (OF_OFFICERS,) if name in record}


def rewritten(settings: Settings, names: Iterable[str]) -> dict[str, Any]:
    """For a line of the log: the hashes of officer.duckdb of these releases, as they are now."""
    paths = {name: settings.releases / name / OFFICER for name in names}
    return {REWRITTEN: {name: sha256(path) for name, path in paths.items() if path.is_file()}}
