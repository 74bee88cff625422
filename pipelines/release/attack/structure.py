"""How the counts of the council's rows hang together: what an attacker knows beside the numbers.

Four kinds of knowledge: the groups of a topic add up to the whole area, and so does what a mean is
taken of; parts add up to their total (sql/disclosure/identities.yml); some counts cannot exceed
others. Each is held against the true figures first. One that is not true would mislead the attacker
and is left out; a sum that is only an upper bound is used as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pipelines.release.attack.origins import Cell, Count
from pipelines.release.attack.printed import MEANS

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipelines.registry.identities import CountName, Identities
    from pipelines.registry.measures import Measure


class Variable(NamedTuple):
    """One count of one period in one return: what the attacker wants to know.

    Whole years and Januaries only. A printed number that is a sum of counts stands beside them as
    a variable of its own.
    """

    vintage: str
    period: str
    counted: Count | Cell


class Fact(NamedTuple):
    """A count of a return that somebody else has published as it is."""

    variable: Variable
    value: float


class Known(NamedTuple):
    """One thing known of one return. Which counts a return has is known too: layouts differ.

    Attributes:
        whole: the total.
        parts: what it holds.
        is_equal: whether nothing else is in it.
    """

    whole: Variable
    parts: tuple[Variable, ...]
    is_equal: bool


def structure(connection: duckdb.DuckDBPyConnection, sql_folder: Path) -> list[Known]:
    """All that holds of every return by the true figures, once for each return.

    connection: a warehouse with core.figure; only read.
    """
    from pipelines.registry.identities import identities

    connection.execute(
        "create or replace temp view true_count as "
        "select vintage, period, area_code, dataset, indicator, breakdown_topic as topic, "
        "breakdown, value "
        "from core.figure where source = 'council' and period_kind in ('stock', 'flow') "
        "and value is not null and value = floor(value)"
    )
    declared = identities(sql_folder)
    return [
        *_partitions(connection),
        *_sums(connection, declared),
        *_within(connection, declared),
        *_same(connection, declared),
    ]


def facts(connection: duckdb.DuckDBPyConnection) -> list[Fact]:
    """Counts of the returns that the DfE has published as they are, in any of its releases.

    A cell of the DfE's that differs counts other children: as a count of ours it would be false.

    connection: after `structure`, which makes the view of the true counts.
    """
    rows = connection.execute(
        """
        select distinct
            own.vintage, own.period, own.dataset, own.indicator, own.topic, own.breakdown,
            cast(own.value as double)
        from true_count as own
        inner join core.published_figure as published
            on published.dataset = own.dataset and published.indicator = own.indicator
            and published.period = own.period and published.breakdown_topic = own.topic
            and published.breakdown = own.breakdown and published.value = own.value
            and published.area_code = own.area_code
        order by all
        """
    ).fetchall()
    return [Fact(Variable(row[0], row[1], Count(*row[2:6])), row[6]) for row in rows]


# A mean has 6 decimals; over many cases the sums of groups differ by so much from their whole.
SUMS_AGREE = 0.01


def sum_variable(vintage: str, period: str, kpi: str, topic: str, breakdown: str) -> Variable:
    """What a mean is taken of, over all cases of a group: weeks, not a count."""
    return Variable(vintage, period, Count(kpi, "sum", topic, breakdown))


def sums_of_means(
    connection: duckdb.DuckDBPyConnection, known: Mapping[str, Measure]
) -> Iterator[Known]:
    """For each mean and topic: the sums of the groups make that of the whole area.

    Where they do not by the true figures, the measure is a median, or a group is missing.

    connection: a warehouse with the measures' models. known: measures, of which means are asked.
    """
    for kpi, measure in known.items():
        if measure.unit in MEANS:
            rows = connection.execute(MEANS_BY_TOPIC.format(kpi=kpi), [SUMS_AGREE]).fetchall()
            for vintage, period, topic, groups in rows:
                named = (vintage, period, kpi)
                parts = tuple(sum_variable(*named, topic, group) for group in groups)
                yield Known(sum_variable(*named, "All", "All"), parts, True)


MEANS_BY_TOPIC = """
with own as (
    select
        vintage, period, breakdown_topic as topic, breakdown,
        coalesce(cast(published_value as double) * cast(denominator as double), 0) as whole
    from kpi.{kpi} where source = 'council' and denominator is not null
),
summed as (
    select vintage, period, topic, sum(whole) as parts, list(breakdown order by breakdown) as groups
    from own where topic <> 'All' group by all
)
select vintage, period, summed.topic, groups
from summed inner join own using (vintage, period)
where own.topic = 'All' and abs(parts - own.whole) <= $1
order by all
"""


def _partitions(connection: duckdb.DuckDBPyConnection) -> Iterator[Known]:
    """For each count and topic: the groups make the whole, or are within it."""
    rows = connection.execute(
        """
        with summed as (
            select vintage, period, dataset, indicator, topic, sum(value) as groups
            from true_count where topic <> 'All' group by all
        ),
        judged as (
            select
                summed.dataset, summed.indicator, summed.topic,
                bool_and(summed.groups = whole.value) as is_equal,
                bool_and(summed.groups <= whole.value) as is_within
            from summed
            inner join true_count as whole
                on whole.vintage = summed.vintage and whole.period = summed.period
                and whole.dataset = summed.dataset and whole.indicator = summed.indicator
                and whole.topic = 'All'
            group by all
        )
        select
            true_count.vintage, true_count.period, dataset, indicator, topic, judged.is_equal,
            list(true_count.breakdown order by true_count.breakdown)
        from judged
        inner join true_count using (dataset, indicator, topic)
        where is_within
        group by all
        order by all
        """
    ).fetchall()
    for vintage, period, dataset, indicator, topic, is_equal, groups in rows:
        whole = Variable(vintage, period, Count(dataset, indicator, "All", "All"))
        parts = tuple(
            Variable(vintage, period, Count(dataset, indicator, topic, group)) for group in groups
        )
        yield Known(whole, parts, is_equal)


def _sums(connection: duckdb.DuckDBPyConnection, declared: Identities) -> Iterator[Known]:
    for item in declared.sums:
        for found in _judged(connection, item.dataset, item.total, item.parts):
            if found.is_within:
                parts = tuple(found.of(item.dataset, part) for part in found.parts)
                yield Known(found.of(item.dataset, item.total), parts, found.is_equal)


def _within(connection: duckdb.DuckDBPyConnection, declared: Identities) -> Iterator[Known]:
    for item in declared.within:
        for part in item.parts:
            for found in _judged(connection, item.dataset, item.whole, (part,)):
                if found.is_within:
                    whole = found.of(item.dataset, item.whole)
                    yield Known(whole, (found.of(item.dataset, part),), False)


class _Judged(NamedTuple):
    """Whether parts make a whole, in one group of one return; true or not in all alike."""

    vintage: str
    period: str
    topic: str
    breakdown: str
    parts: list[str]
    is_equal: bool
    is_within: bool

    def of(self, dataset: str, indicator: str) -> Variable:
        """A count of this group."""
        return Variable(
            self.vintage, self.period, Count(dataset, indicator, self.topic, self.breakdown)
        )


def _judged(
    connection: duckdb.DuckDBPyConnection, dataset: str, whole: str, parts: tuple[str, ...]
) -> list[_Judged]:
    """For each return and group: the parts held; whether they make the whole, or lie within."""
    rows = connection.execute(
        """
        with part as (
            select vintage, period, topic, breakdown,
                sum(value) as parts, list(indicator order by indicator) as names
            from true_count where dataset = $dataset and list_contains($parts, indicator)
            group by all
        ),
        judged as (
            select
                whole.vintage, whole.period, whole.topic, whole.breakdown, part.names,
                part.parts = whole.value as is_equal, part.parts <= whole.value as is_within
            from true_count as whole inner join part using (vintage, period, topic, breakdown)
            where whole.dataset = $dataset and whole.indicator = $whole
        )
        -- Whether it is true is one answer for all groups: what anybody knows is the definition.
        select vintage, period, topic, breakdown, names,
            (select bool_and(is_equal) from judged), (select bool_and(is_within) from judged)
        from judged order by all
        """,
        {"dataset": dataset, "whole": whole, "parts": list(parts)},
    ).fetchall()
    return [_Judged(*row) for row in rows]


def _same(connection: duckdb.DuckDBPyConnection, declared: Identities) -> Iterator[Known]:
    for item in declared.same:
        for one, other in _pairs(connection, item.one, item.other, item.every_group):
            yield Known(one, (other,), True)


def _pairs(
    connection: duckdb.DuckDBPyConnection, one: CountName, other: CountName, every_group: bool
) -> list[tuple[Variable, Variable]]:
    """The groups in which two counts are one, if they are so in every edition."""
    rows = connection.execute(
        """
        select
            one.vintage, one.period, one.topic, one.breakdown,
            other.period, other.topic, other.breakdown, one.value = other.value
        from true_count as one
        inner join true_count as other on one.vintage = other.vintage
        where one.dataset = $one and one.indicator = $one_indicator
            and other.dataset = $other and other.indicator = $other_indicator
            and if($every_group, one.topic = other.topic and one.breakdown = other.breakdown,
                one.topic = $one_topic and one.breakdown = $one_breakdown
                and other.topic = $other_topic and other.breakdown = $other_breakdown)
        order by all
        """,
        {
            "one": one.dataset,
            "one_indicator": one.indicator,
            "one_topic": one.topic,
            "one_breakdown": one.breakdown,
            "other": other.dataset,
            "other_indicator": other.indicator,
            "other_topic": other.topic,
            "other_breakdown": other.breakdown,
            "every_group": every_group,
        },
    ).fetchall()
    if not all(is_same for *_, is_same in rows):
        return []
    return [
        (
            Variable(vintage, period, Count(one.dataset, one.indicator, *group)),
            Variable(vintage, other_period, Count(other.dataset, other.indicator, *other_group)),
        )
        for vintage, period, group, other_period, other_group in (
            (row[0], row[1], row[2:4], row[4], row[5:7]) for row in rows
        )
    ]
