"""The modules of a return while faults are written into them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.ingest.modules import Modules
from pipelines.synthetic.draw import Flags, Places, pick

Cells = NDArray[Any]


class Pages:
    """The modules of a return while faults are written into them."""

    def __init__(self, modules: Modules, year: int) -> None:
        self.year = year
        self.tables: dict[str, dict[str, Cells]] = {
            name: {
                column: table.column(column).to_numpy(zero_copy_only=False)
                for column in table.column_names
            }
            for name, table in modules.tables.items()
        }
        self.changed: dict[str, set[str]] = {name: set() for name in modules.tables}
        # A record that already has a fault gets no second one.
        self._taken = {
            name: np.zeros(table.num_rows, bool) for name, table in modules.tables.items()
        }

    def column(self, module: str, name: str) -> Cells:
        """A column that may be written to."""
        self.changed[module].add(name)
        cells = self.tables[module][name]
        if not cells.flags.writeable:
            cells = cells.copy()
            self.tables[module][name] = cells
        return cells

    def texts(self, module: str, name: str) -> Cells:
        """A column as texts, '' for what is empty."""
        cells = self.tables[module][name]
        return np.where(cells == None, "", cells).astype(str)  # noqa: E711

    def take(self, rng: np.random.Generator, module: str, among: Flags, share: float) -> Places:
        """Records among these for a fault: a share of the module, at least one."""
        free = among & ~self._taken[module]
        count = max(1, round(share * len(free)))
        places = pick(rng, free, count)
        self._taken[module][places] = True
        return places
