"""All forecasts of a build, as tables: caseload, the plan's measures, the milestones' chances.

What belongs here: which forecasts a build makes and which of two a reader meets first. How each is
made stands with its model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.judgement import cohort_forecast, measure_forecast
from pipelines.judgement.asked import rows
from pipelines.judgement.caseload import CASELOAD, MAINSTREAM, PERIOD_KIND, Caseload, caseload
from pipelines.judgement.chances import CHANCE, chances
from pipelines.judgement.cohort_of import Cohort, cohort_of
from pipelines.judgement.made import TEST, Forecast, forecast_table, value_table
from pipelines.judgement.measure_forecast import Made, authorities
from pipelines.judgement.queue_record import beside_queue, has_queue
from pipelines.judgement.rows import table_of
from pipelines.judgement.scenarios import SCENARIO, scenario_rows
from pipelines.judgement.yearly import forecasts as yearly_forecasts
from pipelines.judgement.yearly import trial_rows
from pipelines.registry.council import council

if TYPE_CHECKING:
    import duckdb

    from pipelines.judgement.make import Inputs

# Of two forecasts of the same thing, the one that knows more comes first.
FIRST = ("matched_returns", "published_totals", "own_months")
# What a chance by the simulated queue of overdue cases says that it rests on.
BY_QUEUE = "backlog"


def tables(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> Mapping[str, Any]:
    """Make every forecast; the tables by name."""
    home = inputs.council_folder.name
    areas = authorities(connection)
    groups = caseload(connection)
    made = _caseload(connection, groups, areas, home)
    children = None if inputs.is_public else _cohort(connection, groups, areas, home, made)
    made_too = _measures(connection, inputs, groups, areas, home)
    made.add(made_too.forecasts, made_too.tests)
    if _has_queue(connection, inputs):
        made.forecasts[:] = [beside_queue(forecast) for forecast in made.forecasts]
    first = shown_first(made.forecasts)
    return {
        "marts.forecast": forecast_table(made.forecasts, first),
        "marts.forecast_value": value_table(made.forecasts),
        "marts.forecast_test": table_of(TEST, made.tests),
        "marts.forecast_chance": table_of(
            CHANCE, chances(connection, made.forecasts, first, is_public=inputs.is_public)
        ),
        "marts.scenario": table_of(
            SCENARIO,
            scenario_rows(connection, inputs.council_folder, groups, children, areas, made.tests),
        ),
    }


def _has_queue(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> bool:
    """Whether the simulated queue forecasts overdue cases. The public file knows its chances."""
    if inputs.is_public:
        return any(row["chance_from"] == BY_QUEUE for row in inputs.told)
    return has_queue(connection, inputs.council_folder.name)


def shown_first(forecasts: Sequence[Forecast]) -> frozenset[str]:
    """Ids of those that a reader meets first, one for each measure, area and kind of period."""
    best: dict[tuple[str, str, str], Forecast] = {}
    for made in forecasts:
        key = (made.kpi, made.la_code, made.period_kind)
        if key not in best or _rank(made) < _rank(best[key]):
            best[key] = made
    return frozenset(made.id for made in best.values())


def _rank(made: Forecast) -> tuple[bool, int]:
    return not made.steps, FIRST.index(made.basis)


def _caseload(
    connection: duckdb.DuckDBPyConnection, groups: Caseload, areas: Mapping[str, str], home: str
) -> Made:
    """From published totals, and the months of the council at home."""
    made = Made()
    for project in groups:
        made.add(yearly_forecasts(project, areas, PERIOD_KIND), trial_rows(project, PERIOD_KIND))
    for project in (groups.plans, groups.shares[MAINSTREAM]):
        unit = "count" if project is groups.plans else "percent"
        made.add(*measure_forecast.by_month(connection, project.measure.kpi, unit, home))
    return made


def _cohort(
    connection: duckdb.DuckDBPyConnection,
    groups: Caseload,
    areas: Mapping[str, str],
    home: str,
    made: Made,
) -> Cohort | None:
    """From matched returns, added to what is made; None where they are lacking."""
    held = cohort_of(connection, home, areas[home])
    if isinstance(held, str):
        made.add([cohort_forecast.none(home, areas[home], held)], [])
        return None
    rules = cohort_forecast.yardsticks({p.measure.kpi: p for p in groups})
    england = rules[MAINSTREAM].england
    for forecast in cohort_forecast.forecasts(held, rules):
        is_share = forecast.kpi == MAINSTREAM and len(england) > 1
        made.add([cohort_forecast.against_england(forecast, england) if is_share else forecast], [])
    made.add([], cohort_forecast.trial_rows(held, rules))
    return held


def _measures(
    connection: duckdb.DuckDBPyConnection,
    inputs: Inputs,
    groups: Caseload,
    areas: Mapping[str, str],
    home: str,
) -> Made:
    """The other measures of the overview and of the delivery plan, of the council at home."""
    plan = [row["kpi"] for row in rows(connection, "plan_kpi")]
    kpis = {*council(inputs.council_folder).overview_measures, *plan} - {*CASELOAD}
    own = {home: areas[home]}
    panel = groups.plans.measure.panel
    return measure_forecast.of_measures(connection, kpis, home, panel, own)
