"""Runs the Dagster build in this process, for the command: no daemon, no stored run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.errors import SendError
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg
    from rich.progress import Progress


# Failures are told by the command, in a reader's words.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """How a build ended: the candidate's id, or the checks that stopped it."""

    release_id: str
    failed_checks: tuple[str, ...]


def build_in_process(settings: Settings, progress: Progress) -> Outcome:
    """Run every asset and check of one workspace, floor after floor.

    Raises:
        SendError: a step failed for another reason than a check.
    """
    import dagster as dg

    from pipelines.assets.house import House
    from pipelines.definitions import defs

    job = defs.resolve_job_def("build_everything")
    with progress, dg.DagsterInstance.ephemeral() as instance:
        task = progress.add_task("Building and checking", total=None)
        result = job.execute_in_process(
            instance=instance,
            resources={"house": House(workspace=str(settings.workspace))},
            run_config=QUIET,
            raise_on_error=False,
        )
        progress.update(task, total=1, completed=1)
    return _outcome(result)


def _outcome(result: dg.ExecuteInProcessResult) -> Outcome:
    failed = tuple(
        f"{'.'.join(check.asset_key.path)} ({check.metadata['failed'].value})"
        for check in result.get_asset_check_evaluations()
        if not check.passed
    )
    if failed:
        return Outcome("", failed)
    if not result.success:
        raise _first_error(result)
    (made,) = result.asset_materializations_for_node("release__candidate")
    return Outcome(str(made.metadata["release"].value), ())


def _first_error(result: dg.ExecuteInProcessResult) -> SendError:
    """What the first failed step raised, which was written for a reader (run_log.py)."""
    for event in result.all_events:
        error = event.step_failure_data.error if event.is_step_failure else None
        if error is not None and error.cause is not None:
            _, _, what = error.cause.message.strip().partition(": ")
            return SendError(what, where=event.step_key or "")
    return SendError("the build did not finish")
