"""The verb that shows the product at work: the sample county, from its files to the dashboard.

The files stay in the workspace's inbox, so that a visitor can look at what a council hands in. A
second call writes, reads and builds nothing unless seed, code or files have changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import Workspace, progress, say

if TYPE_CHECKING:
    from pipelines.settings import Settings

APPROVED_BY = "sample data (automatic)"
REASON = "The sample county, made by send demo; its rows are invented"


def demo(
    browser: Annotated[bool, typer.Option(help="Open the dashboard.")] = True,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    scale: Annotated[float, typer.Option(help="Size: 1 has 9,979 plans, 0.03 some 300.")] = 1.0,
    workspace: Workspace = None,
) -> None:
    """Make the sample county in a workspace of its own, build, publish, open the dashboard."""
    settings = _settings(workspace)
    _make_files(settings, scale)
    _take_in(settings)
    _build_and_publish(settings)
    say("The sample county never existed; Staffordshire's figures are as published.")
    if browser:
        from commands.serve import dashboard

        dashboard(port=port, browser=True, workspace=settings.workspace)


def _settings(workspace: Path | None) -> Settings:
    """The sample county at home, here and in every process that is started from here.

    Without a workspace, data/demo: the workspace of real files is never the one of the sample.
    """
    from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY, load_settings

    os.environ["SEND_COUNCIL"] = SAMPLE_COUNTY
    settings = load_settings(workspace or PROJECT_ROOT / "data" / "demo")
    os.environ["SEND_WORKSPACE"] = str(settings.workspace)
    return settings


def _make_files(settings: Settings, scale: float) -> None:
    """The county's files, unless those that lie there are of the same seed, size and code."""
    from pipelines.ingest.ownership import STAMP
    from pipelines.synthetic.county import SEED, make_county
    from pipelines.synthetic.files import fingerprint, write_county

    inbox = settings.workspace / "inbox"
    stamp = inbox / STAMP
    made_from = fingerprint(settings.project_root, SEED, scale)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from:
        return
    say("Making the files of the sample county")
    settings.workspace.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_county(make_county(SEED, scale, settings.project_root), inbox)
    stamp.write_text(made_from, encoding="utf-8")


def _take_in(settings: Settings) -> None:
    """Registers first, because the rules look schools up in them; extracts are told as such."""
    from pipelines.ingest.door import ingest
    from pipelines.ingest.setting import Asked
    from pipelines.release.audit_log import note_received
    from pipelines.synthetic.files import written

    receipts = []
    files = written(settings.workspace / "inbox")
    with progress() as bar:
        task = bar.add_task("Reading", total=None)

        def step(name: str) -> None:
            bar.update(task, description=f"Reading {name}")

        for group in (files.registers, files.returns, files.rolls, files.council):
            receipts += ingest(list(group), settings, on_progress=step)
        extracts, asked = list(files.extracts), Asked(is_in_year=True)
        receipts += ingest(extracts, settings, on_progress=step, asked=asked)
    note_received(settings, receipts, notice=say)


def _build_and_publish(settings: Settings) -> None:
    from commands.build import run_build
    from commands.publishing import review
    from pipelines.release import approve
    from pipelines.release.build import release_of_inputs
    from pipelines.release.reader import current_release, find_release

    release = release_of_inputs(settings)
    if release is None:
        say("Building")
        release = find_release(settings.workspace, run_build(settings))
    current = current_release(settings.workspace)
    if current is None or current.id != release.id:
        approve.publish(settings, release, APPROVED_BY, REASON, review(settings, release))
    say(f"Release {release.id} of {settings.workspace} is what readers see.")
