"""Signal or noise: marts.spc_series and marts.spc_point, for every series that marts hold.

All series go through the arithmetic together. A series has a row whether or not it has limits, and
its standing says why not; its points have rows where some stretch of it was long enough.
Method: docs/methods.md, "Signal or noise".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipelines.judgement.series import KEY, points, targets

if TYPE_CHECKING:
    import duckdb
    import numpy as np

    from pipelines.analysis.spc import Polarity
    from pipelines.analysis.spc_many import Judged
    from pipelines.judgement.make import Inputs

LINES = ("centre_line", "lower_limit", "upper_limit", "near_lower_limit", "near_upper_limit")
MEANING = ("spc_rule", "variation", "assurance", "level_value", "milestone")
RULES = (None, "outside_limits", "trend", "two_of_three", "run")

# The words of pipelines/analysis/spc.py as the tables write them.
CODES = {
    "improvement": "improvement",
    "concern": "concern",
    "special cause, neither better nor worse": "neither",
    "common cause": "common_cause",
    "consistently passes": "consistently_passes",
    "consistently fails": "consistently_fails",
    "hit and miss": "hit_and_miss",
}


def tables(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> Mapping[str, Any]:
    """Judge every series; the tables by name."""
    import numpy as np

    from pipelines.analysis.spc_many import judge

    held = points(connection, inputs)
    starts = _starts(held)
    denominators = held["denominator"].to_numpy().astype(np.float64)
    judged = judge(held["value"].to_numpy(), held["place"].to_numpy(), starts, denominators)
    return {
        "marts.spc_series": _series_table(connection, held, starts, judged),
        "marts.spc_point": _point_table(held, starts, judged),
    }


def _starts(held: Any) -> np.ndarray:
    """Where a stretch begins: a new series, or limits that begin anew."""
    import numpy as np

    if not held.num_rows:
        return np.empty(0, np.int64)
    is_new = np.ones(held.num_rows, bool)
    is_new[1:] = np.diff(held["series_number"].to_numpy()) != 0
    is_new[1:] |= np.diff(held["stretch_part"].to_numpy()) != 0
    return np.flatnonzero(is_new)


def _series_table(
    connection: duckdb.DuckDBPyConnection,
    held: Any,
    starts: np.ndarray,
    judged: Judged,
) -> Any:
    """One row a series, as its latest stretch and latest point say."""
    import numpy as np
    import pyarrow as pa

    numbers = held["series_number"].to_numpy()
    stops = np.append(starts[1:], len(numbers))
    last_stretch = np.flatnonzero(np.diff(numbers[starts], append=-1))
    last_point = stops[last_stretch] - 1
    first_of_stretch = starts[last_stretch]
    latest = held.take(last_point)
    meaning = _meanings(connection, latest, judged, last_stretch, last_point)
    return pa.table(
        {name: latest[name] for name in KEY}
        | {
            "point_count": np.unique(numbers, return_counts=True)[1],
            "latest_period": latest["period"],
            "latest_value": latest["value"],
            "stretch_first_period": held["period"].take(first_of_stretch),
            "stretch_point_count": last_point + 1 - first_of_stretch,
            "spc_standing": [str(word).replace(" ", "_") for word in judged.standing[last_stretch]],
            **_lines(judged, last_stretch),
            "has_uneven_denominators": judged.has_uneven_denominators[last_stretch],
            **meaning,
            "opened_by": latest["opened_by"],
            "opening_reason": latest["opening_reason"],
            "rebased_on": latest["decided_on"],
        }
    )


def _meanings(
    connection: duckdb.DuckDBPyConnection,
    latest: Any,
    judged: Judged,
    stretches: np.ndarray,
    last_points: np.ndarray,
) -> dict[str, list[Any]]:
    """What the latest point says, and whether the limits lie on one side of the plan's level."""
    levels = targets(connection)
    good_side = dict(connection.sql("select kpi, polarity from marts.measure").fetchall())
    columns = ["kpi", "la_code", "breakdown_topic", "breakdown", "period_kind"]
    cells = zip(
        latest.select(columns).to_pylist(),
        judged.lower[stretches].tolist(),
        judged.upper[stretches].tolist(),
        judged.rule[last_points].tolist(),
        judged.side[last_points].tolist(),
        strict=True,
    )
    found = []
    for row, lower, upper, rule, side in cells:
        *key, kind = row.values()
        level = levels.get(tuple(key), {})
        if kind == "month" and level.get("is_of_years_only"):
            level = {}
        polarity = level.get("polarity") or good_side[row["kpi"]]
        found.append(_meaning(lower, upper, rule, side, polarity, level))
    return {name: [item[name] for item in found] for name in MEANING}


def _meaning(
    lower: float, upper: float, rule: int, side: int, polarity: Polarity, level: dict[str, Any]
) -> dict[str, Any]:
    """What one series says; nothing of variation or assurance where it has no limits."""
    from pipelines.analysis.spc import Limits, assurance, variation

    target = level.get("target_value")
    meaning = dict.fromkeys(MEANING) | {"level_value": target, "milestone": level.get("milestone")}
    if not math.isnan(lower):
        sure = assurance(Limits(0.0, lower, upper), target, polarity)
        meaning["spc_rule"] = RULES[rule]
        meaning["variation"] = CODES[variation(rule, side, polarity)]
        meaning["assurance"] = None if sure is None else CODES[sure]
    return meaning


def _point_table(held: Any, starts: np.ndarray, judged: Judged) -> Any:
    """One row a point of each series that has limits somewhere."""
    import numpy as np
    import pyarrow as pa

    numbers = held["series_number"].to_numpy()
    lengths = np.diff(starts, append=len(numbers))
    stretch = np.repeat(np.arange(len(starts)), lengths)
    charted = np.unique(numbers[starts][~np.isnan(judged.lower)])
    rows = np.flatnonzero(np.isin(numbers, charted))
    kept = held.take(rows)
    is_opening = np.isin(rows, starts)
    return pa.table(
        {name: kept[name] for name in KEY}
        | {"period": kept["period"], "value": kept["value"]}
        | _lines(judged, stretch[rows])
        | {
            "spc_rule": [RULES[rule] for rule in judged.rule[rows].tolist()],
            "spc_side": judged.side[rows].astype(np.int32),
            "opened_by": _where(is_opening, kept["opened_by"]),
            "opening_reason": _where(is_opening, kept["opening_reason"]),
        }
    )


def _where(is_kept: np.ndarray, cells: Any) -> Any:
    import pyarrow.compute as pc

    return pc.if_else(is_kept, cells, None)


def _lines(judged: Judged, stretches: np.ndarray) -> dict[str, Any]:
    """The lines of these stretches by column; empty, not NaN, where there is none."""
    import pyarrow as pa

    names = ("mean", "lower", "upper", "near_lower", "near_upper")
    return {
        column: pa.array(getattr(judged, name)[stretches], from_pandas=True)
        for column, name in zip(LINES, names, strict=True)
    }
