"""The pseudonym key of a workspace changed for another, and nothing left under the old one.

What is kept sealed is read again under the new key, releases get the new pseudonyms in their rows
for officers, published counts stay. A run that was interrupted goes on where it stopped, and until
it has ended nobody else takes in, builds or publishes. Why it is done so: decision 34.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from pipelines.ingest import forget, forget_files, forget_log, key_change, landing, raw_store
from pipelines.ingest import rekey as rows
from pipelines.ingest import rekey_releases as releases
from pipelines.ingest.intake import Run
from pipelines.ingest.key_change import Change
from pipelines.ingest.ownership import require_council
from pipelines.ingest.reading import version_of
from pipelines.locks import at_the_door, building
from pipelines.registry.sources import sources
from pipelines.release import audit_log, rebuild
from pipelines.release.approve import require_words
from pipelines.release.sealed import rewritten
from pipelines.settings import Settings

Notice = Callable[[str], None]
# How many of how many files are read again.
OnFile = rows.OnFile


@dataclass(frozen=True)
class Rotated:
    """What changing the key came to.

    Attributes:
        old_id, new_id: of the keys.
        is_resumed: whether an interrupted run was ended.
        file_count: files that were read again by this run.
        people_count: pseudonyms that were followed from the old key to the new.
        releases: whose rows for officers were written anew.
        marks: what log/erased.jsonl of a later day calls those who stand here under old pseudonyms.
    """

    old_id: str
    new_id: str
    is_resumed: bool
    file_count: int
    people_count: int
    releases: tuple[str, ...]
    marks: frozenset[str] = frozenset()


def rotate(
    settings: Settings,
    approved_by: str,
    reason: str,
    *,
    keeps_old: bool = False,
    erased: Collection[str] = (),
    on_file: OnFile | None = None,
    notice: Notice | None = None,
) -> Rotated:
    """Change the pseudonym key, or end a change that was interrupted.

    keeps_old: leaves the old key in its folder, for other workspaces that are made with it.
    erased: marks of people whose new marks are asked for.

    Raises:
        InputError: no name or reason is given, the workspace is another council's, or a kept file
            cannot be read again; nothing has been changed then.
        FailedCheckError: a build is running.
    """
    require_words(approved_by, reason, "a change of key")
    require_council(settings)
    with at_the_door(settings, is_key_change=True), building(settings, is_key_change=True):
        change = _begun(settings, approved_by, reason, notice)
        count = rows.read_again(_run(settings), change.new_id, on_file or _silent)
        done = _everywhere(settings, change, count, erased)
        audit_log.note(
            settings,
            "keys rotate",
            old_id=change.old_id,
            new_id=change.new_id,
            files=count,
            releases=[*done.releases],
            **rewritten(settings, done.releases),
            keeps_old_key=keeps_old,
        )
        rows.let_go(settings)
        key_change.end(settings, change, keeps_old=keeps_old)
    return done


def _begun(settings: Settings, approved_by: str, reason: str, notice: Notice | None) -> Change:
    """Whatever could fail is tried before the change is noted; from then on it is only ended."""
    landing.sweep(settings)
    raw_store.sweep(settings)
    if not key_change.is_begun(settings):
        forget.finish(settings)
        rows.let_go(settings)
        rows.prepare(settings)
    change = key_change.begin(settings, notice)
    audit_log.note(
        settings,
        "keys rotate begun",
        old_id=change.old_id,
        new_id=change.new_id,
        is_resumed=change.is_resumed,
        approved_by=approved_by.strip(),
        reason=reason.strip(),
    )
    return change


def _run(settings: Settings) -> Run:
    root = settings.project_root
    return Run(settings, sources(root), version_of(root), landing.received(settings))


def _everywhere(
    settings: Settings, change: Change, file_count: int, erased: Collection[str]
) -> Rotated:
    """Follow the old pseudonyms to wherever else they stand."""
    forget_files.drop_warehouse(settings)
    rebuild.sweep(settings)
    # Once the places are let go of, everything stands under the new key already.
    is_open = rows.places_folder(settings).exists()
    pairs = rows.pairs(settings) if is_open else {}
    named = releases.rekey(settings, pairs, change.new_id) if is_open else ()
    marks = {
        forget_log.marked(new) for old, new in pairs.items() if forget_log.marked(old) in erased
    }
    return Rotated(
        old_id=change.old_id,
        new_id=change.new_id,
        is_resumed=change.is_resumed,
        file_count=file_count,
        people_count=len(pairs),
        releases=named,
        marks=frozenset(marks),
    )


def _silent(_: int, __: int) -> None:
    """Nobody wants to be told."""
