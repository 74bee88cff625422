"""The simple rules that a forecast has to beat, and exponential smoothing where it is installed.

A rule reads a panel up to its last year and gives each authority's value some years later.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from pipelines.analysis.panel import Kind, Panel, Rule
from pipelines.analysis.ranges import Floats
from pipelines.errors import SendError

MIN_ETS_YEARS = 4
ETS_YEARS_AHEAD = 6


def same_as_last_year(panel: Panel, ahead: int) -> Floats:
    """Nothing changes."""
    return panel.values[:, -1].copy()


def own_last_growth(panel: Panel, ahead: int) -> Floats:
    """Each authority grows on as it did in the last year."""
    last = panel.values[:, -1]
    return np.asarray(last * (last / panel.values[:, -2]) ** ahead)


def england_last_growth(panel: Panel, ahead: int) -> Floats:
    """Each authority grows as England did in the last year."""
    growth = panel.england[-1] / panel.england[-2]
    return np.asarray(panel.values[:, -1] * growth**ahead)


def half_own_half_england(panel: Panel, ahead: int) -> Floats:
    """The mean of the authority's own average growth and England's, over all years known."""
    years = panel.values.shape[1] - 1
    own = (panel.values[:, -1] / panel.values[:, 0]) ** (1 / years)
    england = (panel.england[-1] / panel.england[0]) ** (1 / years)
    return np.asarray(panel.values[:, -1] * ((own + england) / 2) ** ahead)


def england_median_change(panel: Panel, ahead: int) -> Floats:
    """Each authority changes as the median authority did in the last year (for percentages)."""
    change = np.median(panel.values[:, -1] - panel.values[:, -2])
    return np.asarray(panel.values[:, -1] + ahead * change)


def carried_on(rule: Rule, newer: int, kind: Kind) -> Rule:
    """A rule that needs all authorities, from where one of them stands some years after the rest.

    It is read as of the year that all had, and only what it foresees for the years after the
    newest is used: as growth for counts (relative), as change for percentages (points).
    newer: years that the authority and England are ahead of the others.
    """

    def carried(panel: Panel, ahead: int) -> Floats:
        known = panel.until(panel.values.shape[1] - 1 - newer)
        now, then = rule(known, newer), rule(known, newer + ahead)
        if kind == "relative":
            return np.asarray(panel.values[:, -1] * then / now)
        return np.clip(panel.values[:, -1] + then - now, 0, 100)

    return carried


PLANS_RULES: Mapping[str, Rule] = {
    "same as last year": same_as_last_year,
    "own last growth": own_last_growth,
    "England's last growth": england_last_growth,
    "half own average and half England's": half_own_half_england,
}
SHARE_RULES: Mapping[str, Rule] = {
    "same as last year": same_as_last_year,
    "England's median change": england_median_change,
}


def has_ets() -> bool:
    """Whether statsmodels, which exponential smoothing needs, is installed."""
    return find_spec("statsmodels") is not None


def ets(panel: Panel, ahead: int) -> Floats:
    """Holt's damped trend of each authority's logarithms, by itself.

    Fitted by statsmodels with its own starting values. Under four years there is nothing to fit,
    and the last value is kept. Raises SendError where statsmodels is not installed.
    """
    if not has_ets():
        raise SendError(
            "Exponential smoothing needs statsmodels, which is not installed.",
            where="baseline ETS",
            remedy="Install statsmodels, or leave this baseline out.",
        )
    if panel.values.shape[1] < MIN_ETS_YEARS:
        return same_as_last_year(panel, ahead)
    return np.exp([_smoothed(tuple(series))[ahead - 1] for series in np.log(panel.values)])


@lru_cache(maxsize=4096)
def _smoothed(series: tuple[float, ...]) -> tuple[float, ...]:
    """The years after a series. Kept, because every horizon asks again for the same costly fit."""
    holt = import_module("statsmodels.tsa.holtwinters").Holt
    with warnings.catch_warnings():
        # Few points often stop short of the best fit; the back-test says what that costs.
        warnings.simplefilter("ignore")
        fitted = holt(series, damped_trend=True, initialization_method="estimated").fit()
    return tuple(float(value) for value in fitted.forecast(ETS_YEARS_AHEAD))
