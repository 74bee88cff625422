"""What an earlier release still tells of the counts of a new one.

Somebody may have kept the earlier file and hold both. A correction, an erasure, a restated return
or another query counts a return anew, and then some of the earlier numbers are no longer true of
it. Each is held against the exact count as it is now: what still holds is attacked together with
the new numbers, as if the attacker knew that it holds; what does not, tells of counts that are no
more, and would only make the two contradict each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.release.attack.printed import Group, Printed, group_of
from pipelines.release.attack.run import Attack
from pipelines.release.attack.structure import Variable
from pipelines.release.attack.verdict import Close, Narrow, Verdict

if TYPE_CHECKING:
    import duckdb

# How far a decimal number may lie from itself.
TOLERANCE = 1e-6
EXACT = """
select
    kpi, vintage, period, breakdown_topic, breakdown,
    cast(numerator as double), cast(denominator as double), cast(value as double)
from marts.kpi_value
where source = 'council' and period_kind in ('stock', 'flow')
"""
PARTS = ("numerator", "denominator", "mean")
Exact = dict[Group, dict[str, float | None]]


def exact_figures(connection: duckdb.DuckDBPyConnection) -> Exact:
    """Every figure of the council's own as it is, by the cell that it stands in.

    connection: with the marts of officers.
    """
    rows = connection.execute(EXACT).fetchall()
    return {Group(*row[:5]): dict(zip(PARTS, row[5:], strict=True)) for row in rows}


def still_true(earlier: Sequence[Printed], exact: Exact) -> list[Printed]:
    """The numbers of an earlier release that hold of the counts as they are now.

    Of a return that is not held any more, everything is kept: nothing there can contradict what is
    new.
    """
    held = {group.vintage for group in exact}
    return [it for it in earlier if it.vintage not in held or _holds(it, exact)]


def beyond(
    attack: Attack, sought: Collection[Variable], alone: Attack, also: Iterable[Close] = ()
) -> Verdict:
    """The verdict on two releases, less what the earlier one gives away by itself.

    What people have read cannot be taken back by refusing what comes after it. alone: has heard the
    earlier release and nothing else. also: see `Attack.verdict`.

    Raises:
        NoSolutionError: what is printed contradicts itself.
    """
    first = verdict = attack.verdict(sought, also)
    read_before: set[Variable] = set()
    while verdict.narrow:
        fresh = tuple(_fresh(verdict.narrow, alone))
        if fresh:
            return replace(verdict, narrow=fresh, size=first.size)
        read_before |= {item.variable for item in verdict.narrow}
        also = [item for item in verdict.closest if item.variable not in read_before]
        verdict = attack.verdict(verdict.unasked, also)
    return replace(verdict, size=first.size)


def _fresh(narrow: Iterable[Narrow], alone: Attack) -> Iterable[Narrow]:
    """The counts of which more can be known than by the earlier release alone."""
    asked = tuple(narrow)
    alone.system()
    known = {item.variable for item in asked} & {*alone.variables()}
    left = {item.variable: item.possible for item in alone.verdict(known).narrow}
    for item in asked:
        if item.possible < left.get(item.variable, float("inf")):
            yield item


def _holds(number: Printed, exact: Exact) -> bool:
    value = exact.get(group_of(number), {}).get(number.cell.part)
    if value is None:
        # Of a group without a case there is no mean; that it is hidden is still so.
        return number.cell.part == "mean" and number.is_hidden
    return number.low - TOLERANCE <= value <= number.high + TOLERANCE
