"""The table of a chart of lines: one row a period, one column an area, figures as printed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards import formats


def wide_table(frame: pd.DataFrame, unit: str, decimals: int) -> pd.DataFrame:
    """Newest period first, one column an area, texts as printed; [r] marks a revision.

    decimals: of a row that brings none of its own.
    """
    lines = list(dict.fromkeys(frame["line"]))
    periods = frame[["period", "period_label"]].drop_duplicates("period")
    cells = {
        (row.period, row.line): printed(row, unit, decimals)
        for row in frame.itertuples(index=False)
    }
    rows = [
        [row.period_label, *[cells.get((row.period, line), "") for line in lines]]
        for row in periods.sort_values("period", ascending=False).itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["Period", *lines])


def printed(row: Any, unit: str, decimals: int) -> str:
    """The figure of a row as the table has it, or its symbol."""
    text = formats.number(row.value, unit, formats.places(row, decimals), row.symbol)
    return f"{text} [r]" if row.is_revised is True or row.is_revised == 1 else text
