"""The measures of the first page for one authority: the figures that its cards are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards import formats
from dashboards.components.comparison import AVERAGES
from dashboards.context import Context
from dashboards.latest import Latest, at, every_period, latest, recent
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.words.position import Plans, Reading
from pipelines.registry import measures as registry
from pipelines.registry.council import Council

PLANS = "plans_maintained"


@dataclass(frozen=True)
class Figures:
    """What the release holds of one measure for one authority.

    Attributes:
        values: the measure's history, one a consecutive period, None for a gap.
        breaks: places in values at which the series changes its meaning.
        england, neighbours: figures of the same period as the latest, None where there are none.
        neighbour_words: ' (mean of 10)'.
    """

    measure: Measure
    latest: Latest | None
    values: tuple[float | None, ...]
    breaks: tuple[int, ...]
    first_label: str
    england: float | None
    neighbours: float | None
    neighbour_words: str


def cards(context: Context, council: Council | None = None) -> list[Figures]:
    """The measures that a council's settings name and the release holds, in their order.

    council: the home council where none is given.
    """
    whose = council or context.home
    wanted = [context.measures.get(kpi) for kpi in whose.overview_measures]
    return [_figures(context, whose, measure) for measure in wanted if measure]


def absent(context: Context, council: Council) -> list[str]:
    """Titles of measures that the settings name and the release has no figure for."""
    declared = registry.measures(context.settings.project_root / "sql")
    missing = [kpi for kpi in council.overview_measures if kpi not in context.measures]
    return [declared[kpi].title if kpi in declared else kpi for kpi in missing]


def plans(found: Sequence[Figures]) -> Plans | None:
    """The number of plans, where the first page shows it."""
    for item in found:
        newest = item.latest
        if item.measure.kpi == PLANS and newest and newest.value is not None:
            return Plans(newest.value, newest.change, newest.period_label)
    return None


def readings(found: Sequence[Figures]) -> list[Reading]:
    """What the sentence at the top may speak of."""
    return [
        Reading(
            title=formats.lower_first(item.measure.title),
            unit=item.measure.unit,
            polarity=item.measure.polarity,
            value=item.latest.value if item.latest else None,
            change=item.latest.change if item.latest else None,
            england=item.england,
        )
        for item in found
    ]


def _figures(context: Context, council: Council, measure: Measure) -> Figures:
    frame = figures.series(context.key, measure.kpi, (council.area_code,))
    newest = latest(frame, measure)
    rows = figures.benchmark(context.key, measure.kpi, council.la_code)
    period = newest.period if newest else ""
    periods = every_period(frame[frame["value"].notna()])
    count = rows.loc[rows["period"] == period, "neighbour_count"]
    number = int(count.iloc[0]) if not count.empty else 0
    return Figures(
        measure=measure,
        latest=newest,
        values=tuple(recent(frame, periods)),
        breaks=tuple(periods.index(at) for at, _ in measure.breaks if at in periods[1:]),
        first_label=formats.period_label(periods[0], measure.period_kind) if periods else "",
        england=at(figures.series(context.key, measure.kpi, (context.england,)), period, "value"),
        neighbours=at(rows, period, AVERAGES[council.neighbour_average]),
        neighbour_words=f" ({council.neighbour_average} of {number})",
    )
