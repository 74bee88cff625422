"""Verbs for releases: publish, list, show, verify, roll back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AsJson, Workspace, print_json, say, settings_of

if TYPE_CHECKING:
    from pipelines.release.reader import Release

AS_BUILT = "All files are as they were built."
app = typer.Typer(help="List, show, verify and roll back releases.", no_args_is_help=True)

ApprovedBy = Annotated[str, typer.Option("--approved-by", help="Who answers for these figures.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in ten characters or more.")]
Yes = Annotated[bool, typer.Option("--yes", help="Answer the question with yes, for scripts.")]
ReleaseId = Annotated[str, typer.Argument(metavar="ID")]


def publish(
    approved_by: ApprovedBy, reason: Reason, yes: Yes = False, workspace: Workspace = None
) -> None:
    """Put the newest build in front of readers."""
    from pipelines.release import approve
    from pipelines.release.reader import current_release

    settings = settings_of(workspace)
    approve.require_words(approved_by, reason)
    release = approve.candidate_release(settings)
    current = current_release(settings.workspace)
    if current is not None and current.id == release.id and not approve.verify(release):
        say(f"Readers see {release.id} already.")
        return
    say(f"Release {release.id}, built {release.manifest['built_at']}.")
    _confirm(f"Show it to readers, approved by {approved_by}?", yes)
    published = approve.publish(settings, release, approved_by, reason)
    say(f"Published {published.id}.")


@app.command("list")
def list_releases(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Every release in this workspace, oldest first; * marks the one that readers see."""
    from pipelines.release.reader import all_releases, current_release, unreadable_releases

    settings = settings_of(workspace)
    current = current_release(settings.workspace)
    records = [_summary(item, current) for item in all_releases(settings.workspace)]
    damaged = unreadable_releases(settings.workspace)
    if as_json:
        print_json({"releases": records, "unreadable": damaged})
        return
    for record in records:
        mark = "*" if record["is_current"] else " "
        approved = record["approved_by"] or "not approved"
        typer.echo(f"{mark} {record['release']}  built {record['built_at']}  {approved}")
    for name in damaged:
        typer.echo(f"! {name}  its manifest cannot be read")


@app.command("show")
def show(release_id: ReleaseId, workspace: Workspace = None, as_json: AsJson = False) -> None:
    """One release: inputs with their hashes, row counts, files, approval."""
    from pipelines.release.reader import find_release

    release = find_release(settings_of(workspace).workspace, release_id)
    document = {**release.manifest, "approval": release.approval}
    if as_json:
        print_json(document)
        return
    for name in ("release", "built_at", "code_version", "engine", "council"):
        typer.echo(f"{name}: {document[name]}")
    for name, count in document["row_counts"].items():
        typer.echo(f"  {name}: {count:,} rows")
    approval = release.approval or {"approved_by": "nobody yet", "reason": ""}
    typer.echo(f"approved by: {approval['approved_by']} {approval['reason']}".rstrip())


@app.command("verify")
def verify(release_id: ReleaseId, workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Check a release's files against its manifest; 0 when all is as built, 1 when not."""
    from pipelines.release import approve
    from pipelines.release.reader import find_release

    release = find_release(settings_of(workspace).workspace, release_id)
    faults, erased = approve.verify(release), approve.erasures(release)
    if as_json:
        print_json({"release": release_id, "faults": faults, "erased": erased})
    else:
        well = "All other files are as they were built." if erased else AS_BUILT
        for line in (*erased, *(faults or [well])):
            typer.echo(line)
    raise typer.Exit(1 if faults else 0)


@app.command("rollback")
def rollback(
    release_id: ReleaseId,
    approved_by: ApprovedBy,
    reason: Reason,
    yes: Yes = False,
    workspace: Workspace = None,
) -> None:
    """Put an earlier approved release in front of readers again."""
    from pipelines.release import approve
    from pipelines.release.reader import find_release

    settings = settings_of(workspace)
    release = find_release(settings.workspace, release_id)
    _confirm(f"Show release {release.id} to readers again?", yes)
    approve.rollback(settings, release, approved_by, reason)
    say(f"Readers see {release.id} again.")


def _confirm(question: str, yes: bool) -> None:
    """Ask on a terminal; in a script, --yes is the only answer.

    Raises:
        InputError: there is nobody to ask.
    """
    from pipelines.errors import InputError

    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError("there is no terminal to ask", remedy="Add --yes to answer in a script.")
    typer.confirm(question, abort=True, err=True)


def _summary(release: Release, current: Release | None) -> dict[str, Any]:
    approval = release.approval or {}
    return {
        "release": release.id,
        "built_at": release.manifest["built_at"],
        "code_version": release.manifest["code_version"],
        "is_current": current is not None and current.id == release.id,
        "approved_by": approval.get("approved_by"),
        "approved_at": approval.get("at"),
        "reason": approval.get("reason"),
    }
