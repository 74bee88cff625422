"""The cohort model: what is counted, what is drawn, what actions change, and what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.analysis import cohort, cohort_backtest
from pipelines.analysis.cohort_counts import Flows, Return, States, count_flows
from pipelines.analysis.cohort_rates import Action, drawn_rates
from pipelines.analysis.ranges import quantiles
from pipelines.analysis.scenario import Contributions, contributions
from pipelines.errors import SendError

STATES = States(
    needs=("autism", "speech"),
    settings=("mainstream", "special", "other"),
    year_groups=tuple(range(16)),
)
GROUPS = len(STATES.year_groups)
PEOPLE = np.full(GROUPS, 2_000.0)
MAINSTREAM = ("mainstream",)


def grown(years: int, seed: int = 0, start: int = 1_200) -> list[Return]:
    """Successive returns of a county whose rates never change."""
    generator = np.random.default_rng(seed)
    child = np.arange(start)
    need = generator.integers(0, 2, start)
    setting = generator.choice(3, start, p=[0.35, 0.55, 0.10])
    group = generator.integers(0, GROUPS, start)
    returns = []
    for year in range(years):
        returns.append(Return(2023 + year, child, need, setting, group))
        stays = (generator.random(len(child)) > 0.05) & (group < GROUPS - 1)
        child, need, setting, group = (a[stays] for a in (child, need, setting, group))
        moves = generator.random(len(child)) < 0.04
        setting = np.where(moves, (setting + 1) % 3, setting)
        new = generator.poisson(200)
        child = np.concatenate([child, np.arange(new) + 10_000 * (year + 1)])
        need = np.concatenate([need, generator.integers(0, 2, new)])
        setting = np.concatenate([setting, generator.choice(3, new, p=[0.7, 0.25, 0.05])])
        group = np.concatenate([group + 1, generator.integers(0, GROUPS, new)])
    return returns


def flows(years: int = 3) -> Flows:
    return count_flows(STATES, grown(years), np.tile(PEOPLE, (years - 1, 1)))


AHEAD = np.tile(PEOPLE, (4, 1))


def contributions_to_share(actions: list[Action], runs: int) -> Contributions[Action]:
    """What each action adds to the mean share of plans in mainstream schools in the last year."""

    def run(chosen: Sequence[Action]) -> float:
        made = cohort.project(flows(), AHEAD, actions=chosen, runs=runs)
        return float(made.share_pct(MAINSTREAM)[:, -1].mean())

    return contributions(run, actions)


def test_two_returns_are_matched_on_the_child_and_counted() -> None:
    def of(year: int, *rows: tuple[int, int, int, int]) -> Return:
        return Return(year, *(np.array(column) for column in zip(*rows, strict=True)))

    earlier = of(2024, (7, 0, 0, 5), (3, 0, 0, 5), (9, 1, 1, 15), (4, 0, 0, 2))
    later = of(2025, (3, 0, 1, 6), (4, 0, 0, 3), (8, 1, 0, 0))
    counted = count_flows(STATES, [earlier, later], [PEOPLE])
    assert counted.at_risk[0, 0, 5] == 2
    assert counted.left[0, 0, 5] == counted.left[1, 1, 15] == 1
    assert counted.left.sum() == 2
    assert counted.moved[0, 0, 5] == counted.moved.sum() == 1
    assert counted.moves[0, 5, 1] == counted.moves.sum() == 1
    assert counted.joined.tolist() == [[1] + [0] * 15]
    assert counted.placed[0, 1, 0] == 1
    assert counted.stock.sum() == 3
    assert counted.last_year == 2025


def test_every_child_of_a_pair_is_accounted_for() -> None:
    returns = grown(2)
    counted = flows(2)
    kept = counted.at_risk.sum() - counted.left.sum()
    assert counted.at_risk.sum() == len(returns[0].child)
    assert kept + counted.joined.sum() == len(returns[1].child)


@pytest.mark.parametrize("years", [[2024], [2024, 2026], [2025, 2024]])
def test_returns_that_do_not_follow_each_other_are_refused(years: list[int]) -> None:
    returns = [replace(grown(1)[0], year=year) for year in years]
    with pytest.raises(SendError, match="successive years"):
        count_flows(STATES, returns, np.tile(PEOPLE, (len(years) - 1, 1)))


def test_the_same_seed_gives_the_same_projection_and_another_does_not() -> None:
    first, again, other = (cohort.project(flows(), AHEAD, runs=20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.by_setting, again.by_setting)
    assert (first.by_setting != other.by_setting).any()


def test_margins_agree_and_the_first_year_is_the_last_return() -> None:
    made = cohort.project(flows(), AHEAD, runs=20)
    assert made.years == (2025, 2026, 2027, 2028, 2029)
    for margin in (made.by_need, made.by_year_group):
        np.testing.assert_array_equal(margin.sum(axis=2), made.plans)
    assert set(made.plans[:, 0]) == {len(grown(3)[-1].child)}
    assert made.joined.shape == (20, 4, 3)


def test_children_grow_older_and_leave_at_the_end_of_the_last_year_group() -> None:
    counted = flows()
    nobody = replace(
        counted,
        left=np.zeros_like(counted.left),
        moved=np.zeros_like(counted.moved),
        joined=np.zeros_like(counted.joined),
        at_risk=counted.at_risk * 100_000,
        population=counted.population * 1e9,
    )
    made = cohort.project(nobody, AHEAD[:1], runs=5)
    before, after = made.by_year_group[0]
    np.testing.assert_array_equal(after[1:], before[:-1])
    assert after[0] == 0
    np.testing.assert_array_equal(made.by_setting[0, 1], counted.stock[:, :, :-1].sum(axis=(0, 2)))


def test_the_range_widens_and_holds_about_four_fifths_of_what_comes() -> None:
    made = cohort.project(flows(), AHEAD, runs=200)
    low, _, high = quantiles(made.plans)
    assert (np.diff(high - low) > 0).all()
    held = []
    for seed in range(12):
        returns = grown(5, seed=seed)
        held += [
            test.lower <= test.actual <= test.upper
            for test in cohort_backtest.back_test(
                STATES, returns, np.tile(PEOPLE, (4, 1)), {"share": MAINSTREAM}, runs=100
            )
        ]
    assert len(held) == 12 * 12
    assert 0.65 <= np.mean(held) <= 0.95


def test_the_back_test_of_four_returns_makes_three_forecasts_of_each_measure() -> None:
    tests = cohort_backtest.back_test(
        STATES, grown(4), np.tile(PEOPLE, (3, 1)), {"share": MAINSTREAM}, runs=50
    )
    made = [(test.origin, test.ahead) for test in tests if test.measure == "plans"]
    assert made == [(2024, 1), (2024, 2), (2025, 1)]
    assert all(test.lower <= test.median <= test.upper for test in tests)
    assert tests[0].naive == len(grown(4)[1].child)
    assert tests[0].actual == len(grown(4)[2].child)


def test_whole_years_vary_only_where_three_pairs_of_returns_show_it() -> None:
    assert drawn_rates(flows(3), 2, 0).year_spread == 0
    assert drawn_rates(flows(4), 2, 0).year_spread > 0


def test_a_share_of_new_plans_is_brought_about_exactly_and_keeps_their_needs_and_ages() -> None:
    rates = drawn_rates(flows(), 30, 0)
    for share in (0.0, 0.3, 0.9, 1.0):
        placed = Action("x", "placements", share=share, to_settings=MAINSTREAM)
        after = rates.changed([placed], 2026, STATES, PEOPLE)
        weight = (after.join * PEOPLE)[:, :, None, None] * after.placement
        found = weight[..., 0].sum(axis=(1, 2)) / weight.sum(axis=(1, 2, 3))
        np.testing.assert_allclose(found, share, atol=1e-9)
        np.testing.assert_allclose(after.placement.sum(axis=3), rates.placement.sum(axis=3))


def test_an_action_works_on_its_own_transition_from_its_year_on() -> None:
    rates = drawn_rates(flows(), 10, 0)
    stay = Action("a", "leavers", 0.5, from_year=2027, from_settings=("special",))
    assert rates.changed([stay], 2026, STATES, PEOPLE) is rates
    after = rates.changed([stay], 2027, STATES, PEOPLE)
    np.testing.assert_allclose(after.leave[:, :, 1], rates.leave[:, :, 1] / 2)
    np.testing.assert_array_equal(after.leave[:, :, 0], rates.leave[:, :, 0])
    fewer = rates.changed([Action("b", "joiners", 0.8)], 2026, STATES, PEOPLE)
    np.testing.assert_allclose(fewer.join, rates.join * 0.8)


def test_fewer_moves_to_one_setting_leave_moves_to_others_as_they_were() -> None:
    rates = drawn_rates(flows(), 10, 0)
    halved = Action("x", "moves", 0.5, from_settings=MAINSTREAM, to_settings=("special",))
    after = rates.changed([halved], 2026, STATES, PEOPLE)

    def chance(which: cohort.Rates, to: int) -> np.ndarray:
        return which.move[:, :, 0] * which.destination[:, 0, :, to][:, None]

    np.testing.assert_allclose(chance(after, 1), chance(rates, 1) / 2)
    np.testing.assert_allclose(chance(after, 2), chance(rates, 2))
    closed = replace(halved, multiply=0.0, to_settings=())
    assert not rates.changed([closed], 2026, STATES, PEOPLE).move[:, :, 0].any()


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(SendError, match="Unknown setting: moon"):
        cohort.project(
            flows(), AHEAD, actions=[Action("x", "leavers", from_settings=("moon",))], runs=2
        )


def test_each_action_reports_its_own_part() -> None:
    placed = Action("more in mainstream", "placements", share=0.9, to_settings=MAINSTREAM)
    kept = Action(
        "fewer moves out", "moves", 0.2, from_settings=MAINSTREAM, to_settings=("special",)
    )
    found = contributions_to_share([placed, kept], runs=60)
    parts = dict(found.alone)
    assert parts[placed] > parts[kept] > 0
    assert found.together > found.baseline
    total = found.baseline + sum(parts.values()) + found.interaction
    assert found.together == pytest.approx(total)


def test_what_it_would_take_reaches_the_goal_and_a_little_less_does_not() -> None:
    goal = 58.0
    found = cohort.share_of_new_plans_needed(
        flows(), AHEAD, MAINSTREAM, goal, from_year=2026, runs=60
    )
    assert found.amount is not None
    assert 0.7 < found.amount < 1

    def reached(share: float) -> float:
        placed = Action("x", "placements", share=share, to_settings=MAINSTREAM, from_year=2026)
        made = cohort.project(flows(), AHEAD, actions=[placed], runs=60)
        return float(np.median(made.share_pct(MAINSTREAM)[:, -1]))

    assert reached(found.amount) >= goal > reached(found.amount - 0.05)
    far = cohort.share_of_new_plans_needed(
        flows(), AHEAD[:1], MAINSTREAM, 95.0, from_year=2026, runs=20
    )
    assert far.amount is None
    assert far.reached < 95


def test_the_county_that_docs_methods_works_through() -> None:
    """The figures of docs/methods.md, in its two sections on this model."""
    document = Path(__file__).resolve().parents[3] / "docs" / "methods.md"
    text = " ".join(document.read_text(encoding="utf-8").split())
    made = cohort.project(flows(), AHEAD, runs=1_000)
    share = quantiles(made.share_pct(MAINSTREAM))
    for column, year in ((1, 2026), (4, 2029)):
        plans = ", ".join(f"{value:,.0f}" for value in quantiles(made.plans)[:, column])
        shares = ", ".join(f"{value:.1f}%" for value in share[:, column])
        assert f"| {year} | {plans} | {shares} |" in text
    placed = Action("x", "placements", share=0.9, to_settings=MAINSTREAM)
    kept = Action("y", "moves", 0.5, from_settings=MAINSTREAM, to_settings=("special",))
    found = contributions_to_share([placed, kept], runs=1_000)
    parts = [change for _, change in found.alone]
    assert f"{found.baseline:.1f}% of plans are in mainstream schools in 2029" in text
    assert f"adds {parts[0]:.1f} points; halving" in text
    assert f"schools adds {parts[1]:.1f}." in text
    assert (
        f"Together they add {found.together - found.baseline:.1f}: {found.interaction:.1f}" in text
    )
