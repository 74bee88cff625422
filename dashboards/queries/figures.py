"""Figures of measures over the years, and the words and areas that belong to them.

The lines of the pages are yearly: months and years to date, which in-year extracts give, are left
out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pandas as pd

from dashboards.charts.axis import Spread
from dashboards.measure import Measure
from dashboards.queries.frozen import Key, cached, frame_of, records
from dashboards.role import Role


@cached
def release(key: Key) -> dict[str, Any]:
    """The one row of marts.release: release, built_at, council, council_name, code_version."""
    return records(frame_of(key, "select * from marts.release"))[0]


@cached
def measures(key: Key) -> dict[str, Measure]:
    """Measures that have a value in this release, by id, in the order of their themes."""
    frame = frame_of(
        key,
        """
        select * from marts.measure
        where kpi in (
            select distinct kpi from marts.kpi_value
            where period_kind in ('stock', 'flow')
        )
        order by theme, title
        """,
    )
    breaks = frame_of(key, "select * from marts.measure_break order by kpi, break_at")
    marks: dict[str, list[tuple[str, str]]] = {}
    for kpi, at, why in breaks.itertuples(index=False):
        marks.setdefault(kpi, []).append((at, why))
    is_exact = key.role == Role.OFFICER
    return {
        row["kpi"]: _measure(row, marks.get(row["kpi"], []), is_exact=is_exact)
        for row in records(frame)
    }


def _measure(row: dict[str, Any], breaks: Sequence[tuple[str, str]], *, is_exact: bool) -> Measure:
    texts: dict[str, Any] = {field.name: row.get(field.name) or "" for field in fields(Measure)}
    is_whole = row["unit"] == "percent" and not is_exact
    return Measure(
        **texts
        | {
            "decimals": int(row["decimals"]),
            "own_decimals": 0 if is_whole else None,
            "breaks": tuple(breaks),
        }
    )


@cached
def areas(key: Key) -> pd.DataFrame:
    """Areas that have a value: area_code, area_name, area_kind, la_code, region_code.

    area_name is the name shown, made here and nowhere else, because two authorities in turn were
    called Dorset: one that was abolished is 'Dorset (to 2019)', by the last year of its life.
    """
    return frame_of(
        key,
        """
        select
            area_code,
            area_name || coalesce(' (to ' || year(valid_to) || ')', '') as area_name,
            area_kind, la_code, region_code
        from marts.area
        where area_code in (
            select distinct area_code from marts.kpi_value
            where period_kind in ('stock', 'flow')
        )
        order by case area_kind when 'nation' then 0 when 'region' then 1 else 2 end, area_name
        """,
    )


@cached
def series(
    key: Key, kpi: str, area_codes: tuple[str, ...], topic: str = "All", breakdown: str = "All"
) -> pd.DataFrame:
    """Every period of one measure for some areas, the value shown and what it replaced.

    One row an area and period; value is NaN where a symbol stands. Names come from `areas`.
    """
    return frame_of(
        key,
        """
        select
            area_code, area_kind, period, period_kind, period_label,
            cast(numerator as double) as numerator,
            cast(denominator as double) as denominator,
            cast(value as double) as value,
            symbol, source, vintage, is_revised, previous_vintage,
            cast(previous_value as double) as previous_value,
            cast(change as double) as change
        from marts.kpi_value
        where kpi = ? and breakdown_topic = ? and breakdown = ? and is_shown
            and list_contains(?, area_code) and period_kind in ('stock', 'flow')
        order by period, area_code
        """,
        (kpi, topic, breakdown, list(area_codes)),
    )


@cached
def editions(
    key: Key, kpi: str, area_codes: tuple[str, ...], topic: str = "All", breakdown: str = "All"
) -> pd.DataFrame:
    """Every edition of the figures that a source published with different values, newest first."""
    return frame_of(
        key,
        """
        with editions as (
            select
                area_code, period, period_label, source, vintage, vintage_order, is_shown,
                cast(value as double) as value, symbol,
                count(distinct value) over (partition by area_code, period, source) as value_count
            from marts.kpi_value
            where kpi = ? and breakdown_topic = ? and breakdown = ?
                and list_contains(?, area_code) and period_kind in ('stock', 'flow')
        )
        select * from editions
        where value_count > 1
        order by period desc, area_code, vintage_order desc
        """,
        (kpi, topic, breakdown, list(area_codes)),
    )


@cached
def benchmark(key: Key, kpi: str, la_code: str) -> pd.DataFrame:
    """England, region and neighbours for each period of one authority; whole figures only."""
    return frame_of(
        key,
        """
        select
            period,
            cast(england_value as double) as england_value,
            cast(region_value as double) as region_value,
            cast(neighbour_mean as double) as neighbour_mean,
            cast(neighbour_median as double) as neighbour_median,
            neighbour_count
        from marts.benchmark
        where kpi = ? and la_code = ?
        order by period
        """,
        (kpi, la_code),
    )


@cached
def breakdowns(key: Key, kpi: str) -> pd.DataFrame:
    """Topics and breakdowns that the measure has: breakdown_topic, breakdown."""
    return frame_of(
        key,
        """
        select distinct breakdown_topic, breakdown
        from marts.kpi_value
        where kpi = ? and is_shown and period_kind in ('stock', 'flow')
        order by case breakdown_topic when 'All' then 0 else 1 end, breakdown_topic, breakdown
        """,
        (kpi,),
    )


@cached
def slice_by_topic(
    key: Key, kpi: str, topic: str, period: str, area_codes: tuple[str, ...]
) -> pd.DataFrame:
    """All breakdowns of a topic in one period for some areas."""
    return frame_of(
        key,
        """
        select
            area_code, period, period_label, breakdown,
            cast(numerator as double) as numerator,
            cast(denominator as double) as denominator,
            cast(value as double) as value,
            symbol, source, vintage, previous_vintage,
            cast(previous_value as double) as previous_value
        from marts.kpi_value
        where kpi = ? and breakdown_topic = ? and period = ? and is_shown
            and list_contains(?, area_code)
        order by breakdown
        """,
        (kpi, topic, period, list(area_codes)),
    )


@cached
def spread(key: Key, kpi: str, topic: str) -> Spread | None:
    """What the measure spans over all periods; None where it has no number at all.

    The usual span is that of authorities; where none has a figure it is the whole span.
    """
    row = frame_of(
        key,
        """
        with spans as (
            select
                min(value) as low,
                max(value) as high,
                quantile_disc(value, 0.02) filter (where area_kind = 'authority') as usual_low,
                quantile_disc(value, 0.98) filter (where area_kind = 'authority') as usual_high
            from marts.kpi_value
            where kpi = ? and breakdown_topic = ? and is_shown
                and period_kind in ('stock', 'flow')
        )
        select
            cast(low as double) as low,
            cast(high as double) as high,
            cast(coalesce(usual_low, low) as double) as usual_low,
            cast(coalesce(usual_high, high) as double) as usual_high
        from spans
        """,
        (kpi, topic),
    ).iloc[0]
    return None if pd.isna(row["low"]) else Spread(**{name: float(row[name]) for name in row.index})


@cached
def neighbours(key: Key, la_code: str) -> list[str]:
    """Names of an authority's statistical neighbours, nearest first."""
    frame = frame_of(
        key,
        """
        select area.area_name
        from marts.neighbour
        inner join marts.area on area.la_code = neighbour.neighbour_la_code
        where neighbour.la_code = ?
        order by neighbour.position
        """,
        (la_code,),
    )
    return list(frame["area_name"])


@cached
def data_versions(key: Key) -> list[tuple[str, str]]:
    """Newest vintage held of each source: (source, vintage)."""
    frame = frame_of(
        key,
        """
        select source, arg_max(vintage, vintage_order) as vintage
        from marts.kpi_value
        where period_kind in ('stock', 'flow')
        group by source order by source
        """,
    )
    return list(frame.itertuples(index=False, name=None))
