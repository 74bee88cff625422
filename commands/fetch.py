"""`send fetch`: open data from its publisher into the inbox. The only verb that uses the network.

Arguments in, words out; what is done stands in pipelines/ingest/fetch.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AsJson, Workspace, print_json, say, settings_of
from pipelines.errors import InputError

if TYPE_CHECKING:
    from pipelines.ingest.fetch import FetchedFile
    from pipelines.settings import Settings

fetch_app = typer.Typer(no_args_is_help=True)


@fetch_app.callback()
def fetch() -> None:
    """Download open data (the only command that uses the network)."""


@fetch_app.command("ees")
def ees(
    release: Annotated[
        str | None, typer.Option(help="Release to download, for example 2026; default the newest.")
    ] = None,
    data_set: Annotated[
        str | None, typer.Option(help="One data set by its id, as CSV, instead of a release.")
    ] = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Download 'Education, health and care plans' from the DfE into the inbox.

    An interrupted download goes on where it stopped. Behind a proxy, set HTTPS_PROXY.
    """
    if release and data_set:
        raise InputError(
            "a release and a data set cannot be fetched at once",
            where="--release, --data-set",
            remedy="Give one of the two; the id of a data set already says its release.",
        )
    _report(_download(settings_of(workspace), release, data_set), as_json)


def _download(settings: Settings, release: str | None, data_set: str | None) -> FetchedFile:
    from pipelines.ingest.fetch import fetch_data_set_csv, fetch_release

    with _progress(data_set or f"release {release or ''}".strip()) as step:
        if data_set:
            return fetch_data_set_csv(data_set, settings, on_progress=step)
        return fetch_release(release, settings, on_progress=step).file


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on standard error, nothing where that is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    bar = Progress(
        *columns, TransferSpeedColumn(), console=console, disable=not console.is_terminal
    )
    with bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _report(file: FetchedFile, as_json: bool) -> None:
    if as_json:
        print_json(_facts(file))
        return
    how = "downloaded" if file.is_new else f"here already, fetched {file.fetched_at}"
    say(f"{file.size_bytes:,} bytes, sha256 {file.sha256[:16]}..., {how}")
    typer.echo(str(file.path))
    say(f"Next: send ingest {shlex.quote(str(file.path))}")


def _facts(file: FetchedFile) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "url": file.url,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "etag": file.etag,
        "fetched_at": file.fetched_at,
        "is_new": file.is_new,
    }
