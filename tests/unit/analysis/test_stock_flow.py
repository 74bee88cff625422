"""The share of new plans that a share of all plans asks for, from totals."""

from __future__ import annotations

import pytest

from pipelines.analysis.stock_flow import kept_share, new_share_needed

# Staffordshire, DfE 2025 and 2026 releases: plans in mainstream schools in January 2024 to 2026,
# and new plans of 2024 and 2025 placed there.
IN_MAINSTREAM, NEW_THERE = [2405, 2778, 3505], [843, 1239]


def test_what_is_kept_is_what_new_plans_do_not_explain() -> None:
    assert kept_share([1000, 1050], [250]) == pytest.approx(0.8)
    assert kept_share(IN_MAINSTREAM, NEW_THERE) == pytest.approx((1935 + 2266) / (2405 + 2778))


def test_the_share_found_brings_the_goal_about_year_by_year() -> None:
    kept = kept_share(IN_MAINSTREAM, NEW_THERE)
    new, plans = [1800.0, 1900, 2000], 13_000.0
    found = new_share_needed(3505, kept, new, plans, goal_pct=45.0)
    assert found.needed_pct is not None
    there = 3505.0
    for number in new:
        there = there * kept + number * found.needed_pct / 100
    assert 100 * there / plans == pytest.approx(45.0) == pytest.approx(found.reached_pct)


def test_a_goal_out_of_reach_says_how_far_all_new_plans_would_come() -> None:
    found = new_share_needed(3000, 0.8, [1000], 10_000, goal_pct=60)
    assert found.needed_pct is None
    assert found.reached_pct == pytest.approx(34)


def test_a_goal_that_is_reached_anyway_asks_for_nothing() -> None:
    assert new_share_needed(5000, 0.9, [500], 8_000, goal_pct=30).needed_pct == 0
