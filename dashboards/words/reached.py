"""When the simulated queue first reaches a milestone's level, as a range of months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

# How far the queue is simulated (WEEKS of pipelines/analysis/backlog.py).
_SIMULATED = "within two years"


def first_reached(row: Mapping[str, Any]) -> str:
    """The months in which a tenth, half and nine tenths of the runs reach the level.

    row: reached_month_p10, _p50 and _p90, empty where fewer runs reach it.
    """
    found = [_month(row.get(f"reached_month_{share}")) for share in ("p10", "p50", "p90")]
    first, middle, last = found
    if not first:
        return f"Fewer than one simulated run in ten reaches it {_SIMULATED}."
    if not middle:
        return f"One simulated run in ten reaches it by {first}, fewer than half {_SIMULATED}."
    if not last:
        return f"Half the simulated runs reach it by {middle}, fewer than nine in ten {_SIMULATED}."
    if first == last:
        return f"Eight simulated runs in ten first reach it in {first}."
    return (
        f"Eight simulated runs in ten first reach it between {first} and {last}, and half of all "
        f"by {middle}."
    )


def _month(day: Any) -> str:
    """'March 2027'; empty for no day."""
    return f"{day:%B %Y}" if isinstance(day, date) else ""
