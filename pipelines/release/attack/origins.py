"""Which counts of the council's rows a public number is made of, found by asking the measures' SQL.

An attacker links two measures when both rest on the same count: the plans of ten-year-olds are the
denominator of one and the numerator of another. Nobody writes these links down, so they cannot go
stale: every measure is run over made-up figures in which one indicator at a time is not nought, and
what comes out says what went in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipelines.engine.duckdb import add_functions_of_the_call
from pipelines.errors import SendError
from pipelines.registry.house import house_models

if TYPE_CHECKING:
    import duckdb

Part = Literal["numerator", "denominator", "mean"]


class Count(NamedTuple):
    """One count of one return: a cell of core.figure."""

    dataset: str
    indicator: str
    topic: str
    breakdown: str


class Cell(NamedTuple):
    """One number of a measure, in any edition.

    Attributes:
        period: empty, or the one period for which it rests on counts of its own, as where the year
            stands in the indicator's name.
    """

    kpi: str
    part: Part
    topic: str
    breakdown: str
    period: str = ""


# A public number is so many times each of these counts.
Origin = tuple[tuple[Count, float], ...]

ASKED = "asked"
# The publishers' real figures stay: a measure may need the population, or England's share. Of the
# council's own, every edition holds the cells of one return, all nought but those of one indicator:
# there each cell is 1, and in a second edition the place of its group.
OWN_FIGURES = """
create table asked.own as
with cell as (
    select
        dataset, indicator, breakdown_topic, breakdown,
        max(period_kind) as period_kind,
        dense_rank() over (order by breakdown_topic, breakdown) as place
    from {built}.core.figure
    where source = 'council' and period_kind in ('stock', 'flow')
    group by dataset, indicator, breakdown_topic, breakdown
),
indicator as (select distinct dataset, indicator from cell),
edition as (
    select 'none' as vintage, '' as indicator, dataset, dataset as held, 0 as place_weight,
        0 as one_weight
    from (select distinct dataset from cell)
    union all
    select 'one ' || dataset || ' ' || indicator, indicator, dataset, other, 0, 1
    from indicator inner join asked.beside using (dataset)
    union all
    select 'place ' || dataset || ' ' || indicator, indicator, dataset, other, 1, 0
    from indicator inner join asked.beside using (dataset)
)
select
    'council' as source, edition.vintage, cell.dataset, cell.indicator, cell.period_kind,
    case cell.period_kind when 'stock' then $stock_period else $flow_period end as period,
    $la_code as la_code, $area_code as area_code, cell.breakdown_topic, cell.breakdown,
    cast(
        case
            when cell.dataset = edition.dataset and cell.indicator = edition.indicator
                then edition.place_weight * cell.place + edition.one_weight
            else 0
        end as decimal(18, 6)
    ) as value,
    cast(null as varchar) as symbol, 'asked' as file_id, cast(null as bigint) as row_number,
    cell.place
from cell inner join edition on cell.dataset = edition.held
order by cell.dataset, cell.indicator
"""
FIGURES = """
create table asked.core.figure as
select * exclude (place) from asked.own
union all by name
select * from {built}.core.figure
where source <> 'council' and area_code in ($area_code, 'E92000001')
"""
VINTAGES = """
create table asked.core.vintage as
select * from {built}.core.vintage where source <> 'council'
union all by name
select distinct source, dataset, vintage, 0 as vintage_order, false as is_in_year from asked.own
"""
# What a measure's numbers are in each edition, less what they are where every count is nought.
ANSWERS = """
with answer as (
    unpivot (
        select
            vintage, breakdown_topic as topic, breakdown, numerator, denominator,
            if(period in ($stock_period, $flow_period), '', period) as period
        from ({sql}) where source = 'council'
    ) on numerator, denominator into name part value answer
),
nothing as (select * from answer where vintage = 'none'),
moved as (
    select answer.*, answer.answer - coalesce(nothing.answer, 0) as weight
    from answer left join nothing using (topic, breakdown, part, period)
)
select
    edition.dataset, edition.indicator, one.topic, one.breakdown, one.part, one.period,
    cast(one.weight as double) as weight, cast(placed.weight as double) as placed
from (
    select distinct dataset, indicator from asked.own
) as edition
inner join moved as one on one.vintage = 'one ' || edition.dataset || ' ' || edition.indicator
left join moved as placed
    on placed.vintage = 'place ' || edition.dataset || ' ' || edition.indicator
    and placed.topic = one.topic and placed.breakdown = one.breakdown
    and placed.part = one.part and placed.period = one.period
