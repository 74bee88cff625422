"""Ranges and chances from simulated runs. Shared by all models, and no model itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

RANGE = (0.1, 0.5, 0.9)


def quantiles(draws: ArrayLike, shares: Sequence[float] = RANGE, axis: int = 0) -> Floats:
    """P10, P50 and P90 (or other shares) of the runs along an axis; shape (shares, ...).

    Each is one of the runs, so that "never" (infinity) may be among them. Runs without a value
    (NaN) count as the highest. These are quantiles of what may happen. They are not the error of
    the mean over the runs, which can be made as small as one likes by running more. The P50 of a
    total is not the sum of the P50s of its parts.
    """
    ordered = np.moveaxis(np.sort(np.asarray(draws, np.float64), axis=axis), axis, 0)
    last = len(ordered) - 1
    # Rounded, because 0.1 * 30 is a little over 3.
    places = [
        min(max(int(np.ceil(round(share * len(ordered), 9))) - 1, 0), last) for share in shares
    ]
    return np.ascontiguousarray(ordered[places])


def chance(draws: ArrayLike, target: float, *, at_most: bool) -> float:
    """The share of runs that are on the right side of the target, or on it."""
    values = np.asarray(draws)
    return float(np.mean(values <= target if at_most else values >= target))
