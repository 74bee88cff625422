"""`send plan`: the delivery plan as it stands, notes about it, and milestones that are moved.

Arguments in, words out; the log is written by pipelines/ingest/plan_entry.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AsJson, Workspace, print_json, say, settings_of, table_of
from pipelines.errors import InputError

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from pipelines.ingest.plan_entry import Written
    from pipelines.release.plan_json import Standing
    from pipelines.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The delivery plan: its milestones, notes and moves.")

Role = Annotated[
    str, typer.Option("--role", help="Role of who says it, as the plan names it; never a person.")
]
COLUMNS = (
    *("action", "milestone", "date", "value", "first promised", "newest value", "status"),
    "chance",
)
NEXT = "Readers see it after: send build, then send publish"


@app.command("list")
def list_plan(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Print every action, measure and milestone, with what has been noted or moved.

    Statuses are those of the release that people read.
    """
    from pipelines.registry.plan_rows import held_plan
    from pipelines.release.plan_json import milestone_lines, plan_document

    settings = settings_of(workspace)
    held, seen = held_plan(settings), _standing(settings)
    if as_json:
        print_json(plan_document(held, settings.council, seen))
        return
    if held is None:
        say(f"Authority {settings.council} has no delivery plan. How to write one: data/councils")
        return
    table_of(COLUMNS, [_cells(**line) for line in milestone_lines(held, seen)])
    if held.log.has_open_end:
        say("The last entry was interrupted and does not count: make it again.")


@app.command()
def note(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="Id of an action.")],
    role: Role,
    text: Annotated[str, typer.Option("--text", help="What is to be noted, for officers.")],
    workspace: Workspace = None,
) -> None:
    """Note something about an action. A note is never changed; a later one corrects it."""
    from pipelines.ingest.plan_entry import add_note

    settings = settings_of(workspace)
    _tell(settings, "plan note", add_note(settings, action=action, role=role, text=text))


@app.command()
def revise(
    milestone: Annotated[str, typer.Argument(metavar="MILESTONE", help="Id of a milestone.")],
    role: Role,
    reason: Annotated[str, typer.Option("--reason", help="Why, for anybody to read.")],
    due: Annotated[
        str | None, typer.Option("--date", help="New date, such as 2027-01-31.", show_default=False)
    ] = None,
    value: Annotated[
        str | None,
        typer.Option("--value", help="New value, in the measure's unit.", show_default=False),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Move a milestone to another date, another value, or both.

    The plan's file is not touched: pages show the first promise and the move with its reason.
    """
    from pipelines.ingest.plan_entry import revise as append_move

    settings = settings_of(workspace)
    day, level = _date(due), _value(value)
    moved = append_move(
        settings, milestone=milestone, role=role, reason=reason, due=day, value=level
    )
    _tell(settings, "plan revise", moved)


def _tell(settings: Settings, action: str, written: Written) -> None:
    """Say it, and chain it: the plan's own log can then not be changed unnoticed either."""
    from pipelines.registry.plan_log import log_path, read_log
    from pipelines.release.audit_log import note as chain

    log_sha256 = read_log(log_path(settings)).sha256
    chain(settings, action, notice=say, line=written.line, log_sha256=log_sha256)
    if written.closed_interrupted:
        say("An earlier entry had been interrupted. It stays in the log and does not count.")
    say(f"Written as line {written.line} of the plan's log. {NEXT}")


def _date(text: str | None) -> date | None:
    from datetime import date

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        remedy = "Write year, month and day: 2027-01-31"
        raise InputError("not a date", where="--date", remedy=remedy) from error


def _value(text: str | None) -> Decimal | None:
    from decimal import Decimal, InvalidOperation

    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as error:
        remedy = "Write the number alone: 120 or 42.5"
        raise InputError("not a number", where="--value", remedy=remedy) from error


def _standing(settings: Settings) -> Standing:
    """What the release that people read says of the plan; nothing where none is published."""
    from pipelines.release.plan_json import Standing, standing
    from pipelines.release.reader import connect, current_release

    release = current_release(settings.workspace)
    if release is None:
        return Standing()
    connection = connect(release.officer_path)
    try:
        return standing(connection, release.id, settings.council)
    finally:
        connection.close()


def _cells(action: dict[str, Any], measure: dict[str, Any], milestone: dict[str, Any]) -> list[str]:
    """One line of the table; a level that is another area's is written as the area's."""
    newest = measure["newest_value"]
    shown = "" if newest is None else f"{newest:,} ({measure['newest_value_period']})"
    if not milestone:
        return [action["id"], "(none)", "", "", "", shown, "", ""]
    first = (milestone["original_date"], milestone["original_value"])
    is_moved = first != (milestone["date"], milestone["value"])
    return [
        action["id"],
        milestone["id"],
        milestone["date"],
        _level(milestone["value"], milestone["same_as_area"]),
        f"{first[0]}: {_level(first[1], milestone['same_as_area'])}" if is_moved else "",
        shown,
        (milestone["status"] or "not built yet").replace("_", " "),
        "" if milestone["chance"] is None else f"{milestone['chance']:.0%}",
    ]


def _level(value: float | None, area: str | None) -> str:
    return f"as {area}" if value is None else f"{value:,}"
