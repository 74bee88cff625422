"""A forecast of the caseload, or of any measure, as one JSON document: what `send forecast` prints.

What the build made is read from the release. A measure that the build did not forecast is forecast
on the spot, by the same functions and from the same release. The backlog is in backlog_json.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.registry.strict import nearest
from pipelines.release.backlog_json import json_cell, milestones, records

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]
FORECAST = "marts.forecast"
VALUE = "marts.forecast_value"
TEST = "marts.forecast_test"


def home_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The authority that the release was made for."""
    (la_code,) = connection.execute("select council from marts.release").fetchone() or ("",)
    return str(la_code)


def la_code_of(connection: duckdb.DuckDBPyConnection, area: str | None) -> str:
    """The three-digit code of an area given by either code; the release's own without one.

    Raises:
        InputError: the release knows no such authority.
    """
    if area is None:
        return home_of(connection)
    found = connection.execute(
        "select la_code from marts.area where la_code is not null and ? in (la_code, area_code)",
        [area],
    ).fetchone()
    if found is None:
        raise InputError(
            f"there is no authority '{area}'", remedy="Give its three-digit code, such as 860."
        )
    return str(found[0])


def caseload_document(
    connection: duckdb.DuckDBPyConnection, release_id: str, la_code: str
) -> Record:
    """The forecasts with scenarios, milestones, back_test, and the record of earlier ones."""
    from pipelines.judgement.caseload import CASELOAD
    from pipelines.judgement.record import record

    made = {kpi: _made(connection, kpi, la_code) for kpi in CASELOAD}
    return {
        "release": release_id,
        "forecast": "caseload",
        "la_code": la_code,
        "forecasts": [item for forecasts, _ in made.values() for item in forecasts],
        "scenarios": records(connection, "marts.scenario", {"la_code": la_code}),
        "milestones": milestones(connection, la_code, CASELOAD),
        "back_test": [row for _, tests in made.values() for row in tests],
        "record": record(connection, CASELOAD, la_code),
    }


def measure_document(
    connection: duckdb.DuckDBPyConnection, release_id: str, kpi: str, la_code: str
) -> Record:
    """{"release", "forecast", "la_code", "forecasts", "milestones", "back_test", "record"}.

    Raises:
        InputError: the release knows no such measure.
    """
    from pipelines.judgement.record import record

    known = [name for (name,) in connection.execute("select kpi from marts.measure").fetchall()]
    if kpi not in known:
        raise InputError(
            f"there is no forecast of '{kpi}'{nearest(kpi, ['backlog', 'caseload', *known])}",
            remedy="Give backlog, caseload, or the id of a measure: docs/measures.md",
        )
    forecasts, tests = _made(connection, kpi, la_code)
    if not forecasts:
        forecasts, tests = _on_the_spot(connection, kpi, la_code)
    return {
        "release": release_id,
        "forecast": kpi,
        "la_code": la_code,
        "forecasts": forecasts,
        "milestones": milestones(connection, la_code, (kpi,)),
        "back_test": tests,
        "record": record(connection, (kpi,), la_code),
    }


def _made(
    connection: duckdb.DuckDBPyConnection, kpi: str, la_code: str
) -> tuple[list[Record], list[Record]]:
    """Forecasts of a measure that the build made, with their values, and how such did before."""
    own = {"kpi": kpi, "la_code": la_code}
    return _put_together(
        records(connection, FORECAST, own),
        records(connection, VALUE, own),
        records(connection, TEST, {"kpi": kpi}),
    )


def _on_the_spot(
    connection: duckdb.DuckDBPyConnection, kpi: str, la_code: str
) -> tuple[list[Record], list[Record]]:
    from pipelines.judgement.forecasts import shown_first
    from pipelines.judgement.made import TEST as TEST_COLUMNS
    from pipelines.judgement.made import forecast_table, value_table
    from pipelines.judgement.measure_forecast import one
    from pipelines.judgement.rows import table_of

    made = one(connection, kpi, la_code)
    tables = (
        forecast_table(made.forecasts, shown_first(made.forecasts)),
        value_table(made.forecasts),
        table_of(TEST_COLUMNS, made.tests),
    )
    return _put_together(
        *(
            [{k: json_cell(v) for k, v in row.items()} for row in item.to_pylist()]
            for item in tables
        )
    )


def _json(row: Record) -> Record:
    return {name: json_cell(cell) for name, cell in row.items()}


def _put_together(
    forecasts: list[Record], values: list[Record], tests: list[Record]
) -> tuple[list[Record], list[Record]]:
    """Each forecast with its values; the tests of the bases that are among them."""
    shared = ("forecast", "kpi", "la_code", "area_code", "period_kind")
    told = [
        forecast
        | {
            "values": [
                {name: cell for name, cell in value.items() if name not in shared}
                for value in values
                if value["forecast"] == forecast["forecast"]
            ]
        }
        for forecast in forecasts
    ]
    bases = {forecast["forecast_basis"] for forecast in forecasts}
    return told, [row for row in tests if row["forecast_basis"] in bases]
