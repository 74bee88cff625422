"""The analysis against bare NumPy and against the times that were set: rows for bench/run.py.

A row is (what, product seconds, bare tool's seconds or None, limit), in the order of run.py's Row.
Everything is made up here, of the size that was asked for; the time does not depend on the values.
"""

from __future__ import annotations

import pipelines  # noqa: F401  First: it says how many threads linear algebra may wake.

# isort: split
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

from pipelines.analysis import backlog, coarse, cohort, simple_rules, spc_many, xmr
from pipelines.analysis.backtest import back_test
from pipelines.analysis.cohort_counts import Flows, Return, States, count_flows
from pipelines.analysis.panel import Panel
from pipelines.judgement import caseload, panel_of

if TYPE_CHECKING:
    import duckdb

Row = tuple[str, float, float | None, str]

SERIES, MONTHS = 100_000, 36
CHILDREN, RUNS, YEARS_AHEAD = 10_000, 1_000, 4
AUTHORITIES = 147
# Those that have every year of each share too.
SHARE_AUTHORITIES = 143
YEARS = range(2019, 2026)
KPI_VALUES = """
    create table marts.kpi_value as
    select
        kpi, period, 'stock' as period_kind, figure as value, true as is_shown,
        cast(null as double) as numerator, figure as denominator,
        'All' as breakdown_topic, 'All' as breakdown, area as area_code,
        case when area <> $nation then area end as la_code,
        case when area <> $nation then 'authority' else 'nation' end as area_kind
    from made_up
"""
MEASURES = """
    create table marts.measure as
    select distinct kpi, case when kpi like '%_share' then 'percent' else 'count' end as unit
    from made_up
"""


def analysis_rows(rounds: int) -> Iterator[Row]:
    """Signals over many series, the queue, the cohorts, and the back-test of all authorities."""
    yield from signals(rounds)
    yield clearance(rounds)
    yield cohorts(rounds)
    yield all_authorities(rounds)
    yield whole_back_test(rounds)


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
    codes, years = tuple(str(code) for code in range(AUTHORITIES)), tuple(YEARS)
    counted = Panel(codes, years, plans, plans.sum(axis=0), known)
    share = Panel(codes, years, generator.uniform(30, 60, plans.shape), np.full(7, 40.0))

    def work() -> None:
        for name, rule in {"coarse": coarse.plans_ahead, **simple_rules.PLANS_RULES}.items():
            back_test(name, rule, counted, "relative")
        for name, rule in {"coarse": coarse.share_ahead, **simple_rules.SHARE_RULES}.items():
            back_test(name, rule, share, "points", sizes=plans)

    return alone(f"back-test of {AUTHORITIES} authorities, 7 years, 8 rules", work, "60 s", rounds)


def whole_back_test(rounds: int) -> Row:
    """All that a build tests of the caseload, smoothing too, out of the table that it reads.

    One authority is a year ahead of the others, as the council with its own return is. In processor
    seconds: it is long enough for others to come in between.
    """
    import duckdb

    with duckdb.connect() as connection:
        kpi_values(connection)

        def work() -> None:
            # The fits are kept within one build, and made anew in the next.
            simple_rules._smoothed.cache_clear()
            caseload.caseload(connection)

        # For the imports.
        simple_rules.ets(Panel(("100",), tuple(YEARS), np.arange(1.0, 8.0)[None], np.ones(7)), 1)
        what = f"whole back-test of the caseload, {SHARE_AUTHORITIES} authorities, with smoothing"
        found = median(seconds(work, process_time) for _ in range(rounds))
        return f"{what} (processor)", found, None, "60 s"


def kpi_values(connection: duckdb.DuckDBPyConnection) -> None:
    """The measures that the caseload is forecast from, by area and year, as marts hold them."""
    import pyarrow as pa

    generator = np.random.default_rng(5)
    areas = [panel_of.NATION, *(str(number) for number in range(100, 100 + SHARE_AUTHORITIES))]
    shape = len(areas), len(YEARS) + 1
    plans = 3_000 * np.cumprod(generator.normal(1.1, 0.05, shape), axis=1)
    values = dict.fromkeys((caseload.PLANS, "requests_received", panel_of.CHILDREN_RATE), plans)
    for kpi in (caseload.MAINSTREAM, *caseload.OTHER_GROUPS):
        values[kpi] = 40 + np.cumsum(generator.normal(0.8, 1.0, shape), axis=1)
    rows = [
        {"kpi": kpi, "area": area, "period": f"{YEARS[0] + place}-01", "figure": float(figure)}
        for kpi, table in values.items()
        for row, area in enumerate(areas)
        # The nation and the first authority are the two that have the newest year.
        for place, figure in enumerate(table[row, : None if row < 2 else -1])
    ]
    connection.register("made_up", pa.Table.from_pylist(rows))
    connection.execute("create schema marts")
    connection.execute(KPI_VALUES, {"nation": panel_of.NATION})
    connection.execute(MEASURES)


def alone(what: str, work: Callable[[], object], limit: str, rounds: int) -> Row:
    """A row without a bare tool beside it, after one call that warms caches."""
    work()
    return what, median(seconds(work) for _ in range(rounds)), None, limit


def seconds(work: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """How long one call takes."""
    start = clock()
    work()
    return clock() - start


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