where one.weight <> 0
"""


def origins(
    connection: duckdb.DuckDBPyConnection, root: Path, kpis: Iterable[str]
) -> dict[Cell, Origin]:
    """The counts behind every number of some measures, from the council's own rows.

    connection: a warehouse with core.figure; a schema is made in a temporary catalog beside it.

    Raises:
        SendError: a measure adds up groups, or does more than add: the gate cannot follow it.
    """
    models = house_models(root)
    found: dict[Cell, dict[Count, float]] = {}
    texts = {kpi: models[f"kpi.{kpi}"].sql for kpi in kpis}
    with _asked_house(connection, root, texts.values()) as home:
        places = _places(connection)
        for kpi, sql in texts.items():
            answers = connection.execute(
                ANSWERS.format(sql=sql),
                {name: home[name] for name in ("stock_period", "flow_period")},
            ).fetchall()
            for cell, count, weight in _links(kpi, answers, places):
                found.setdefault(cell, {})[count] = weight
    return {cell: tuple(sorted(made_of.items())) for cell, made_of in found.items()}


@contextmanager
def _asked_house(
    connection: duckdb.DuckDBPyConnection, root: Path, texts: Iterable[str]
) -> Iterator[dict[str, str]]:
    """A catalog beside the warehouse, in memory, in which measures find made-up figures."""
    (built,) = connection.execute("select current_database()").fetchone() or ("",)
    connection.execute(f"attach ':memory:' as {ASKED}")
    try:
        connection.execute(f"use {ASKED}")
        connection.execute("create schema core")
        add_functions_of_the_call(connection, root / "sql")
        home = _home(connection, str(built))
        _write_beside(connection, str(built), texts)
        connection.execute(OWN_FIGURES.format(built=built), home)
        connection.execute(FIGURES.format(built=built), {"area_code": home["area_code"]})
        connection.execute(VINTAGES.format(built=built))
        yield home
    finally:
        connection.execute(f"use {built}")
        connection.execute(f"detach {ASKED}")


def _home(connection: duckdb.DuckDBPyConnection, built: str) -> dict[str, str]:
    """The council whose rows are held, with its newest periods: publishers' figures join there."""
    row = connection.execute(
        f"""
        select
            max(la_code), max(area_code),
            max(period) filter (where period_kind = 'stock'),
            max(period) filter (where period_kind = 'flow')
        from {built}.core.figure
        where source = 'council'
        """  # noqa: S608
    ).fetchone()
    names = ("la_code", "area_code", "stock_period", "flow_period")
    return dict(zip(names, row or (), strict=True))


def _write_beside(connection: duckdb.DuckDBPyConnection, built: str, texts: Iterable[str]) -> None:
    """Which data sets one measure reads together: only these need to stand in one edition."""
    rows = connection.execute(
        f"select distinct dataset from {built}.core.figure where source = 'council'"  # noqa: S608
    ).fetchall()
    known = {dataset for (dataset,) in rows}
    named = [known & set(re.findall(r"'(\w+)'", text)) for text in texts]
    pairs = {(one, other) for datasets in named for one in datasets for other in datasets}
    connection.execute("create table asked.beside (dataset varchar, other varchar)")
    connection.executemany("insert into asked.beside values (?, ?)", sorted(pairs))


def _places(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, int], Count]:
    """The count that has a place, for each data set and indicator."""
    rows = connection.execute(
        "select distinct dataset, indicator, place, breakdown_topic, breakdown from asked.own"
    ).fetchall()
    return {(row[0], row[1], row[2]): Count(row[0], row[1], row[3], row[4]) for row in rows}


def _links(
    kpi: str, answers: list[tuple[Any, ...]], places: dict[tuple[str, str, int], Count]
) -> Iterator[tuple[Cell, Count, float]]:
    """Each number of one measure with a count that it is made of, and how many times."""
    for dataset, indicator, topic, breakdown, part, period, weight, placed in answers:
        place = round(placed / weight, 6)
        count = places.get((dataset, indicator, int(place)))
        if count is None or place != int(place):
            raise SendError(
                f"{part} of {breakdown_words(topic, breakdown)} is not a sum of single counts of "
                f"{indicator}",
                where=f"sql/kpi/{kpi}.sql",
                remedy="The gate for small numbers cannot follow it: let the measure read a count "
                "that core already gives, or keep it from the public (publish: []).",
            )
        yield Cell(kpi, part, topic, breakdown, period), count, weight


def breakdown_words(topic: str, breakdown: str) -> str:
    """A group as a reader names it."""
    return "the whole area" if topic == "All" else f"{topic}: {breakdown}"
