"""The analysis against bare NumPy and against the times that were set: rows for bench/run.py.

A row is (what, product seconds, bare tool's seconds or None, limit), in the order of run.py's Row.
Everything is made up here, of the size that was asked for; the time does not depend on the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter

import numpy as np

from pipelines.analysis import backlog, coarse, cohort, simple_rules, spc_many, xmr
from pipelines.analysis.backtest import back_test
from pipelines.analysis.cohort_counts import Flows, Return, States, count_flows
from pipelines.analysis.panel import Panel

Row = tuple[str, float, float | None, str]

SERIES, MONTHS = 100_000, 36
CHILDREN, RUNS, YEARS_AHEAD = 10_000, 1_000, 4
AUTHORITIES = 147


def analysis_rows(rounds: int) -> Iterator[Row]:
    """Signals over many series, the queue, the cohorts, and the back-test of all authorities."""
    yield from signals(rounds)
    yield clearance(rounds)
    yield cohorts(rounds)
    yield all_authorities(rounds)


def signals(rounds: int) -> Iterator[Row]:
    """Limits and rules of monthly series, against one plain pass: mean, ranges, points outside.

    First the arithmetic, then all that the build does with a series before it is a row.
    """
    values = np.random.default_rng(1).normal(50, 5, (SERIES, MONTHS)).round(1)

    def plain() -> object:
        mean = values.mean(axis=1)
        width = 2.66 * np.abs(np.diff(values, axis=1)).mean(axis=1)
        return (values > (mean + width)[:, np.newaxis]) | (values < (mean - width)[:, np.newaxis])

    flat, places = values.ravel(), np.tile(np.arange(MONTHS), SERIES)
    starts = np.arange(0, values.size, MONTHS)
    work: dict[str, Callable[[], object]] = {
        "limits and four rules": lambda: xmr.charts_of(values),
        "limits, rules and standing": lambda: spc_many.judge(flat, places, starts),
    }
    for name, product in work.items():
        product(), plain()
        pairs = [(seconds(product), seconds(plain)) for _ in range(rounds)]
        what = f"XmR {name}, {SERIES:,} series of {MONTHS} months / limits in NumPy"
        yield what, median(pair[0] for pair in pairs), median(pair[1] for pair in pairs), "3 times"


def clearance(rounds: int) -> Row:
    """2,000 runs of 104 weeks for five scenarios, oldest first and newest first."""
    generator = np.random.default_rng(2)
    queue = backlog.Queue(
        generator.uniform(0, 60, 900),
        generator.poisson(30, 104).astype(float),
        generator.poisson(29, 104).astype(float),
    )
    scenarios = [
        backlog.Scenario("as now"),
        backlog.Scenario("team", (backlog.staff("team", 20, 0),)),
        backlog.Scenario("hours", (backlog.ep_hours("hours", 10, 8, 8),)),
        backlog.Scenario("more", (backlog.arrivals("more", 1.1, 4),)),
        backlog.Scenario("triage", (backlog.triage("triage", 0.2, 4),)),
    ]

    def both_orders() -> None:
        backlog.forecast(queue, scenarios, order="oldest first")
        backlog.forecast(queue, scenarios, order="newest first")

    return alone(
        "backlog, 2,000 runs x 104 weeks x 5 scenarios, both orders", both_orders, "1 s", rounds
    )


def cohorts(rounds: int) -> Row:
    """A projection from matched returns, rates drawn anew for every run."""
    flows = made_up_flows()
    people = np.full((YEARS_AHEAD, len(flows.states.year_groups)), 9_500.0)
    what = f"cohort projection, {CHILDREN:,} children, {RUNS:,} runs, {YEARS_AHEAD} years"
    return alone(what, lambda: cohort.project(flows, people, runs=RUNS), "5 s", rounds)


def all_authorities(rounds: int) -> Row:
    """The coarse model and the simple rules at every origin, for plans and for a share."""
    generator = np.random.default_rng(4)
    growth = generator.normal(1.1, 0.05, (AUTHORITIES, 7))
    plans = np.asarray(3_000 * np.cumprod(growth, axis=1), np.float64)
    known = {coarse.REQUESTS: plans / 4, coarse.CHILDREN: plans * 20}
    codes, years = tuple(str(code) for code in range(AUTHORITIES)), tuple(range(2019, 2026))
    counted = Panel(codes, years, plans, plans.sum(axis=0), known)
    share = Panel(codes, years, generator.uniform(30, 60, plans.shape), np.full(7, 40.0))

    def work() -> None:
        for name, rule in {"coarse": coarse.plans_ahead, **simple_rules.PLANS_RULES}.items():
            back_test(name, rule, counted, "relative")
        for name, rule in {"coarse": coarse.share_ahead, **simple_rules.SHARE_RULES}.items():
            back_test(name, rule, share, "points", sizes=plans)

    return alone(f"back-test of {AUTHORITIES} authorities, 7 years, 8 rules", work, "60 s", rounds)


def alone(what: str, work: Callable[[], object], limit: str, rounds: int) -> Row:
    """A row without a bare tool beside it, after one call that warms caches."""
    work()
    return what, median(seconds(work) for _ in range(rounds)), None, limit


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def made_up_flows() -> Flows:
    """Two returns of a county with 12 needs, 8 settings and 23 year groups: one in eight is new."""
    generator = np.random.default_rng(3)
    names = tuple("abcdefghijkl")
    states = States(names, names[:8], tuple(range(-1, 22)))
    needs, settings, groups = states.shape
    stays, size = slice(CHILDREN // 8, None), CHILDREN
    need, setting = generator.integers(0, needs, size), generator.integers(0, settings, size)
    group = generator.integers(0, groups - 1, size)
    moved = np.where(generator.random(size) < 0.05, (setting + 1) % settings, setting)

    def with_new(kept: np.ndarray, kinds: int) -> np.ndarray:
        return np.concatenate([kept[stays], generator.integers(0, kinds, size // 8)])

    earlier = Return(2025, np.arange(size), need, setting, group)
    later = Return(
        2026,
        np.arange(size) + size // 8,
        with_new(need, needs),
        with_new(moved, settings),
        with_new(group + 1, groups),
    )
    return count_flows(states, [earlier, later], np.full((1, groups), 9_500.0))
