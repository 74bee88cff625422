"""The verb that turns landing into a release candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.options import Workspace, progress, say, settings_of
from pipelines.errors import FailedCheckError
from pipelines.locks import building

if TYPE_CHECKING:
    from pipelines.settings import Settings


def build(workspace: Workspace = None) -> None:
    """Build and check every table, and freeze a release candidate for approval."""
    from pipelines.ingest.reference import take_inbox
    from pipelines.release.audit_log import note_received
    from pipelines.release.build import release_of_inputs

    settings = settings_of(workspace)
    note_received(settings, take_inbox(settings), notice=say)
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
    with building(settings):
        from pipelines.assembly import build_in_process
        from pipelines.release.audit_log import make_ready
        from pipelines.release.code import code_version, doubt

        make_ready(settings, say)
        if told := doubt(code_version(settings.project_root)):
            say(told)
        outcome = build_in_process(settings, progress())
    if outcome.failed_checks:
        raise FailedCheckError(
            "these checks failed: " + "; ".join(outcome.failed_checks),
            where="build",
            remedy="Nothing was released; readers still see the earlier release. "
            "Look at the findings, put the cause right, and build again.",
        )
    return outcome.release_id
