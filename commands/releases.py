"""Verbs for releases: publish, list, show, verify, roll back, delete. Rebuilding: rebuild.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands import publishing, rebuild
from commands.options import AsJson, Workspace, print_json, say, settings_of
from commands.told import tell_difference, tell_gates, tell_officers

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.release.audit_check import Checked
    from pipelines.release.reader import Release
    from pipelines.release.sealed import Seals
    from pipelines.settings import Settings

AS_BUILT = "All files are as they were built."
UNREADABLE = "its manifest or its approval cannot be read"
GONE = "it was published and is not here, and the audit log knows of no deletion"
NOT_SEALED = "It is not sealed in the audit log: it was built before the log held such hashes."
app = typer.Typer(
    help="List, show, verify, rebuild, roll back and delete releases.", no_args_is_help=True
)
app.command("rebuild")(rebuild.rebuild)
# What `rebuild` starts in the code of the release: nothing for people.
app.command("remake", hidden=True)(rebuild.remake)

ApprovedBy = Annotated[str, typer.Option("--approved-by", help="Who answers for these figures.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in ten characters or more.")]
Yes = Annotated[bool, typer.Option("--yes", help="Answer the question with yes, for scripts.")]
OfficerValues = Annotated[
    bool,
    typer.Option(
        "--officer-values",
        help="Print old and new value of each figure that only officers read and that differs: "
        "exact, also small numbers. They are written nowhere.",
    ),
]
ReleaseId = Annotated[str, typer.Argument(metavar="ID")]
AnyRelease = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="All releases where none is named.")
]
NotedHead = Annotated[
    str,
    typer.Option(
        "--head",
        help="The head of the audit log as you wrote it down before: NUMBER:CODE.",
        show_default=False,
    ),
]


def publish(
    approved_by: ApprovedBy,
    reason: Reason,
    yes: Yes = False,
    officer_values: OfficerValues = False,
    workspace: Workspace = None,
) -> None:
    """Ask the gates, show what changes, and put the newest build in front of readers."""
    from pipelines.locks import building
    from pipelines.release import approve, audit_log, sealed
    from pipelines.release.code import doubt
    from pipelines.release.reader import current_release
    from pipelines.release.share import share

    settings = settings_of(workspace)
    approve.require_words(approved_by, reason)
    audit_log.make_ready(settings, say)
    release = approve.candidate_release(settings)
    current = current_release(settings.workspace)
    if current is not None and current.id == release.id and not sealed.verify(settings, release):
        # A call that was broken off may have left the files closed to them.
        share(settings, release)
        say(f"Readers see {release.id} already.")
        return
    say(f"Release {release.id}, built {release.manifest['built_at']}.")
    if told := doubt(release.manifest["code_version"]):
        say(told)
    reviewed = publishing.review(settings, release)
    tell_gates(say, [gate.as_json() for gate in reviewed.gates])
    tell_difference(say, reviewed.difference)
    tell_officers(say, reviewed.officers, reviewed.difference["before"], with_values=officer_values)
    _confirm(f"Show it to readers, approved by {approved_by}?", yes)
    with building(settings):
        published = approve.publish(settings, release, approved_by, reason, reviewed)
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
        reason = f": {record['reason']}" if record["reason"] else ""
        typer.echo(f"{mark} {record['release']}  built {record['built_at']}  {approved}{reason}")
    for name in damaged:
        typer.echo(f"! {name}  its manifest cannot be read")


@app.command("show")
def show(release_id: ReleaseId, workspace: Workspace = None, as_json: AsJson = False) -> None:
    """One release: what it is made of, who approved it, by which gates, and what it changed."""
    from pipelines.release.reader import difference_of, find_release

    release = find_release(settings_of(workspace).workspace, release_id)
    found = difference_of(release)
    document = {**release.manifest, "approval": release.approval, "difference": found}
    if as_json:
        print_json(document)
        return
    for name in ("release", "built_at", "code_version", "engine", "council"):
        typer.echo(f"{name}: {document[name]}")
    for name, count in document["row_counts"].items():
        typer.echo(f"  {name}: {count:,} rows")
    approval = release.approval or {"approved_by": "nobody yet", "reason": ""}
    typer.echo(f"approved by: {approval['approved_by']} {approval['reason']}".rstrip())
    tell_gates(typer.echo, approval.get("gates", []))
    if found is not None:
        tell_difference(typer.echo, found)


@app.command("verify")
def verify(
    release_id: AnyRelease = None,
    head: NotedHead = "",
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Check releases against their manifests, and the audit log; 0 when all is as it was."""
    from pipelines.release.audit_check import check

    settings = settings_of(workspace)
    documents = _verified(settings, release_id)
    chain = check(settings, head)
    faults = [fault for document in documents for fault in document["faults"]] + [*chain.faults]
    if as_json:
        whole = documents[0] if release_id else {"releases": documents}
        print_json(whole | {"audit_log": _chain(chain)})
    else:
        _tell_verified(documents, chain)
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

    with _confirmed(release_id, "Show release {} to readers again?", yes, workspace) as held:
        approve.rollback(*held, approved_by, reason)
    say(f"Readers see {release_id} again.")


