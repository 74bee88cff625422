"""The chance of each milestone: the share of possible values on the right side of its level.

Read from the draws of a forecast, never between its quantiles. A milestone whose level is England's
at the time is held against the projected distance from England, not against two lines apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.analysis.ranges import Floats
from pipelines.analysis.ranges import chance as share_of_runs
from pipelines.judgement import months_of
from pipelines.judgement.asked import rows
from pipelines.judgement.made import Forecast, Step
from pipelines.judgement.months_of import WHOLE
from pipelines.judgement.panel_of import NATION
from pipelines.judgement.tried import GAP_MIDDLE

if TYPE_CHECKING:
    import duckdb

PLACES = "places_delivered"
BY_PLAN = (
    "Places open on planned days, which the months before do not foretell, so no chance is stated."
)
CHANCE = (
    "milestone",
    "plan_version",
    "la_code",
    "kpi",
    "forecast",
    "period_kind",
    "period",
    "milestone_due",
    "level_value",
    "level_area_key",
    "polarity",
    "chance",
    "why_not",
)


def chances(
    connection: duckdb.DuckDBPyConnection,
    forecasts: Sequence[Forecast],
    first: frozenset[str],
    *,
    is_public: bool = False,
) -> Iterator[dict[str, Any]]:
    """One row for each milestone, as promised and as last moved, whose measure is forecast.

    forecasts: of the council and others; first: ids of those that a reader meets first.
    is_public: whether the days on which places are to open are not at hand.
    """
    whole = [made for made in forecasts if made.id in first]
    for held in _promises(connection):
        part = (held["breakdown_topic"], held["breakdown"])
        own = [
            made
            for made in (whole if part == WHOLE else _of_part(connection, held, part))
            if (made.kpi, made.la_code) == (held["kpi"], held["la_code"])
            # A year's milestone is not judged by one of its months.
            and (made.period_kind == "month") <= (held["period_kind"] == "stock")
        ]
        if own:
            told = chance_of(held, own)
            if held["kpi"] == PLACES:
                planned = "" if is_public else _planned(connection, held)
                told |= {"chance": None, "why_not": f"{BY_PLAN}{planned}"}
            yield held | told


def _promises(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """Each promise about a measure, with the measure's unit and kind of period."""
    promises = [promise for promise in rows(connection, "milestone_promise") if promise["kpi"]]
    kpis = sorted({promise["kpi"] for promise in promises})
    measures = {row["kpi"]: row for row in rows(connection, "measure_unit", kpi=kpis)}
    for promise in promises:
        if promise["kpi"] in measures:
            number = {"level_value": promise["promised_value"]}
            yield promise | measures[promise["kpi"]] | number


def _planned(connection: duckdb.DuckDBPyConnection, held: Mapping[str, Any]) -> str:
    """How far the planned openings up to the day would reach, if each of them is kept."""
    names = ("la_code", "breakdown_topic", "breakdown", "milestone_due")
    found = rows(connection, "place_promise", **{name: held[name] for name in names})
    if not found or held["level_value"] is None:
        return ""
    is_open, planned = found[0]["open_count"], found[0]["planned_count"]
    return (
        f" {is_open} are open and {planned} more are to open by the day: "
        f"{is_open + planned} of the {held['level_value']:.0f} promised, if every date is kept."
    )


def _of_part(
    connection: duckdb.DuckDBPyConnection, held: Mapping[str, Any], part: tuple[str, str]
) -> list[Forecast]:
    """A part of a measure has the council's own months and nothing else to be forecast from."""
    made, _ = months_of.forecasts(connection, held["kpi"], held["unit"], held["la_code"], part)
    return made


def chance_of(milestone: Mapping[str, Any], forecasts: Sequence[Forecast]) -> dict[str, Any]:
    """The forecast that reaches a milestone's day, with period and chance; or why there is none.

    milestone: milestone_due, level_value or level_area_key, and polarity. The forecast whose period
    is nearest to the day goes first; of two alike, the one by years, which all authorities tested.
    A year is also the 12 months that end with its December, by the council's own months.
    """
    ranked = sorted(forecasts, key=lambda made: _nearness(made, milestone["milestone_due"]))
    for made in ranked:
        period = deciding_period(milestone["milestone_due"], made.period_kind)
        step = step_of(_steps(made, milestone), period)
        if step is not None:
            return {
                "forecast": made.id,
                "period_kind": made.period_kind,
                "period": period,
                "chance": chance(step.draws, _level(milestone), str(milestone["polarity"])),
                "why_not": None,
            }
    # The one that got furthest says why it went no further.
    made = next((made for made in ranked if made.steps), ranked[0])
    return {
        "forecast": made.id,
        "period_kind": made.period_kind,
        "period": deciding_period(milestone["milestone_due"], made.period_kind),
        "chance": None,
        "why_not": _why_not(made, milestone),
    }


def chance(draws: Floats, level: float, polarity: str) -> float:
    """The share of draws on the right side of the level, or on it.

    Half a draw is counted on each side, so that a few past misses never make a certainty.
    """
    hits = share_of_runs(draws, level, at_most=polarity == "low_is_good") * len(draws)
    return (hits + 0.5) / (len(draws) + 1)


def _nearness(made: Forecast, due: date) -> tuple[str, bool]:
    return deciding_period(due, made.period_kind), made.period_kind == "month"


def deciding_period(due: date, period_kind: str) -> str:
    """The first period whose value tells whether a milestone was met on its day."""
    if period_kind == "flow":
        return str(due.year)
    if period_kind == "rolling_year":
        return f"{due.year}-R12-12"
    if period_kind == "month":
        return f"{due:%Y-%m}"
    return f"{due.year if due.month == 1 else due.year + 1}-01"


def step_of(steps: Sequence[Step], period: str) -> Step | None:
    """What is expected in a period."""
    return next((step for step in steps if step.period == period), None)


def _steps(made: Forecast, milestone: Mapping[str, Any]) -> tuple[Step, ...]:
    if not milestone["level_area_key"]:
        return made.steps
    return made.gap_steps if milestone["level_area_key"] == NATION else ()


def _level(milestone: Mapping[str, Any]) -> float:
    return GAP_MIDDLE if milestone["level_area_key"] else float(milestone["level_value"])


def _why_not(made: Forecast, milestone: Mapping[str, Any]) -> str:
    if made.why_not:
        return made.why_not
    if milestone["level_area_key"] and not _steps(made, milestone):
        return "The distance from that area's value is not projected."
    ends = [step.period for step in made.steps]
    period = deciding_period(milestone["milestone_due"], made.period_kind)
    if ends and period > ends[-1]:
        return f"The forecast is tested as far as {ends[-1]}, and no further."
    return "The figures reach beyond the milestone's day."
