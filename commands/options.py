"""What all verbs share: the workspace option, where messages go, and how a document is printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pipelines.release.reader import Release
    from pipelines.settings import Settings

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        envvar="SEND_WORKSPACE",
        help="Folder that holds the data. Default: ./data of the project.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def say(text: str) -> None:
    """A message for the person at the terminal; never on standard output."""
    typer.echo(text, err=True)


def print_json(document: dict[str, Any]) -> None:
    """The one document of a --json call on standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


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