@app.command("delete")
def delete(
    release_id: ReleaseId,
    approved_by: ApprovedBy,
    reason: Reason,
    yes: Yes = False,
    workspace: Workspace = None,
) -> None:
    """Take a release away for good; the one people read and the newest three stay."""
    from pipelines.release import delete as deletion

    with _confirmed(release_id, "Take release {} away for good?", yes, workspace) as held:
        deletion.delete(*held, approved_by, reason)
    say(f"Release {release_id} is gone. What was done with it stays in the audit log.")


@contextmanager
def _confirmed(
    release_id: str, question: str, yes: bool, workspace: Path | None
) -> Iterator[tuple[Settings, Release]]:
    """A release that somebody has said yes to changing, with nobody else at work on it."""
    from pipelines.locks import building
    from pipelines.release.reader import find_release

    settings = settings_of(workspace)
    release = find_release(settings.workspace, release_id)
    _confirm(question.format(release.id), yes)
    with building(settings):
        yield settings, release


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


def _verified(settings: Settings, release_id: str | None) -> list[dict[str, Any]]:
    """How the named release is, or every one: also those that cannot be read or are gone."""
    from pipelines.release import reader, sealed

    seals, workspace = sealed.seals_of(settings), settings.workspace
    if release_id:
        return [_document(settings, reader.find_release(workspace, release_id), seals)]
    held = reader.all_releases(workspace)
    damaged = reader.unreadable_releases(workspace)
    gone = seals.gone([*(release.id for release in held), *damaged])
    return [
        *(_document(settings, release, seals) for release in held),
        *({"release": name, "faults": [UNREADABLE], "erased": []} for name in damaged),
        *({"release": name, "faults": [GONE], "erased": []} for name in gone),
    ]


def _document(settings: Settings, release: Release, seals: Seals) -> dict[str, Any]:
    from pipelines.release import as_built, sealed

    return {
        "release": release.id,
        "faults": [*sealed.verify(settings, release, seals), *seals.lost_approval(release)],
        "erased": as_built.erasures(release),
        "is_sealed": seals.has(release),
    }


def _chain(chain: Checked) -> dict[str, Any]:
    return {
        **chain.head.as_json(),
        "faults": [*chain.faults],
        "heads_compared": chain.heads_compared,
    }


def _tell_verified(documents: list[dict[str, Any]], chain: Checked) -> None:
    for document in documents:
        if len(documents) > 1:
            typer.echo(f"{document['release']}:")
        well = "All other files are as they were built." if document["erased"] else AS_BUILT
        for line in (*document["erased"], *(document["faults"] or [well])):
            typer.echo(line)
        if not document.get("is_sealed", True):
            typer.echo(NOT_SEALED)
    for fault in chain.faults:
        typer.echo(f"Audit log: {fault}")
    if chain.head.number and not chain.faults:
        typer.echo(
            f"Audit log: {chain.head.number:,} lines, each as it was written. Its head, to write "
            f"down elsewhere: {chain.head.number}:{chain.head.code}"
        )
    elif not chain.head.number:
        typer.echo("Audit log: nothing has been written into it yet.")
