"""Whether each figure of the council's own in a public file is as the rule would print it.

The attacker (attack/gate.py) takes what is printed for a rounded number and asks what it gives
away. A number that was never rounded, of a month, or of a measure that is for officers is nothing
that it could ask about: here the rule itself is held against every row of the frozen file.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines.registry.measures import COUNTED, Measure, measures
from pipelines.release.reader import connect
from pipelines.release.rounding import (
    BASE,
    EXACT_TOPICS,
    LARGEST_HIDDEN,
    LEAST_DENOMINATOR,
    LEAST_OF_MEAN,
)

COLUMNS = (
    "kpi varchar, kind varchar, is_exact boolean, total boolean, groups boolean, district boolean"
)
RATIOS = ("percent", "per_1000")


@dataclass(frozen=True)
class Unruled:
    """Figures that the rule for small numbers does not print.

    Attributes:
        count: of them.
        kpi: the first measure that has one; nothing more is told of any.
    """

    count: int
    kpi: str


def unruled(public: Path, root: Path) -> Unruled | None:
    """The figures of a frozen public file that are not as the rule prints them; None if all are."""
    with closing(connect(public)) as connection:
        connection.execute(f"create temp table rule ({COLUMNS})")
        rows = [_rule(measure) for measure in measures(root / "sql").values()]
        connection.executemany("insert into rule values (?, ?, ?, ?, ?, ?)", rows)
        count, kpi = connection.execute(UNRULED, {"topics": [*EXACT_TOPICS]}).fetchone() or (0, "")
    return Unruled(int(count), str(kpi)) if count else None


def _rule(measure: Measure) -> tuple[str, str, bool, bool, bool, bool]:
    """What a measure allows anybody to read."""
    unit = measure.unit
    return (
        measure.id,
        "count" if unit in COUNTED else unit if unit in RATIOS else "mean",
        measure.disclosure == "exact_total",
        "area_total" in measure.publish,
        "area_by_breakdown" in measure.publish,
        "area_by_district" in measure.publish,
    )


# What is hidden, or large enough and rounded.
ROUNDED = f"({{0}} is null or ({{0}} > {LARGEST_HIDDEN} and {{0}} % {BASE} = 0))"
# sql/disclosure/protected_measure.sql makes the rows by the same rule; here it is asked of them.
UNRULED = f"""
with own as (
    select
        kpi, kind, numerator, denominator, value, previous_value,
        is_exact and list_contains($topics, breakdown_topic) as is_exact,
        period_kind in ('stock', 'flow') as is_yearly,
        case breakdown_topic
            when 'All' then total
            when 'District' then district
            when 'School' then false
            when 'Setting group' then false
            else groups
        end as is_public
    from marts.kpi_value inner join rule using (kpi)
    where source = 'council'
),
judged as (
    select
        kpi,
        is_public and (is_yearly or is_exact)
        and (kind = 'per_1000' or {ROUNDED.format("denominator")})
        and case kind
            when 'count' then is_exact or (
                {ROUNDED.format("numerator")} and value is not distinct from numerator
                and {ROUNDED.format("previous_value")}
            )
            when 'mean' then
                numerator is null and (value is null or denominator >= {LEAST_OF_MEAN})
            else
                {ROUNDED.format("numerator")} and (
                    value is null
                    or (numerator is not null and denominator >= {LEAST_DENOMINATOR})
                )
        end
        and (kind <> 'percent' or coalesce(value % 1, 0) + coalesce(previous_value % 1, 0) = 0)
            as is_ruled
    from own
)
select count(*), min(kpi) from judged where is_ruled is not true
"""  # noqa: S608
