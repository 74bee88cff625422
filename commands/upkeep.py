"""Verbs that keep a workspace: backup, restore, retain."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson, Workspace, print_json, say, settings_of, table_of

if TYPE_CHECKING:
    from pipelines.upkeep.retain import Due

MEGABYTE = 1_000_000


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; there may be none of the name.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole workspace into one sealed file, for another machine.

    It opens with the raw key only, which is never in it. Files in the inbox that have not been
    taken in are not in it.
    """
    from pipelines.upkeep.backup import back_up

    done = back_up(settings_of(workspace), file, say)
    if as_json:
        print_json(asdict(done) | {"path": str(done.path)})
        return
    typer.echo(f"{done.path}: {done.file_count:,} files, {done.size_bytes / MEGABYTE:,.0f} MB.")
    typer.echo(f"It opens with the raw key {done.key_id}. Keep a copy of the keys apart from it.")
    typer.echo("Keep log/erased.jsonl apart too: a restore then erases the same people again.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that send backup wrote.")],
    erased: Annotated[
        Path | None,
        typer.Option(help="A later log/erased.jsonl: people in it are erased again."),
    ] = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into an empty workspace, and verify every file and release."""
    from pipelines.upkeep.restore import restore as bring_back

    done = bring_back(settings_of(workspace), file, erased)
    if as_json:
        print_json(asdict(done))
        return
    typer.echo(
        f"{done.file_count:,} files, {done.size_bytes / MEGABYTE:,.0f} MB, as they were on "
        f"{done.made_at}; each is the one that was kept."
    )
    typer.echo(f"Releases: {done.release_count}, all verified. Read now: {done.current or 'none'}.")
    if erased:
        typer.echo(f"Erased again: {done.erased_again}. Next: send build.")
    else:
        say("If anybody was erased since then, name the later log/erased.jsonl with --erased.")


def retain(
    approved_by: Annotated[
        str, typer.Option("--approved-by", help="Who approves the deletion, by name.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what has been kept long enough.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Take away what has been kept as long as the council's retention.yml says.

    Without that file nothing is ever taken away.
    """
    from datetime import date

    from pipelines.upkeep.retain import carry_out, due

    settings = settings_of(workspace)
    found = due(settings, date.today())
    if not as_json:
        _print_due(found)
    if found and not dry_run:
        if not yes:
            typer.confirm("Delete all of it for good?", abort=True, err=True)
        carry_out(settings, found, approved_by)
        say(f"Deleted: {len(found)}. Next: send build. Backups made before still hold it.")
    if as_json:
        # Last, for a program reads there that it is done.
        print_json({"due": [_told(each) for each in found], "is_done": not dry_run})


def _told(each: Due) -> dict[str, str]:
    return {
        "kind": each.rule.keep,
        "what": each.what,
        "since": each.since.isoformat(),
        "due_on": each.due_on.isoformat(),
        "reason": each.rule.reason,
    }


def _print_due(found: list[Due]) -> None:
    if not found:
        typer.echo("Nothing has been kept longer than the council's rules say.")
        return
    rows = [tuple(_told(each).values()) for each in found]
    table_of(("kind", "what", "since", "due on", "reason"), rows)
