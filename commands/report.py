"""`send report`: what the pages say, as a file to print, to work with, or to audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import Workspace, require_current, say, settings_of
from dashboards.reports.kinds import ENDINGS, Kind
from pipelines.errors import InputError

if TYPE_CHECKING:
    from dashboards.context import Context
    from pipelines.settings import Settings


def report(
    kind: Annotated[
        Kind,
        typer.Option(help="one-page: PDF; workbook: Excel; audit: evidence for auditors, a zip."),
    ],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    release: Annotated[
        str | None,
        typer.Option(help="A release by its id; the one that people read without it."),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Write a report of a release: the same bytes whenever it is made.

    The one-page report and the workbook hold published figures only. The evidence pack is for
    auditors: it holds exact counts of rows, and no row of a child.
    """
    ending = ENDINGS[kind]
    if out.suffix.lower() != f".{ending}":
        raise InputError(
            f"a report of kind {kind.value} is a file that ends with .{ending}",
            where=f"--out {out}",
            remedy=f"Name it, for example, {out.stem or 'report'}.{ending}",
        )
    settings = settings_of(workspace)
    content = _made(settings, kind, release)
    out.write_bytes(content)
    say(f"Wrote {out}, {len(content):,} bytes")


def _made(settings: Settings, kind: Kind, release_id: str | None) -> bytes:
    from dashboards.reports.kinds import make

    return make(_page(settings, kind, release_id), kind)


def _page(settings: Settings, kind: Kind, release_id: str | None) -> Context:
    """The release as its readers see it: the public, and for the pack an auditor."""
    from streamlit.logger import set_log_level

    # There is no page here, and Streamlit warns of that for every query that it keeps.
    set_log_level("ERROR")
    from dashboards import context
    from dashboards.role import Role
    from pipelines.release.reader import find_release

    found = (
        find_release(settings.workspace, release_id) if release_id else require_current(settings)
    )
    return context.over(settings, found, Role.AUDITOR if kind is Kind.AUDIT else Role.CABINET)
