"""The verb that turns landing into a release candidate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from commands.options import Workspace, progress, say, settings_of
from pipelines.errors import FailedCheckError

if TYPE_CHECKING:
    from pipelines.settings import Settings


def build(workspace: Workspace = None) -> None:
    """Build and check every table, and freeze a release candidate for approval."""
    from pipelines.ingest.reference import take_inbox
    from pipelines.release.build import release_of_inputs

    settings = settings_of(workspace)
    take_inbox(settings)
    existing = release_of_inputs(settings)
    if existing:
        say(f"Nothing has changed since release {existing.id} was built.")
        return
    release_id = run_build(settings)
    say(f"Built release {release_id}. Readers see it after: send publish")


def run_build(settings: Settings) -> str:
    """Run the whole build in this process and give the id of the candidate.

    Raises:
        FailedCheckError: names the tables whose checks failed; the pointer stays where it was.
    """
    import os

    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    with _one_at_a_time(settings):
        from pipelines.assembly import build_in_process

        outcome = build_in_process(settings, progress())
    if outcome.failed_checks:
        raise FailedCheckError(
            "these checks failed: " + "; ".join(outcome.failed_checks),
            where="build",
            remedy="Nothing was released; readers still see the earlier release. "
            "Look at the findings, put the cause right, and build again.",
        )
    return outcome.release_id


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """One build of a workspace at a time.

    Raises:
        FailedCheckError: another one is running.
    """
    import fcntl

    path = settings.warehouse.parent / "build.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FailedCheckError(
                "another build of this workspace is running",
                where=str(settings.workspace),
                remedy="Wait until it has ended, then run: send build",
            ) from error
        yield
