"""Verbs for the rights of people in the files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson, Workspace, print_json, say, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.ingest.forget import Forgotten


AllOfThisName = Annotated[
    bool,
    typer.Option(
        "--all-of-this-name",
        help="Erase every record of that name and birth date, also those that could not be told "
        "to be one child. How many is said first; a second line 'yes' confirms it.",
    ),
]


def forget(
    workspace: Workspace = None,
    all_of_this_name: AllOfThisName = False,
    as_json: AsJson = False,
) -> None:
    """Erase one person, named on standard input, from all that is kept.

    One line: a UPN; a ULN; or surname, forename and date of birth with commas between. It is read
    from standard input so that it stands in no list of commands.
    """
    from pipelines.ingest.door import forget as erase
    from pipelines.release import audit_log, rebuild
    from pipelines.release.sealed import rewritten

    settings = settings_of(workspace)
    if sys.stdin.isatty():
        say("Name the person: a UPN; a ULN; or surname, forename, date of birth (2012-05-11).")
    line = sys.stdin.readline()
    done = erase(settings, line, _confirmed, all_of_this_name=all_of_this_name)
    rebuild.sweep(settings)
    audit_log.note(
        settings,
        "forget",
        files=[*done.files],
        purged=[*done.purged],
        **rewritten(settings, done.purged),
    )
    if as_json:
        print_json(dict(vars(done)))
    else:
        _print(done)


def _confirmed(count: int) -> bool:
    say(f"{count} people or records are of that name and birth date. Write yes to erase them all.")
    return sys.stdin.readline().strip().lower() == "yes"


def _print(done: Forgotten) -> None:
    typer.echo(f"Erased: {done.row_count:,} rows, in {len(done.files)} files.")
    for line in _told(done):
        typer.echo(line)
    typer.echo("Next: send build. Erase the person from backups too: they hold the old files.")


def _told(done: Forgotten) -> Iterator[str]:
    """What else is to be known of an erasure, line by line."""
    if done.people_count > 1:
        yield f"  They were of {done.people_count} people or records of one name."
    yield from _under("", done.notes)
    if done.explanations_dropped:
        yield (
            f"Explanations of findings in those files that were taken out: "
            f"{done.explanations_dropped:,}. Records are numbered anew: write again what still "
            "holds."
        )
    yield from _under("Delete these copies yourself; they still hold the person:", done.copies)
    yield from _under(
        "Published counts that include the person stay as they were, in the releases:",
        done.releases,
    )
    yield from _under(
        "The rows of these releases were taken out, and cannot be made again:", done.purged
    )


def _under(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if lines and heading:
        yield heading
    yield from (f"  {line}" for line in lines)
