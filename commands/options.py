"""What all verbs share: the workspace option, where messages go, and how a document is printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.progress import Progress

    from pipelines.release.reader import Release
    from pipelines.settings import Settings

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        envvar="SEND_WORKSPACE",
        help="Folder that holds the data. Default: ./data of the project.",
        # The account of the pages may go through it to the releases and not list it.
        readable=False,
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


# Columns of a table that does not go to a terminal.
WIDE = 220


def say(text: str) -> None:
    """A message for the person at the terminal; never on standard output."""
    typer.echo(text, err=True)


def print_json(document: dict[str, Any]) -> None:
    """The one document of a --json call on standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def progress() -> Progress:
    """A bar on a terminal, silence elsewhere; on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def table_of(
    columns: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[str] = ()
) -> None:
    """A table on standard output; numbers to the right, symbols in square brackets kept.

    numbers: columns of numbers that are already written as text.
    """
    from rich.console import Console
    from rich.table import Table

    listed = [list(row) for row in rows]
    table = Table(box=None, header_style="bold")
    for place, name in enumerate(columns):
        is_number = name in numbers or any(isinstance(row[place], int | float) for row in listed)
        table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    for row in listed:
        table.add_row(*map(_cell, row))
    # Where it goes to a file or a pipe, nothing need be folded.
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def _cell(value: object) -> str:
    from rich.markup import escape

    return f"{value:,}" if isinstance(value, int | float) else escape(str(value))


def once(remedy: str, said: set[str]) -> str:
    """A remedy, without the long list of what can be read where the call has printed it before.

    said: what has been printed; added to.
    """
    from pipelines.ingest.recognise import WHAT_IS_READ

    if WHAT_IS_READ not in remedy:
        return remedy
    is_new = WHAT_IS_READ not in said
    said.add(WHAT_IS_READ)
    return remedy if is_new else remedy.replace(WHAT_IS_READ, "").strip()


def settings_of(workspace: Path | None) -> Settings:
    """Settings, with the workspace also put where child processes look for it."""
    import os

    from pipelines.settings import load_settings

    settings = load_settings(workspace)
    os.environ["SEND_WORKSPACE"] = str(settings.workspace)
    return settings


def require_current(settings: Settings) -> Release:
    """The release that people read.

    Raises:
        InputError: nothing has been published in this workspace.
    """
    from pipelines.errors import InputError
    from pipelines.release.reader import current_release

    release = current_release(settings.workspace)
    if release is None:
        raise InputError(
            "nothing has been published yet",
            where=str(settings.workspace),
            remedy="Run: send build, then: send publish --approved-by NAME --reason TEXT",
        )
    return release
