"""Which tables of marts are judged and not selected: the module that makes them, what they read.

A judgement is made by Python (pipelines/judgement) once the marts stand, because SQL cannot draw
lots or fit a model. This page is the only place where one is registered: the build, the public
file, the lineage and the data dictionary follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """One module of pipelines/judgement and its tables.

    Attributes:
        module: name in pipelines/judgement; it has a function `tables`.
        tables: schema and name of what it makes.
        reads: tables that it reads wherever it runs.
        officer_reads: tables that it reads beside them, and does without in the public file.
        is_public: whether it is made again for the public file, from what is public alone.
    """

    module: str
    tables: tuple[str, ...]
    reads: frozenset[str]
    officer_reads: frozenset[str] = frozenset()
    is_public: bool = True


# In the order in which they are made: a later one may read an earlier one's tables.
JUDGEMENTS = (
    Judgement(
        module="spc",
        tables=("marts.spc_series", "marts.spc_point"),
        reads=frozenset(
            {"marts.kpi_value", "marts.measure", "marts.measure_break", "marts.plan_milestone"}
        ),
    ),
    # It rests on the weeks of single cases.
    Judgement(
        module="backlog",
        tables=("marts.backlog_forecast", "marts.backlog_week", "marts.backlog_test"),
        reads=frozenset(
            {"core.open_case", "core.case_return", "core.queue_week", "marts.plan_milestone"}
        ),
        is_public=False,
    ),
    Judgement(
        module="forecasts",
        tables=(
            "marts.forecast",
            "marts.forecast_value",
            "marts.forecast_test",
            "marts.forecast_chance",
            "marts.scenario",
        ),
        reads=frozenset({"marts.area", "marts.kpi_value", "marts.measure", "marts.plan_milestone"}),
        officer_reads=frozenset(
            {"core.cohort_state", "marts.backlog_forecast", "marts.place_pipeline"}
        ),
    ),
    Judgement(
        module="queue_chance",
        tables=("marts.backlog_chance",),
        reads=frozenset(
            {
                *("core.open_case", "core.case_return", "core.queue_week"),
                *("marts.backlog_test", "marts.kpi_value", "marts.plan_milestone"),
            }
        ),
        is_public=False,
    ),
    # Last, because it reads the chances that all others state.
    Judgement(
        module="plan_status",
        tables=("marts.plan_status",),
        reads=frozenset({"marts.plan_milestone", "marts.forecast_chance"}),
        officer_reads=frozenset({"marts.backlog_chance"}),
    ),
)


def judged_tables() -> tuple[str, ...]:
    """Schema and name of every judged table, in the order in which they are made."""
    return tuple(name for judgement in JUDGEMENTS for name in judgement.tables)
