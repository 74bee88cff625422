"""One worksheet of the workbook as it is handed over to be written: a table with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Sheet:
    """One worksheet: a title, sentences, one table.

    Attributes:
        table: numbers and texts, no cell empty.
        notes: texts that the title refers to as [note 1], [note 2].
        subtitle: what must be read beside the figures; empty for nothing.
        formats: of columns with numbers, how each row's number is printed.
    """

    title: str
    table: pd.DataFrame
    source: str
    notes: tuple[str, ...] = ()
    subtitle: str = ""
    formats: Mapping[str, Sequence[str]] = field(default_factory=dict)
