"""Verbs for the keys of a workspace."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson, Workspace, print_json, progress, say, settings_of

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipelines.upkeep.rotate import Rotated

app = typer.Typer(help="The keys of a workspace.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The keys of a workspace."""


@app.command("rotate")
def rotate(
    approved_by: Annotated[
        str, typer.Option("--approved-by", help="Who approves the change, by name.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence.")] = "",
    keep_old_key: Annotated[
        bool,
        typer.Option(
            "--keep-old-key",
            help="Leave the old key in its folder, for other workspaces that are made with it.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Change the pseudonym key: every child gets a new pseudonym, every figure stays.

    All kept person-level files are read again under the new key, and the rows for officers of every
    release are written anew. What was interrupted goes on where it stopped.
    """
    from pipelines.upkeep.rotate import rotate as change

    settings = settings_of(workspace)
    if not yes:
        _ask(keeps_old=keep_old_key)
    with progress() as bar:
        done = change(
            settings,
            approved_by,
            reason,
            keeps_old=keep_old_key,
            on_file=partial(_count, bar, bar.add_task("Reading again", total=None)),
            notice=say,
        )
    if as_json:
        print_json({name: value for name, value in asdict(done).items() if name != "marks"})
        return
    _print(done, keeps_old=keep_old_key)


def _ask(*, keeps_old: bool) -> None:
    say(
        "Every kept person-level file is read again; nobody can take in, build or publish "
        "meanwhile."
    )
    if not keeps_old:
        say(
            "The old key is destroyed. Another workspace with the same folder of keys then needs "
            "the same command; --keep-old-key leaves the old key there for it."
        )
    typer.confirm("Change the pseudonym key?", abort=True, err=True)


def _count(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)


def _print(done: Rotated, *, keeps_old: bool) -> None:
    typer.echo(f"The pseudonym key {done.old_id} has given way to {done.new_id}.")
    typer.echo(
        f"Files read again: {done.file_count:,}. People followed: {done.people_count:,}. Releases "
        f"with new pseudonyms: {len(done.releases)}. Published figures are unchanged."
    )
    typer.echo(
        "The old key was kept." if keeps_old else "The old key is no more; copy the new one."
    )
    say("Restart send serve. Make a backup now, and let those from before go as soon as you may.")
