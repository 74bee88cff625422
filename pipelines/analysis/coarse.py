"""How many plans, and where, from published totals alone: for authorities without case rows.

An authority goes the way England goes, plus its own part of what set authorities apart in the
past: their last change, how many requests they receive for each plan, and how many plans they have
for their number of children (for plans); their last change and their level (for the share of a
setting). How much of each carries over is learned from all authorities together, up to the last
year that is known. By setting group on totals; nothing here knows a child's age or need.
docs/methods.md, "How many plans, from published totals?".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.analysis.panel import Panel
from pipelines.analysis.ranges import Floats

# A head start or a lag halves in about three years; the share's own pull to the middle does not.
PLANS_CARRIED_ON = 0.8
SHARE_CARRIED_ON = 1.0
RIDGE = 0.1
HUBER = 1.5
HUBER_STEPS = 8
RATIO_CLIP = 1.5

REQUESTS, CHILDREN = "requests", "children"


def plans_ahead(panel: Panel, ahead: int) -> Floats:
    """Plans of each authority so many years after the panel's last.

    panel.known may hold "requests" (received in the calendar year before each January) and
    "children" (aged 0 to 17). What is missing counts as the median authority.
    """
    growth = np.diff(np.log(panel.values), axis=1)
    england = np.diff(np.log(panel.england))
    usual = (england[-1] + england.mean()) / 2
    apart = _learned(_plans_features(panel, growth), growth)
    years = _carried_on(PLANS_CARRIED_ON, ahead)
    return np.asarray(panel.values[:, -1] * np.exp(ahead * usual + years * apart))


def share_ahead(panel: Panel, ahead: int) -> Floats:
    """The percentage of each authority's plans that is in one setting group, some years later."""
    change = np.diff(panel.values, axis=1)
    usual = np.median(change[:, -1])
    apart = _learned(_share_features(panel, change), change)
    years = _carried_on(SHARE_CARRIED_ON, ahead)
    return np.clip(panel.values[:, -1] + ahead * usual + years * apart, 0, 100)


def _carried_on(share: float, ahead: int) -> float:
    """How many years' worth of the first year's deviation adds up over the years ahead."""
    return float(sum(share**year for year in range(ahead)))


def _plans_features(panel: Panel, growth: Floats) -> list[Floats]:
    """What sets authorities apart, each of shape (authorities, years after the first)."""
    plans = panel.values[:, 1:]
    features = [_from_median(growth)]
    if REQUESTS in panel.known:
        ratio = np.log(np.maximum(panel.known[REQUESTS][:, 1:], 1) / plans)
        features.append(np.clip(_from_median(ratio), -RATIO_CLIP, RATIO_CLIP))
    if CHILDREN in panel.known:
        features.append(_from_median(np.log(plans / panel.known[CHILDREN][:, 1:])))
    return features


def _share_features(panel: Panel, change: Floats) -> list[Floats]:
    return [_from_median(change), _from_median(panel.values[:, 1:])]


def _from_median(values: Floats) -> Floats:
    """Each year's difference from that year's median authority; nought where it is not known."""
    known = np.where(np.isfinite(values), values, np.nan)
    has_any = np.isfinite(known).any(axis=0)
    middle = np.zeros(known.shape[1])
    middle[has_any] = np.nanmedian(known[:, has_any], axis=0)
    return np.nan_to_num(known - middle)


def _learned(features: Sequence[Floats], change: Floats) -> Floats:
    """The part of the next change that the features foretell, as they stand in the last year.

    features: shape (authorities, years), of the years after the first.
    change: the same shape; the change that led to each of those years.
    Learned from every year that is followed by a change; nought where there is none.
    """
    before = [feature[:, :-1].ravel() for feature in features]
    after = _from_median(change)[:, 1:].ravel()
    if not after.size:
        return np.zeros(len(change))
    table = np.column_stack(before)
    spread = table.std(axis=0)
    spread[spread == 0] = 1.0
    weights = _robust_ridge(table / spread, after)
    latest = np.column_stack([feature[:, -1] for feature in features])
    return np.asarray(latest / spread @ weights)


def _robust_ridge(table: Floats, outcome: Floats) -> Floats:
    """Least squares pulled towards nought, in which wild years weigh less (Huber)."""
    trust = np.ones(len(outcome))
    weights = np.zeros(table.shape[1])
    for _ in range(HUBER_STEPS):
        weighted = table * trust[:, np.newaxis]
        square = weighted.T @ table
        pull = RIDGE * np.trace(square) / len(square)
        weights = np.linalg.solve(square + pull * np.eye(len(square)), weighted.T @ outcome)
        miss = np.abs(outcome - table @ weights)
        scale = HUBER * (1.4826 * np.median(miss) + 1e-9)
        trust = np.minimum(1, scale / np.maximum(miss, 1e-12))
    return np.asarray(weights)
