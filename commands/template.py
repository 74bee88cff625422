"""Verb `template`: an empty return of the council, with its columns explained."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.options import say

Name = Annotated[
    str | None,
    typer.Argument(help="Which return; without a name they are listed.", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="File to write. Default: the header goes to standard output."),
]


def template(name: Name = None, out: Out = None) -> None:
    """Write an empty council return, a CSV with its header, and its columns explained beside it."""
    from pipelines.registry.council_docs import (
        all_returns,
        columns_page,
        header_line,
        return_named,
    )
    from pipelines.settings import PROJECT_ROOT

    if name is None:
        for each, (layout, _) in all_returns(PROJECT_ROOT).items():
            sys.stdout.write(f"{each:22}{layout.title}: one row is {layout.one_row}\n")
        return
    layout, returns = return_named(PROJECT_ROOT, name)
    header, page = header_line(layout), columns_page(name, layout, returns)
    if out is None:
        sys.stdout.write(header)
        say(page)
        return
    _write(out, header)
    explained = out.with_name(f"{out.stem}.columns.md")
    _write(explained, page)
    say(f"Wrote {out.name}, and what its columns mean in {explained.name}.")
    say(f"Next: fill it in, then: send ingest {out.name}")


def _write(path: Path, text: str) -> None:
    """A new file; one that is there already may hold a council's work and is left alone."""
    from pipelines.errors import InputError

    try:
        with path.open("x", encoding="utf-8", newline="") as handle:
            handle.write(text)
    except FileExistsError as error:
        raise InputError(
            "the file is there already", where=str(path), remedy="Name another with --out."
        ) from error
