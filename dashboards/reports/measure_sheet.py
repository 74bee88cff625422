"""The sheet of one measure: every period of the council beside England, region and neighbours.

Values come from the queries of the pages. No cell is empty: a figure that is missing has a symbol,
a text that is missing says "none".
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.components.footer import SOURCES
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.reports import cells
from dashboards.reports.sheets import Sheet
from dashboards.words.reading import reading_note
from dashboards.words.sources import sources
from pipelines.registry.council import Council

# In place of England and the neighbours where the unit is a count.
NOT_COMPARED = frozenset({"count", "pounds", "fte"})


def measure_sheet(page: Context, whose: Council, measure: Measure) -> Sheet | None:
    """Every period of one measure for the council, beside England, region and neighbours.

    None where the release has no row of it for the council.
    """
    rows = figures.series(page.key, measure.kpi, (whose.area_code,))
    if rows.empty:
        return None
    rows = measure.placed(rows)
    own = [cells.number(row.value, row.decimals, row.symbol) for row in rows.itertuples()]
    numbers = {
        cells.heading(whose.name, measure.unit): own,
        **_beside(page, whose, rows, measure),
    }
    counts = _parts(rows, measure)
    table = pd.DataFrame(
        {
            "Period": list(rows["period_label"]),
            **numbers,
            **counts,
            "Source": [_source(row.source, row.vintage) for row in rows.itertuples()],
            "Remark": [_remark(row, measure) for row in rows.itertuples()],
        }
    )
    decimals = [cells.number_format(measure.decimals)] * len(table)
    # The newest first, as in the table.
    own_decimals = [cells.number_format(places) for places in rows["decimals"].iloc[::-1]]
    return Sheet(
        title=f"{measure.title}, {whose.name}, by year",
        table=table.iloc[::-1].reset_index(drop=True),
        source=_sources(page, measure, rows),
        notes=measure_notes(page, whose, measure),
        subtitle=_beside_figure(rows, measure),
        formats=dict.fromkeys(numbers, decimals)
        | {cells.heading(whose.name, measure.unit): own_decimals}
        | {name: [cells.number_format(0)] * len(table) for name in counts},
    )


def measure_notes(page: Context, whose: Council, measure: Measure) -> tuple[str, ...]:
    """What the measure is, what to take care of, its breaks, and who the neighbours are."""
    texts = [f"{measure.title}: {measure.definition}"]
    texts += [f"{measure.title}: {measure.caveat}"] if measure.caveat else []
    texts += [
        f"{measure.title}, break in the series at "
        f"{formats.period_label(at, measure.period_kind)}: {why}"
        for at, why in measure.breaks
    ]
    if measure.unit in NOT_COMPARED:
        return tuple(texts)
    names = "; ".join(figures.neighbours(page.key, whose.la_code))
    return (*texts, *([f"Statistical neighbours of {whose.name}: {names}."] if names else []))


def _beside(
    page: Context, whose: Council, rows: pd.DataFrame, measure: Measure
) -> dict[str, list[float | int | str]]:
    """England, region and neighbours as far as there are any; of a count, nothing: areas differ."""
    if measure.unit in NOT_COMPARED:
        return {}
    averages = figures.benchmark(page.key, measure.kpi, whose.la_code).set_index("period")
    sides = {
        "England": _of_area(page, page.england, measure),
        "Region": _of_area(page, page.region_of(whose.area_code), measure),
        "Neighbour mean": dict(averages["neighbour_mean"]),
        "Neighbour median": dict(averages["neighbour_median"]),
    }
    return {
        cells.heading(name, measure.unit): [
            cells.number(values.get(period), measure.decimals) for period in rows["period"]
        ]
        for name, values in sides.items()
        if any(formats.is_number(values.get(period)) for period in rows["period"])
    }


def _of_area(page: Context, area: str | None, measure: Measure) -> dict[str, float]:
    """The figures of an area by period, as the charts draw them."""
    if area is None:
        return {}
    frame = figures.series(page.key, measure.kpi, (area,))
    return dict(zip(frame["period"], frame["value"], strict=True))


def _parts(rows: pd.DataFrame, measure: Measure) -> dict[str, list[float | int | str]]:
    """Top and bottom of the fraction, where the measure is one."""
    if not measure.denominator_text:
        return {}
    return {
        "Top of the fraction (number)": [cells.number(value, 0) for value in rows["numerator"]],
        "Bottom of the fraction (number)": [
            cells.number(value, 0) for value in rows["denominator"]
        ],
    }


def _remark(row: Any, measure: Measure) -> str:
    """What a revision replaced, and where the series changes its meaning."""
    said = []
    if row.is_revised:
        before = formats.number(row.previous_value, measure.unit, row.decimals)
        said.append(f"[r] was {before} in the {row.previous_vintage} edition")
    if row.period in {at for at, _ in measure.breaks}:
        said.append("[b] not on the same basis as the period before")
    return "; ".join(said) or cells.NOTHING


def _beside_figure(frame: pd.DataFrame, measure: Measure) -> str:
    """What must stand beside the newest figure."""
    known = frame[frame["value"].notna()]
    if known.empty or not measure.reading_note:
        return ""
    newest = known.iloc[-1]
    said = reading_note(measure.reading_note, newest["numerator"], newest["denominator"])
    return f"{newest['period_label']}: {said}" if said else ""


def _sources(page: Context, measure: Measure, frame: pd.DataFrame) -> str:
    council = str(page.facts.get("council_name") or "The council")
    return f"Source: {sources(measure.source_text, frame, council)}"


def _source(source: Any, vintage: Any) -> str:
    return f"{SOURCES.get(source, source)} {vintage}"
