"""Faults as they happen in real returns, planted where they move no total that binds.

Each planter knows the rule that ought to find its fault. What was planted is handed back, so that
what the rules find can be compared with it. Findings that follow from what the county does (late
decisions, old cases, placements not known) are no faults of the file and are not listed here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.ingest.modules import PARENT, RECORD, ROW_NUMBER, Modules
from pipelines.synthetic.draw import Places
from pipelines.synthetic.fault_pages import Pages
from pipelines.synthetic.planters import PLANTERS, need_missing

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Planted:
    """One fault: the rule that finds it, and the record of the module in which it stands."""

    rule: str
    module: str
    record: int


def with_faults(modules: Modules, year: int, seed: int) -> tuple[Modules, tuple[Planted, ...]]:
    """The return with faults in it, and what they are."""
    rng = np.random.default_rng((seed, year))
    pages = Pages(modules, year)
    planted: list[Planted] = []
    dropped: dict[str, Places] = {}
    for rule, (since, share, planter) in PLANTERS.items():
        if year >= since:
            module, places = planter(rng, pages, share)
            planted.extend(Planted(rule, module, int(place) + 1) for place in places)
    module, gone = need_missing(rng, pages, 0.002)
    active = pages.tables["sen_need"][PARENT][gone]
    planted.extend(Planted("ACT-07", "active_plan", int(record)) for record in active)
    dropped[module] = gone
    tables = {
        name: _without(_table(table, pages, name), dropped.get(name))
        for name, table in modules.tables.items()
    }
    counts = {name: table.num_rows for name, table in tables.items()}
    return replace(modules, tables=tables, row_counts_in=counts), tuple(planted)


def _table(table: pa.Table, pages: Pages, module: str) -> pa.Table:
    """The table with the columns that were written to."""
    import pyarrow as pa

    for name in sorted(pages.changed[module]):
        cells = pa.array(pages.tables[module][name], pa.string())
        table = table.set_column(table.schema.get_field_index(name), name, cells)
    return table


def _without(table: pa.Table, dropped: Places | None) -> pa.Table:
    """The table without some rows, its records numbered anew; nothing may hang on them."""
    import pyarrow as pa

    if dropped is None:
        return table
    keep = np.ones(table.num_rows, dtype=np.bool_)
    keep[dropped] = False
    kept = table.filter(pa.array(keep))
    record = pa.array(np.arange(1, kept.num_rows + 1, dtype=np.int64))
    for name in (RECORD, ROW_NUMBER):
        kept = kept.set_column(kept.schema.get_field_index(name), name, record)
    return kept
