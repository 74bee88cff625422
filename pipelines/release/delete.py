"""Taking a release away for good: by name and reason, and never one that may still be needed."""

from __future__ import annotations

import shutil

from pipelines.errors import InputError
from pipelines.release import audit_log
from pipelines.release.approve import require_words
from pipelines.release.files import sync_folder
from pipelines.release.reader import Release, all_releases, current_release
from pipelines.settings import Settings

# So many of the newest approved releases always stay, to go back to and to compare with.
KEPT = 3


def delete(settings: Settings, release: Release, approved_by: str, reason: str) -> None:
    """Take a release away. What it foretold, and what the audit log says of it, stays.

    Raises:
        InputError: readers see it, it is one of the newest three that were approved, or no name or
            reason is given.
    """
    require_words(approved_by, reason, "a deletion")
    _require_dispensable(settings, release)
    audit_log.note(
        settings,
        "delete",
        release=release.id,
        approved_by=approved_by.strip(),
        reason=reason.strip(),
        files={name: file["sha256"] for name, file in release.manifest["files"].items()},
    )
    # Under a name that begins with a dot it is no release any more, however the rest ends.
    going = release.folder.with_name(f".deleted-{release.id}")
    release.folder.rename(going)
    sync_folder(settings.releases)
    shutil.rmtree(going)


def dispensable(settings: Settings, release: Release) -> bool:
    """Whether a release may be taken away: neither read now nor one of the newest approved."""
    try:
        _require_dispensable(settings, release)
    except InputError:
        return False
    return True


def _require_dispensable(settings: Settings, release: Release) -> None:
    current = current_release(settings.workspace)
    if current is not None and current.id == release.id:
        raise InputError(
            "it is the release that people read",
            where=f"release {release.id}",
            remedy="Publish another one first, or go back to one: send releases rollback ID",
        )
    approved = [each.id for each in all_releases(settings.workspace) if each.approval]
    if release.id in approved[-KEPT:]:
        raise InputError(
            f"it is one of the newest {KEPT} releases that were approved, and these stay",
            where=f"release {release.id}",
            remedy="They are what one goes back to. Older ones are shown by: send releases list",
        )
