"""A table of authorities by years, as the forecasting rules read it. No rule stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.ranges import Floats
from pipelines.errors import SendError

# What a miss is counted in: a part of the forecast (counts), or percentage points.
Kind = Literal["relative", "points"]


@dataclass(frozen=True)
class Panel:
    """Yearly values of authorities that have every year.

    Args:
        la_codes: the authorities, one a row.
        years: successive years, one a column.
        values: shape (authorities, years): plans, or a percentage.
        england: shape (years,), the whole country's value.
        known: further figures that were known in each year, by name; shape of values, NaN where
            one is not known. What stands in a year's column must have been published with it.
    """

    la_codes: tuple[str, ...]
    years: tuple[int, ...]
    values: Floats
    england: Floats
    known: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse gaps: a rule that takes differences would bridge them without saying so."""
        shape = len(self.la_codes), len(self.years)
        if self.values.shape != shape or not np.isfinite(self.values).all():
            raise SendError(
                f"The values of {shape[0]} authorities and {shape[1]} years are not complete.",
                where="panel of authorities",
                remedy="Keep the authorities that have every year: complete() says which.",
            )

    def until(self, column: int) -> Panel:
        """What was known when the column of this index was the newest."""
        seen = slice(column + 1)
        return replace(
            self,
            years=self.years[seen],
            values=self.values[:, seen],
            england=self.england[seen],
            known={name: figures[:, seen] for name, figures in self.known.items()},
        )


# From what is known at the last year of a panel to the value of each authority so many years later.
Rule = Callable[[Panel, int], Floats]


def complete(
    la_codes: tuple[str, ...], years: tuple[int, ...], values: ArrayLike
) -> dict[str, tuple[int, ...]]:
    """The years for which each authority has no value above nought; empty where it has them all."""
    table = np.asarray(values, np.float64)
    has_none = ~(table > 0)
    return {
        code: tuple(year for year, missing in zip(years, row, strict=True) if missing)
        for code, row in zip(la_codes, has_none, strict=True)
    }
