"""County and period -> Modules: a SEN2 return, or an in-year extract, as any reader would give it.

Every column of every year stands in the tables; what a year's layout has not is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.ingest.modules import PARENT, RECORD, ROW_NUMBER, Modules
from pipelines.registry.sen2 import Module, Sen2, sen2
from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import Places, Texts
from pipelines.synthetic.held import Columns, Held, held
from pipelines.synthetic.return_parts import (
    active_plan,
    assessment,
    header,
    named_plan,
    person,
    request,
    sen_need,
)
from pipelines.synthetic.setting_parts import placement_detail, plan_detail
from pipelines.synthetic.snapshot import Period, annual, blocks, in_year

if TYPE_CHECKING:
    import pyarrow as pa

PARTS: Mapping[str, Callable[[Held], Columns]] = {
    "header": header,
    "person": person,
    "request": request,
    "assessment": assessment,
    "named_plan": named_plan,
    "plan_detail": plan_detail,
    "active_plan": active_plan,
    "placement_detail": placement_detail,
    "sen_need": sen_need,
}


def annual_return(county: County, year: int) -> Modules:
    """The statutory return of a year, as it is before any fault is planted in it."""
    return _modules(county, annual(year))


def extract(county: County, on: np.datetime64) -> Modules:
    """An in-year extract as at a day."""
    return _modules(county, in_year(on))


def _modules(county: County, period: Period) -> Modules:
    """All modules; a record's parent is told by the place of its block, plan or child."""
    known = sen2(PROJECT_ROOT)
    found = held(county, period, blocks(county, period))
    tables = {}
    records: dict[str, Places] = {}
    for name, part in PARTS.items():
        columns = part(found)
        module = known.modules[name]
        of = columns.pop("_of")
        parents = records.get(module.parent or "")
        # Where a child's rows are kept by block, its record is looked up by the block.
        parent = None if parents is None else parents[of]
        keys = columns.pop("_key", of)
        tables[name] = _table(known, module, columns, parent, period.year)
        records[name] = _lookup(keys)
    return Modules(
        family="sen2",
        form="xml",
        tables=tables,
        row_counts_in={name: table.num_rows for name, table in tables.items()},
    )


def _lookup(keys: Places) -> Places:
    """Record by key: the first record has number 1."""
    found = np.zeros(int(keys.max()) + 1 if len(keys) else 1, dtype=np.int64)
    found[keys] = np.arange(1, len(keys) + 1)
    return found


def _table(
    known: Sen2, module: Module, columns: Mapping[str, Any], parent: Places | None, year: int
) -> pa.Table:
    import pyarrow as pa

    count = len(next(iter(columns.values())))
    record = np.arange(1, count + 1, dtype=np.int64)
    made = {
        RECORD: pa.array(record),
        PARENT: pa.nulls(count, pa.int64()) if parent is None else pa.array(parent),
        ROW_NUMBER: pa.array(record),
    }
    for element in module.elements:
        values = columns.get(element.column)
        is_there = values is not None and element.exists_in(year)
        made[element.column] = text_array(values) if is_there else pa.nulls(count, pa.string())
    return pa.table(made)


def text_array(values: Any) -> pa.Array:
    """Texts with null for ''; days as ISO texts, flags as 1 and 0."""
    import pyarrow as pa

    if values.dtype.kind == "M":
        return pa.array(values).cast(pa.string())
    if values.dtype == np.bool_:
        values = np.where(values, "1", "0")
    texts: Texts = values
    return pa.array(texts, pa.string(), mask=texts == "")
