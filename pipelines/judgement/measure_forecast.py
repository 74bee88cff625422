"""Any measure ahead: of all authorities by year, and of the council at home by month.

Simple rules only; the caseload has a model of its own (caseload.py, cohort_of.py). The build makes
those of the overview and of the delivery plan; `one` makes any other on demand, by the same way.
docs/methods.md, "Any other measure".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.analysis.panel import Panel
from pipelines.errors import InputError
from pipelines.judgement import months_of
from pipelines.judgement.asked import rows
from pipelines.judgement.made import Forecast
from pipelines.judgement.panel_of import Gathered, gathered
from pipelines.judgement.queue_record import beside_queue, has_queue
from pipelines.judgement.tried import Rules
from pipelines.judgement.yearly import Project, forecasts, trial_rows

if TYPE_CHECKING:
    import duckdb

YEARLY = ("stock", "flow")


@dataclass
class Made:
    """Forecasts and the rows of their tests, as they come together."""

    forecasts: list[Forecast] = field(default_factory=list)
    tests: list[dict[str, Any]] = field(default_factory=list)

    def add(self, forecasts: Iterable[Forecast], tests: Iterable[dict[str, Any]]) -> None:
        """Take in what one measure gave."""
        self.forecasts.extend(forecasts)
        self.tests.extend(tests)


def authorities(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Area code by three-digit code, of every authority that exists today."""
    return {row["la_code"]: row["area_code"] for row in rows(connection, "authority_today")}


def of_measures(
    connection: duckdb.DuckDBPyConnection,
    kpis: Iterable[str],
    home: str,
    plans: Panel | None,
    areas: Mapping[str, str],
) -> Made:
    """The yearly forecasts of these measures for all areas given, and the months of the council."""
    made = Made()
    for kpi, unit, period_kind in _measures(connection, kpis):
        if period_kind in YEARLY:
            project = _project(connection, kpi, unit, period_kind, plans)
            made.add(forecasts(project, areas, period_kind), trial_rows(project, period_kind))
        made.add(*by_month(connection, kpi, unit, home))
    return made


def by_month(
    connection: duckdb.DuckDBPyConnection, kpi: str, unit: str, home: str
) -> tuple[list[Forecast], list[dict[str, Any]]]:
    """The forecasts of the council's own months, where it has any."""
    return months_of.forecasts(connection, kpi, unit, home)


def one(connection: duckdb.DuckDBPyConnection, kpi: str, la_code: str) -> Made:
    """One measure of one authority, on demand: its years and its months.

    Raises:
        InputError: there is no such measure or authority.
    """
    known = _measures(connection, [kpi])
    areas = authorities(connection)
    if not known:
        raise InputError(f"there is no measure '{kpi}'", remedy="See their ids with: send kpi")
    if la_code not in areas:
        raise InputError(
            f"there is no authority '{la_code}' today",
            remedy="Give a three-digit code, for example 860.",
        )
    made = of_measures(connection, [kpi], la_code, None, {la_code: areas[la_code]})
    if has_queue(connection, la_code):
        made.forecasts[:] = [beside_queue(forecast) for forecast in made.forecasts]
    return made


def _measures(
    connection: duckdb.DuckDBPyConnection, kpis: Iterable[str]
) -> list[tuple[str, str, str]]:
    found = rows(connection, "measure_unit", kpi=sorted(set(kpis)))
    return [(row["kpi"], row["unit"], row["period_kind"]) for row in found]


def _project(
    connection: duckdb.DuckDBPyConnection,
    kpi: str,
    unit: str,
    period_kind: str,
    plans: Panel | None,
) -> Project:
    measure: Gathered = gathered(connection, kpi, unit, period_kind)
    return Project.of(measure, Rules.of(measure.kind, {}), plans)
