"""Publishing: gates, differences, a named person, a reason, and then the pointer moves.

Rolling back moves it again. Who did it, and why, goes into the audit log before any reader sees it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.errors import FailedCheckError, InputError
from pipelines.release import audit_log, diff
from pipelines.release.build import release_of_inputs
from pipelines.release.diff_officers import OfficersMeasure, for_officers
from pipelines.release.files import sha256, write_atomically
from pipelines.release.forecast_record import record_forecasts
from pipelines.release.gates import Besides, Gate, run_gates
from pipelines.release.readable import require_readable
from pipelines.release.reader import (
    APPROVAL,
    DIFF,
    MANIFEST,
    POINTER,
    Release,
    all_releases,
    current_release,
    find_release,
)
from pipelines.release.sealed import OF_DIFF, OF_MANIFEST, approval_of, verify
from pipelines.release.share import open_to_readers, require_readers, share
from pipelines.settings import Settings

MIN_REASON_LENGTH = 10
# So many earlier values of one measure are in the line of a publication, which so keeps its bounds:
# where code restates a whole series of months, diff.json has them all, and the line has its hash.
EARLIER_MAX = 12


@dataclass(frozen=True)
class Review:
    """What is known of a candidate before somebody decides.

    Attributes:
        before: id of the release that people read now; None where there is none.
        gates: how each of them ended.
        difference: every measure and rule, old and new, with the reason.
        officers: what officers alone read otherwise; values for the terminal only, counts kept.
    """

    before: str | None
    gates: tuple[Gate, ...]
    difference: dict[str, Any]
    officers: tuple[OfficersMeasure, ...] = ()


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


def require_words(approved_by: str, reason: str, what: str = "a release") -> None:
    """A name, and a reason of ten characters or more.

    what: is approved, for the message.

    Raises:
        InputError: says which is missing.
    """
    if not approved_by.strip():
        raise InputError(f"{what} is approved by a named person", where="--approved-by")
    if len(reason.strip()) < MIN_REASON_LENGTH:
        raise InputError(
            f"the reason has fewer than {MIN_REASON_LENGTH} characters",
            where="--reason",
            remedy="Say in a sentence why it is done, for those who come after.",
        )


def review(settings: Settings, release: Release, besides: Sequence[Besides] = ()) -> Review:
    """Ask the gates and compare with what people read now.

    besides: gates of an upper floor that are asked too.

    Raises:
        FailedCheckError: a gate does not hold; the pointer stays where it was.
        InputError: nothing can be given to the group of readers that is named.
    """
    require_readers()
    current = current_release(settings.workspace)
    gates = run_gates(settings, release, current, besides)
    _require_passed(release, gates)
    before = current if current and current.id != release.id else None
    found = diff.difference(release, before, release.manifest["council"])
    return Review(current.id if current else None, gates, found, for_officers(release, before))


def publish(
    settings: Settings,
    release: Release,
    approved_by: str,
    reason: str,
    reviewed: Review | None = None,
) -> Release:
    """Approve a release, keep what it says of the future, and point readers at it.

    reviewed: what was shown to whoever decided; made here where nobody was asked.

    Raises:
        InputError: no name, a reason of under ten characters, readers see another release than
            when it was reviewed, or nothing can be given to the group of readers that is named.
        FailedCheckError: a gate does not hold; the pointer stays where it was.
    """
    require_words(approved_by, reason)
    require_readers()
    seen = reviewed or review(settings, release)
    _require_still(settings, release, seen)
    record = audit_log.note(
        settings,
        "publish",
        release=release.id,
        before=seen.before,
        approved_by=approved_by.strip(),
        reason=reason.strip(),
        gates=[gate.as_json() for gate in seen.gates],
        changed=_changed(seen.difference),
        officers_only=[measure.as_json() for measure in seen.officers],
        **_seal(release, seen),
    )
    if release.approval is None:
        text = json.dumps(approval_of(record), indent=2)
        write_atomically(release.folder / APPROVAL, text + "\n")
    record_forecasts(settings, release)
    _point_at(settings, release)
    return find_release(settings.workspace, release.id)


def rollback(settings: Settings, release: Release, approved_by: str, reason: str) -> Release:
    """Point readers at a release that was approved before.

    Raises:
        InputError: it was never approved, no name or reason is given, the pages of this version
            cannot show it, or nothing can be given to the group of readers that is named.
        FailedCheckError: its files are not those the build wrote, or the audit log knows others.
    """
    if release.approval is None:
        raise InputError(
            f"release {release.id} was never approved",
            remedy="Approve it with: send publish",
        )
    require_words(approved_by, reason)
    require_readers()
    _require_sound(settings, release)
    require_readable(release, settings.project_root)
    current = current_release(settings.workspace)
    audit_log.note(
        settings,
        "rollback",
        release=release.id,
        before=current.id if current else None,
        approved_by=approved_by.strip(),
        reason=reason.strip(),
    )
    _point_at(settings, release)
    return release


def _require_passed(release: Release, gates: tuple[Gate, ...]) -> None:
    failed = [gate for gate in gates if not gate.passed]
    if failed:
        raise FailedCheckError(
            "; ".join(f"{gate.name}: {gate.found}" for gate in failed),
            where=f"release {release.id}",
            remedy="Readers still see the earlier release. Build again with: send build. Where a "
            "small number could be worked out, let the measure publish fewer groups first "
            "(publish: in its .yml).",
        )


def _require_still(settings: Settings, release: Release, seen: Review) -> None:
    """What was compared is what readers see, and the files are those that passed the gates."""
    current = current_release(settings.workspace)
    if (current.id if current else None) != seen.before:
        raise InputError(
            "readers see another release than the one this was compared with",
            where=f"release {release.id}",
            remedy="Somebody published at the same time. Run again: send publish",
        )
    _require_sound(settings, release)


def _require_sound(settings: Settings, release: Release) -> None:
    faults = verify(settings, release)
    if faults:
        raise FailedCheckError(
            "; ".join(faults),
            where=f"release {release.id}",
            remedy="Readers see what they saw. Look at the whole with: send releases verify. Bring "
            "the file back from a backup, or build anew, and find out who changed it.",
        )


def _seal(release: Release, seen: Review) -> dict[str, Any]:
    """What the log holds of its files; the differences are kept as at its first approval."""
    path = release.folder / DIFF
    if release.approval is None:
        diff.keep(release, seen.difference)
        return {OF_DIFF: sha256(path), OF_MANIFEST: sha256(release.folder / MANIFEST)}
    return {OF_DIFF: sha256(path) if path.is_file() else ""}


def _changed(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What the audit log says of every measure of which any figure differs.

    Its newest figure, old and new, and those of earlier periods that readers had and that are
    otherwise now or gone: the newest of them, and how many more. All of it stands in diff.json too.
    """
    told = []
    for item in found["measures"]:
        if item["why"]:
            earlier = _earlier(item, found["values"])
            told.append(
                {
                    **{name: item[name] for name in ("kpi", "old", "new", "why")},
                    "earlier": earlier[:EARLIER_MAX],
                    "earlier_more": len(earlier[EARLIER_MAX:]),
                }
            )
    return told


def _earlier(item: dict[str, Any], values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of one measure the authority's own totals that readers had, newest first."""
    newest = (item["old"], item["new"])
    found = [
        {name: value[name] for name in ("period", "old", "new", "why")}
        for value in values
        if value["kpi"] == item["kpi"] and value["old"] and _of_period(value) != newest
    ]
    return sorted(found, key=lambda value: str(value["period"]), reverse=True)


def _of_period(value: dict[str, Any]) -> tuple[dict[str, Any] | None, ...]:
    """Old and new as the newest figure of a measure has them."""
    sides = (value["old"], value["new"])
    return tuple(side and {"period": value["period"]} | side for side in sides)


def _point_at(settings: Settings, release: Release) -> None:
    """Whatever the pointer leads to can be read before it does."""
    share(settings, release)
    write_atomically(settings.releases / POINTER, release.id + "\n", open_to_readers)
