"""Verbs that print figures of the current release."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AsJson, Workspace, print_json, require_current, say, settings_of

if TYPE_CHECKING:
    import duckdb

Text = str | None


def kpi(
    kpi_id: Annotated[Text, typer.Argument(metavar="ID", help="A measure; all without it.")] = None,
    area: Annotated[Text, typer.Option(help="GSS code or three-digit authority code.")] = None,
    period: Annotated[Text, typer.Option(help="For example 2025-01 or 2024.")] = None,
    breakdown: Annotated[Text, typer.Option(metavar="TOPIC", help="Such as Age.")] = None,
    source: Annotated[Text, typer.Option(help="dfe, moj, lait or council.")] = None,
    vintage: Annotated[Text, typer.Option(help="Edition, for example 2025.")] = None,
    all_vintages: Annotated[bool, typer.Option(help="Every edition of each value.")] = False,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Values of the measures in the release that people read."""
    from pipelines.release.kpi_json import Selection, kpi_document

    wanted = Selection(kpi_id, area, period, breakdown, source, vintage, all_vintages)
    document = _from_release(workspace, partial(kpi_document, wanted=wanted))
    if as_json:
        print_json(document)
    else:
        _print_values(document["values"])


def claims(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """The statements register with its verdicts."""
    from pipelines.release.claims_json import claims_document

    document = _from_release(workspace, claims_document)
    if as_json:
        print_json(document)
        return
    for claim in document["claims"]:
        typer.echo(f"{claim['id']}  {claim['verdict'].replace('_', ' '):<16}  {claim['statement']}")


def _from_release(
    workspace: Path | None, make: Callable[[duckdb.DuckDBPyConnection, str], dict[str, Any]]
) -> dict[str, Any]:
    """A document made from the public file of the current release."""
    from pipelines.release.reader import connect

    release = require_current(settings_of(workspace))
    connection = connect(release.public_path)
    try:
        return make(connection, release.id)
    finally:
        connection.close()


def _print_values(values: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not values:
        say("No value matches. Breakdowns are named with --breakdown TOPIC.")
        return
    table = Table(box=None, header_style="bold")
    for name in ("measure", "area", "period", "breakdown", "value", "of", "source", "edition"):
        table.add_column(name, justify="right" if name in {"value", "of"} else "left")
    for value in values:
        shown = f"[{value['symbol']}]" if value["value"] is None else f"{value['value']:,}"
        whole = "" if value["denominator"] is None else f"{value['denominator']:,}"
        area, period = value["area_name"], value["period_label"]
        table.add_row(
            value["kpi"],
            area,
            period,
            value["breakdown"],
            shown.replace("[", "\\["),
            whole,
            value["source"],
            value["vintage"],
        )
    Console().print(table)
