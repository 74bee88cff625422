"""Verbs that print figures of the current release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

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


class Line(StrEnum):
    """Periods that stand beside each other in one line."""

    YEAR = "year"
    MONTH = "month"
    YEAR_TO_DATE = "year-to-date"
    ROLLING_YEAR = "rolling-year"


class Role(StrEnum):
    """For whom figures are printed."""

    OFFICER = "officer"
    PUBLIC = "public"


Text = str | None
Made = TypeVar("Made")
COLUMNS = ("measure", "area", "period", "breakdown", "value", "of", "source", "edition", "")


def kpi(
    kpi_id: Annotated[Text, typer.Argument(metavar="ID", help="A measure; all without it.")] = None,
    area: Annotated[Text, typer.Option(help="GSS code or three-digit authority code.")] = None,
    period: Annotated[
        Text, typer.Option(help="2025-01, 2024, 2025-09, 2025-YTD-09 or 2025-R12-09.")
    ] = None,
    by: Annotated[
        Line | None, typer.Option(help="All periods of a kind; years unless another is asked for.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="A day: the newest month that had ended by then."),
    ] = None,
    breakdown: Annotated[Text, typer.Option(metavar="TOPIC", help="Such as Age.")] = None,
    source: Annotated[Text, typer.Option(help="dfe, moj, lait or council.")] = None,
    vintage: Annotated[Text, typer.Option(help="Edition, for example 2025.")] = None,
    all_vintages: Annotated[bool, typer.Option(help="Every edition of each value.")] = False,
    role: Annotated[Role, typer.Option(help="officer: exact; public: as anybody may read.")] = (
        Role.OFFICER
    ),
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Values of the measures in the release that people read.

    Whoever runs it holds the workspace, so figures from the council's own rows are exact, unless
    the public's are asked for. Years are printed unless --period, --by or --at say otherwise;
    months, years to date and 12 months come from the council's own rows.
    """
    from pipelines.release.kpi_json import Selection, kpi_document, kpi_values
    from pipelines.release.kpi_periods import Periods

    periods = Periods(period, by.value if by else None, at.date() if at else None)
    wanted = Selection(kpi_id, area, periods, breakdown, source, vintage, all_vintages)
    if as_json:
        print_json(_from_release(workspace, partial(kpi_document, wanted=wanted), role))
        return
    _print_values(_from_release(workspace, lambda opened, _: kpi_values(opened, wanted), role))


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
    workspace: Path | None,
    make: Callable[[duckdb.DuckDBPyConnection, str], Made],
    role: Role = Role.PUBLIC,
) -> Made:
    """What is made from one file of the current release."""
    from pipelines.release.reader import connect

    release = require_current(settings_of(workspace))
    is_officer = role is Role.OFFICER
    connection = connect(release.officer_path if is_officer else release.public_path)
    try:
        return make(connection, release.id)
    finally:
        connection.close()


def _print_values(values: list[dict[str, Any]]) -> None:
    from pipelines.release.json_values import plain

    if not values:
        say("The files taken in hold no such value. What is held: send releases show ID")
        return
    names = ("kpi", "area_name", "period_label", "breakdown")
    rows = [
        (
            *(value[name] for name in names),
            _printed(value["value"], value["symbol"], value["decimals"]),
            "" if value["denominator"] is None else plain(value["denominator"]),
            value["source"],
            value["vintage"],
            _revision(value),
        )
        for value in values
    ]
    table_of(COLUMNS, rows, numbers=("value",))


def _printed(value: Any, symbol: str | None, decimals: int) -> str:
    """98.0 where the measure has one decimal: the page and the table print the same digits."""
    return f"[{symbol}]" if value is None else f"{value:,.{decimals}f}"


def _revision(value: dict[str, Any]) -> str:
    if not value["is_revised"]:
        return ""
    before = _printed(value["previous_value"], value["previous_symbol"], value["decimals"])
    return f"[r] was {before} in {value['previous_vintage']}"
