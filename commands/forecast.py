"""`send forecast`: where the backlog, the caseload or a measure is heading, and how sure it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import (
    AsJson,
    Workspace,
    print_json,
    require_current,
    say,
    settings_of,
    table_of,
)

if TYPE_CHECKING:
    import duckdb

BACKLOG, CASELOAD = "backlog", "caseload"
QUEUE_COLUMNS = (
    *("scenario", "order", "cleared by: P10", "P50", "P90"),
    *("never, in 104 weeks", "chance by the day", "needed a week", "load"),
)
VALUE_COLUMNS = ("measure", "from", "period", "P10", "P50", "P90", "by")


def forecast(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="backlog, caseload, or the id of a measure.")
    ],
    area: Annotated[
        str | None, typer.Option(help="GSS code or three-digit authority code.", show_default=False)
    ] = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Print a forecast of the release that people read, with its range and its record so far.

    Ranges are 80%: four of five possible futures lie within. --json adds what the forecast was made
    from, every period, the chance of each milestone, and how earlier forecasts did.
    """
    document = _document(workspace, what, area)
    if as_json:
        print_json(document)
    elif what == BACKLOG:
        _print_backlog(document)
    else:
        _print_values(document)


def _document(workspace: Path | None, what: str, area: str | None) -> dict[str, Any]:
    from pipelines.release.reader import connect

    release = require_current(settings_of(workspace))
    connection = connect(release.officer_path)
    try:
        return _made(connection, release.id, what, area)
    finally:
        connection.close()


def _made(
    connection: duckdb.DuckDBPyConnection, release_id: str, what: str, area: str | None
) -> dict[str, Any]:
    from pipelines.release.backlog_json import backlog_document
    from pipelines.release.forecast_json import caseload_document, la_code_of, measure_document

    la_code = la_code_of(connection, area)
    if what == BACKLOG:
        return backlog_document(connection, release_id, la_code)
    if what == CASELOAD:
        return caseload_document(connection, release_id, la_code)
    return measure_document(connection, release_id, what, la_code)


def _print_backlog(document: dict[str, Any]) -> None:
    inputs = document["inputs"]
    say(
        f"{inputs['overdue_count']:,} overdue of {inputs['open_count']:,} open cases on "
        f"{inputs['queue_date']}; weeks drawn from {inputs['history_weeks']} since "
        f"{inputs['history_from']}."
    )
    rows = [
        (
            answer["scenario_title"] + (" (being done)" if answer["is_being_done"] else ""),
            answer["work_order"].replace("_", " "),
            *(answer["clear_date"][share] or "not in time" for share in ("p10", "p50", "p90")),
            _percent(answer["never_share"]),
            "" if answer["chance"] is None else _percent(answer["chance"]),
            "" if answer["needed_capacity"] is None else f"{answer['needed_capacity']:.1f}",
            "" if answer["queue_load"] is None else f"{answer['queue_load']:.2f}",
        )
        for answer in document["answers"]
    ]
    table_of(QUEUE_COLUMNS, rows, numbers=QUEUE_COLUMNS[5:])
    for note in _notes(document["answers"]):
        say(note)


def _print_values(document: dict[str, Any]) -> None:
    rows = []
    for made in document["forecasts"]:
        name, basis = made["kpi"], made["forecast_basis"].replace("_", " ")
        if made["why_not"]:
            rows.append((name, basis, "", "", "", "", made["why_not"]))
        for value in made["values"]:
            quantiles = (f"{value[f'value_{share}']:,.1f}" for share in ("p10", "p50", "p90"))
            rows.append((name, basis, value["period"], *quantiles, value["forecast_model"]))
    if not rows:
        say("Nothing is held from which this could be forecast.")
        return
    table_of(VALUE_COLUMNS, rows, numbers=("P10", "P50", "P90"))
    scenarios = [row for row in document.get("scenarios", ()) if row.get("forecast_note")]
    for kpi in dict.fromkeys(row["kpi"] for row in scenarios):
        for note in _notes([row for row in scenarios if row["kpi"] == kpi]):
            say(f"Scenarios of {kpi}, which --json gives: {note}")


def _notes(rows: list[dict[str, Any]]) -> list[str]:
    """What is said of the rows, each sentence once; none in a release that says nothing yet."""
    return list(dict.fromkeys(row["forecast_note"] for row in rows if row["forecast_note"]))


def _percent(share: float) -> str:
    return f"{share:.0%}"
