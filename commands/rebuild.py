"""Verb `releases rebuild`: a past release made once more, and held against what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AsJson, Workspace, print_json, progress, say, settings_of
from pipelines.errors import EXIT_CHECKS_FAILED

if TYPE_CHECKING:
    from pipelines.release.rebuild import Rebuilt
    from pipelines.release.same_cells import Compared


def rebuild(
    release_id: Annotated[str, typer.Argument(metavar="ID")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Make a past release once more from its stored files and code, and compare every cell."""
    from pipelines.release.reader import find_release
    from pipelines.release.rebuild import rebuild as make_once_more

    settings = settings_of(workspace)
    release = find_release(settings.workspace, release_id)
    with progress() as bar:
        bar.add_task("Taking the files in again and building", total=None)
        done = make_once_more(settings, release)
    if as_json:
        print_json({"release": release_id, **_document(done)})
    else:
        _tell(done)
    if not done.is_identical:
        raise typer.Exit(EXIT_CHECKS_FAILED)


def remake(workspace: Workspace = None) -> None:
    """Take in what the workspace of a rebuild lists, and build it."""
    from commands.build import run_build
    from pipelines.release.replay import replay

    settings = settings_of(workspace)
    replay(settings)
    run_build(settings)


def _document(done: Rebuilt) -> dict[str, Any]:
    return {
        "is_identical": done.is_identical,
        "code_version": done.code,
        "notes": [*done.notes],
        "tables": [vars(table) | {"is_same": table.is_same} for table in done.tables],
    }


def _tell(done: Rebuilt) -> None:
    for table in done.tables:
        typer.echo(f"{table.table}: {_words(table)}")
    for note in done.notes:
        say(note)
    total = sum(table.row_count for table in done.tables)
    if done.is_identical:
        typer.echo(f"Every cell of {total:,} published rows is, to the byte, what it was.")
    else:
        apart = sum(not table.is_same for table in done.tables)
        typer.echo(f"{apart} of {len(done.tables)} tables differ from what was published.")


def _words(table: Compared) -> str:
    if table.is_same:
        return f"the same, {table.row_count:,} rows"
    if not table.is_same_shape:
        return "its columns are not the same"
    return (
        f"differs: of {table.row_count:,} rows {table.missing:,} are not made again, and "
        f"{table.added:,} are new"
    )
