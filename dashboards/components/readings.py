"""The measures of the first page for the home authority: what the sentence and the cards need."""

from __future__ import annotations

from dashboards import formats, queries
from dashboards.components.cards import Card
from dashboards.components.comparison import AVERAGES
from dashboards.context import Context
from dashboards.latest import at, every_period, latest, recent
from dashboards.measure import Measure
from dashboards.words.position import Plans, Reading
from pipelines.registry import measures as registry

PLANS = "plans_maintained"


def cards(context: Context) -> list[Card]:
    """One card for each measure that the council's settings name and the release holds."""
    wanted = [context.measures.get(kpi) for kpi in context.home.overview_measures]
    return [_card(context, measure) for measure in wanted if measure]


def absent(context: Context) -> list[str]:
    """Titles of measures that the settings name and the release has no figure for."""
    declared = registry.measures(context.settings.project_root / "sql")
    missing = [kpi for kpi in context.home.overview_measures if kpi not in context.measures]
    return [declared[kpi].title if kpi in declared else kpi for kpi in missing]


def plans(found: list[Card]) -> Plans | None:
    """The number of plans, where the first page shows it."""
    for card in found:
        newest = card.latest
        if card.measure.kpi == PLANS and newest and newest.value is not None:
            return Plans(newest.value, newest.change, newest.period_label)
    return None


def readings(found: list[Card]) -> list[Reading]:
    """What the sentence at the top may speak of."""
    return [
        Reading(
            title=formats.lower_first(card.measure.title),
            unit=card.measure.unit,
            polarity=card.measure.polarity,
            value=card.latest.value if card.latest else None,
            change=card.latest.change if card.latest else None,
            england=card.england,
        )
        for card in found
    ]


def _card(context: Context, measure: Measure) -> Card:
    home = context.home
    frame = queries.series(context.key, measure.kpi, (home.area_code,))
    newest = latest(frame, measure)
    rows = queries.benchmark(context.key, measure.kpi, home.la_code)
    period = newest.period if newest else ""
    periods = every_period(frame[frame["value"].notna()])
    count = rows.loc[rows["period"] == period, "neighbour_count"]
    number = int(count.iloc[0]) if not count.empty else 0
    first = formats.period_label(periods[0], measure.period_kind) if periods else ""
    return Card(
        measure=measure,
        area_code=home.area_code,
        latest=newest,
        values=recent(frame, periods),
        breaks=[periods.index(at) for at, _ in measure.breaks if at in periods[1:]],
        first_label=first,
        england=at(rows, period, "england_value"),
        neighbours=at(rows, period, AVERAGES[home.neighbour_average]),
        neighbour_words=f" ({home.neighbour_average} of {number})",
    )
