"""Withholding, in the public file while it is made, what the attacker would find too narrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from pipelines.release.attack.beside import exact_figures, still_true
from pipelines.release.attack.gate import digest, repaired
from pipelines.release.attack.knowledge import write_beside, write_knowledge
from pipelines.release.attack.printed import Printed, printed
from pipelines.release.attack.repair import Repair

if TYPE_CHECKING:
    import duckdb

# The numbers of whole years and Januaries; the rest is exact totals, which say nothing of groups.
YEARLY = """(
    select protected_row.*, rule.unit, rule.decimals, rule.is_exact
    from kpi.protected_row
    inner join kpi.disclosure_rule as rule using (kpi)
    inner join (
        select source, vintage, bool_or(is_in_year) as is_in_year
        from core.vintage group by source, vintage
    ) as edition using (source, vintage)
    where period_kind_of(protected_row.period, rule.period_kind, edition.is_in_year)
        in ('stock', 'flow')
)"""
WITHHOLD = """
update kpi.protected_row
set numerator = null, denominator = null, published_value = null, symbol = 'c'
from hidden
where
    hidden.kpi = protected_row.kpi
    and hidden.vintage = protected_row.vintage
    and hidden.breakdown_topic = protected_row.breakdown_topic
    and (
        hidden.is_whole_table
        or (hidden.period = protected_row.period and hidden.breakdown = protected_row.breakdown)
    )
"""
ATTRIBUTE = """
create table {built}.evidence.disclosure_attribute as
select kpi, vintage, period, breakdown_topic, breakdown, denominator
from kpi.protected_row inner join kpi.disclosure_rule using (kpi)
where unit = 'percent' and published_value = 100 and source = 'council'
order by all
"""
EVIDENCE = (
    "disclosure_origin",
    "disclosure_known",
    "disclosure_fact",
    "disclosure_verdict",
    "disclosure_withheld",
    "disclosure_beside",
    "disclosure_closest",
    "disclosure_attribute",
)


def withhold(
    connection: duckdb.DuckDBPyConnection, built: str, root: Path, earlier: Sequence[Printed] = ()
) -> Repair:
    """Hide more of kpi.protected_row until nothing in it can be narrowed, and keep the evidence.

    connection: stands in the public file, with the rule's rows made; the warehouse is `built`.
    earlier: what the release before prints, which somebody may lay beside the new one.

    Raises:
        NoSolutionError: the rows contradict each other.
        SendError: a measure does more than add counts.
    """
    started = process_time()
    (target,) = connection.execute("select current_database()").fetchone() or ("",)
    numbers = tuple(printed(connection, YEARLY))
    connection.execute(f"use {built}")
    try:
        held = still_true(earlier, exact_figures(connection)) if earlier else []
        found, knowledge = repaired(connection, root, numbers, held)
        forget_evidence(connection)
        write_knowledge(connection, knowledge)
        write_beside(connection, earlier)
        keep_verdict(connection, found, held, process_time() - started)
    finally:
        connection.execute(f"use {target}")
    _hide(connection, built)
    # A share of all tells of every child of the group; it is shown, and the auditor is told.
    connection.execute(ATTRIBUTE.format(built=built))
    return found


def forget_evidence(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what an earlier build of this warehouse kept."""
    connection.execute("create schema if not exists evidence")
    for name in EVIDENCE:
        connection.execute(f"drop table if exists evidence.{name}")


def keep_verdict(
    connection: duckdb.DuckDBPyConnection, found: Repair, held: Sequence[Printed], seconds: float
) -> None:
    """How the attack went, what is withheld, and the hash of all that was attacked.

    held: what was laid beside it. seconds: of one processor, that it took.
    """
    connection.execute(
        "create table evidence.disclosure_verdict as select ? as sought, "
        "? as withheld, ? as tables_hidden, ? as rounds, ? as block_count, ? as largest_block, "
        "? as narrow, ? as numbers_sha256, ? as beside_sha256, ? as beside_count, ? as seconds",
        [
            found.first.size.sought,
            len(found.withheld),
            len(found.hidden_tables),
            found.rounds,
            found.first.size.block_count,
            found.first.size.largest_block,
            len(found.last.narrow),
            digest(found.shown),
            digest(held),
            len(held),
            round(seconds, 1),
        ],
    )
    _write_closest(connection, found)
    _write_withheld(connection, found)


def _write_closest(connection: duckdb.DuckDBPyConnection, found: Repair) -> None:
    """The narrowest counts that passed, with the values that were seen: others may be possible."""
    connection.execute(
        "create table evidence.disclosure_closest (vintage varchar, period varchar, "
        "made_of varchar, indicator varchar, breakdown_topic varchar, breakdown varchar, "
        "least double, most double, possible double)"
    )
    rows = [
        (*item.variable[:2], *item.variable.counted[:4], item.low, item.high, item.possible)
        for item in sorted(found.last.looked_at, key=lambda item: (item.possible, item.variable))
    ]
    if rows:
        connection.executemany(
            "insert into evidence.disclosure_closest values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )


def _write_withheld(connection: duckdb.DuckDBPyConnection, found: Repair) -> None:
    connection.execute(
        "create table evidence.disclosure_withheld (kpi varchar, vintage varchar, period varchar, "
        "breakdown_topic varchar, breakdown varchar, is_whole_table boolean)"
    )
    rows: list[tuple[object, ...]] = [(*group, False) for group in sorted(found.withheld)]
    rows += [
        (item.kpi, item.vintage, None, item.topic, None, True)
        for item in sorted(found.hidden_tables)
    ]
    if rows:
        connection.executemany(
            "insert into evidence.disclosure_withheld values (?, ?, ?, ?, ?, ?)", rows
        )


def _hide(connection: duckdb.DuckDBPyConnection, built: str) -> None:
    """A withheld cell becomes one like any that is small."""
    connection.execute(f"create temp table hidden as from {built}.evidence.disclosure_withheld")
    connection.execute(WITHHOLD)
    connection.execute("drop table hidden")
