"""Simple rules, the coarse model, back-tests and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pipelines.analysis import backtest, coarse, simple_rules
from pipelines.analysis.backtest import BackTest, Bands, back_test, choose
from pipelines.analysis.panel import Kind, Panel, complete
from pipelines.errors import SendError

YEARS = tuple(range(2019, 2026))


def panel(*rows: list[float], england: list[float] | None = None) -> Panel:
    values = np.array(rows, float)
    codes = tuple(str(801 + row) for row in range(len(rows)))
    england_values = values.sum(axis=0) if england is None else np.array(england, float)
    return Panel(codes, YEARS[: values.shape[1]], values, england_values)


def grown(authorities: int = 90, seed: int = 0) -> Panel:
    """Authorities that grow by a common rate, by what requests foretell, and by a little luck."""
    generator = np.random.default_rng(seed)
    plans = generator.uniform(500, 9_000, (authorities, 1))
    requests = [np.full((authorities, 1), np.nan)]
    for _ in YEARS[1:]:
        keen = generator.normal(0, 0.3, (authorities, 1))
        requests.append(plans[:, -1:] * 0.3 * np.exp(keen))
        luck = generator.normal(0, 0.01, (authorities, 1))
        before = requests[-2] / plans[:, -2:-1] / 0.3 if plans.shape[1] > 1 else np.ones(1)
        growth = 0.1 + 0.1 * np.log(np.nan_to_num(before, nan=1.0)) + luck
        plans = np.hstack([plans, plans[:, -1:] * np.exp(growth)])
    known = {coarse.REQUESTS: np.hstack(requests)}
    # A year's requests are set against the plans at its end.
    known[coarse.REQUESTS][:, 1:] *= plans[:, 1:] / plans[:, :-1]
    codes = tuple(str(code) for code in range(authorities))
    return Panel(codes, YEARS, plans, plans.sum(axis=0), known)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (simple_rules.same_as_last_year, 121.0),
        (simple_rules.own_last_growth, 121 * 1.1**2),
        (simple_rules.england_last_growth, 121 * 1.3**2),
        (simple_rules.half_own_half_england, 121 * ((1.1 + np.sqrt(1.2 * 1.3)) / 2) ** 2),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_simple_rule_says_what_its_name_says(
    rule: Callable[[Panel, int], np.ndarray], expected: float
) -> None:
    plans = panel([100, 110, 121], england=[1000, 1200, 1560])
    assert rule(plans, 2)[0] == pytest.approx(expected)


def test_the_median_change_is_added_for_each_year_ahead() -> None:
    shares = panel([30, 31, 33], [40, 41, 42], [50, 49, 45])
    assert simple_rules.england_median_change(shares, 3).tolist() == [36, 45, 48]


def test_smoothing_says_so_where_statsmodels_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simple_rules, "find_spec", lambda name: None)
    with pytest.raises(SendError, match="statsmodels, which is not installed"):
        simple_rules.ets(panel([1.0, 2, 3, 4]), 1)


def test_smoothing_follows_a_steady_growth() -> None:
    assert simple_rules.has_ets()
    growing = panel([100 * 1.1**year for year in range(7)])
    assert simple_rules.ets(growing, 1)[0] == pytest.approx(100 * 1.1**7, rel=0.03)
    assert simple_rules.ets(panel([1.0, 2, 3]), 2).tolist() == [3]


def test_a_panel_with_a_gap_is_refused_and_the_missing_years_are_named() -> None:
    values = [[10.0, 11, 12], [np.nan, np.nan, 5], [4, 0, 4]]
    with pytest.raises(SendError, match="not complete"):
        panel(*values)
    assert complete(("1", "2", "3"), (2019, 2020, 2021), values) == {
        "1": (),
        "2": (2019, 2020),
        "3": (2020,),
    }


def test_the_coarse_model_learns_what_requests_foretell() -> None:
    history = grown()
    model = back_test("coarse", coarse.plans_ahead, history, "relative")
    simple = [back_test(n, r, history, "relative") for n, r in simple_rules.PLANS_RULES.items()]
    chosen = choose([model], simple, 1)
    assert chosen.used == "coarse"
    assert chosen.used != chosen.best_simple
    assert chosen.errors["coarse"] < 0.75 * chosen.errors[chosen.best_simple]


def test_a_model_that_does_not_beat_the_simple_rules_is_not_used() -> None:
    history = grown()
    worse = back_test("wild", lambda seen, ahead: seen.values[:, -1] * 3, history, "relative")
    simple = [back_test(n, r, history, "relative") for n, r in simple_rules.PLANS_RULES.items()]
    chosen = choose([worse], simple, 2)
    assert chosen.used == chosen.best_simple
    assert chosen.errors["wild"] > 100


def test_a_model_as_good_as_a_simple_rule_does_not_beat_it() -> None:
    history = grown()
    simple = [back_test(n, r, history, "relative") for n, r in simple_rules.PLANS_RULES.items()]
    best = min(simple, key=lambda test: test.mean_absolute_error(1))
    same = replace(best, rule="copy")
    assert choose([same], simple, 1).used == best.rule


def test_the_coarse_model_does_without_requests_and_without_a_past_to_learn_from() -> None:
    history = replace(grown(), known={})
    assert np.isfinite(coarse.plans_ahead(history, 3)).all()
    two_years = panel([100, 110], [200, 240])
    growth = np.log(350 / 300)
    expected = np.array([110, 240]) * np.exp(2 * growth)
    np.testing.assert_allclose(coarse.plans_ahead(two_years, 2), expected)


def test_requests_that_one_authority_never_reports_count_as_the_median() -> None:
    history = grown()
    requests = history.known[coarse.REQUESTS].copy()
    requests[4] = np.nan
    gappy = replace(history, known={coarse.REQUESTS: requests})
    assert np.isfinite(coarse.plans_ahead(gappy, 2)).all()


def test_a_rule_sees_nothing_later_than_its_origin() -> None:
    history = grown()
    later = replace(history, values=history.values * np.where(np.arange(7) > 3, 9.0, 1.0))
    for rule in (*simple_rules.PLANS_RULES.values(), coarse.plans_ahead):
        np.testing.assert_array_equal(rule(history.until(3), 2), rule(later.until(3), 2))


def by_hand(misses: dict[tuple[int, int], list[float]], kind: Kind = "points") -> BackTest:
    arrays = {key: np.array(values) for key, values in misses.items()}
    classes = {year: np.zeros(len(v), np.int64) for (year, _), v in arrays.items()}
    return BackTest("hand", kind, arrays, classes)


def test_errors_are_forecast_less_actual_in_the_measures_unit() -> None:
    points = by_hand({(2021, 1): [2.0, -1.0], (2022, 1): [-4.0, 0.0], (2021, 2): [9.0, 9.0]})
    assert points.origins(1) == (2021, 2022)
    assert points.signed_error(1) == pytest.approx(0.75)
    assert points.mean_absolute_error(1) == pytest.approx(1.75)
    relative = by_hand({(2021, 1): [np.log(100 / 110), np.log(100 / 80)]}, "relative")
    assert relative.errors(1).tolist() == pytest.approx([10, -20])


def test_the_range_is_tested_on_other_origins_than_its_own() -> None:
    spread = np.linspace(-1, 1, 99).tolist()
    alike = by_hand({(2021, 1): spread, (2022, 1): spread})
    assert alike.coverage_pct(1) == pytest.approx(80, abs=2)
    shifted = by_hand({(2021, 1): spread, (2022, 1): [value + 5 for value in spread]})
    assert shifted.coverage_pct(1) == 0
    assert by_hand({(2021, 1): spread}).coverage_pct(1) is None


def test_a_range_known_at_the_time_uses_misses_that_had_come_by_then() -> None:
    spread = np.linspace(-1, 1, 99).tolist()
    wide = [value * 2 for value in spread]
    test = by_hand({(2021, 1): spread, (2022, 1): spread, (2023, 1): wide})
    assert test.coverage_by_earlier_pct(1) == pytest.approx((81 + 41) / 2, abs=2)
    later = by_hand({(2021, 2): spread, (2022, 2): spread})
    assert later.coverage_by_earlier_pct(2) is None


def test_the_range_leaves_a_tenth_of_past_misses_on_each_side() -> None:
    misses = np.arange(1.0, 100.0)
    bands = Bands("points", (misses, misses, misses))
    lower, upper = bands.miss_range(np.array([0]))
    assert (lower[0], upper[0]) == (pytest.approx(10), pytest.approx(90))
    relative = Bands("relative", (np.log([0.5, 2.0] * 20),) * 3)
    of_large = relative.miss_range(np.array([2]))
    lower, upper = (backtest.applied(np.array([100.0]), miss, "relative") for miss in of_large)
    assert (lower[0], upper[0]) == (pytest.approx(50), pytest.approx(200))


def test_draws_give_the_chance_of_a_milestone() -> None:
    bands = Bands("points", (np.array([-2.0, 3, -1, 0]), np.zeros(1), np.zeros(1)))
    assert bands.draws(40.0, 0).tolist() == [38, 39, 40, 43]
    assert np.mean(bands.draws(40.0, 0) >= 40) == 0.5


def test_the_fan_never_narrows() -> None:
    near = [float(v) for v in range(-10, 11)]
    test = by_hand(
        {(2021, 1): near, (2021, 2): [v / 10 for v in near], (2021, 3): [v * 2 for v in near]}
    )
    test = replace(test, classes={2021: np.arange(21) % 3})
    lower, upper = backtest.fan([test] * 3, np.full((3, 3), 50.0), np.arange(3))
    assert (np.diff(upper - lower, axis=1) >= 0).all()
    assert (lower[:, 1] == lower[:, 0]).all()
    assert (upper[:, 2] > upper[:, 1]).all()


def test_a_horizon_that_no_past_year_tests_is_refused() -> None:
    with pytest.raises(SendError, match="No past year tests a forecast 5 years ahead"):
        back_test("x", simple_rules.same_as_last_year, grown(), "relative").bands(5)


def test_authorities_are_compared_with_others_of_their_size() -> None:
    assert backtest.size_classes(np.arange(9.0)).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
