"""How good the forecasts were that earlier releases made, once what they foretold has come.

The statements stand in marts.forecast_score one by one; here they are summed up by measure.
docs/methods.md, "How good were our forecasts?".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.analysis.scoring import score, score_chances
from pipelines.judgement.asked import frame

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def record(
    connection: duckdb.DuckDBPyConnection, kpis: Sequence[str], la_code: str
) -> list[dict[str, Any]]:
    """One entry a measure of one authority: its ranges scored, and its milestones' chances."""
    codes = [la_code] * len(kpis)
    came = frame(connection, "forecast_record", kpi=list(kpis), la_code=codes)
    return [_summed(kpi, came[came.kpi == kpi]) for kpi in kpis]


def _summed(kpi: str, came: pd.DataFrame) -> dict[str, Any]:
    ranges, chances = came[came.stated_kind == "range"], came[came.stated_kind == "chance"]
    values = ("middle_value", "lower_value", "upper_value", "naive_value", "actual_value")
    return {
        "kpi": kpi,
        "ranges": asdict(score(*(ranges[name].to_numpy(float) for name in values))),
        "chances": asdict(
            score_chances(chances.chance.to_numpy(float), chances.happened.to_numpy(float))
        ),
    }
