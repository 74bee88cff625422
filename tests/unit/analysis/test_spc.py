"""One series judged: limits, rules, guards, divisions, variation and assurance."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from pipelines.analysis.spc import (
    Assurance,
    Division,
    MissingPeriodsError,
    SeriesTooShortError,
    SpcError,
    Standing,
    Variation,
    chart,
    xmr_limits,
)
from pipelines.analysis.xmr import Rule

GOLDEN = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
STEADY = [50, 52, 49, 51, 50, 53, 48, 51, 49, 52, 50, 51, 49, 50, 52, 49]


def test_the_golden_vector_gives_the_published_limits_with_and_without_screening() -> None:
    screened, whole = xmr_limits(GOLDEN), xmr_limits(GOLDEN, screen=False)
    assert [round(v, 2) for v in (screened.lower, screened.mean, screened.upper)] == [
        -0.72,
        1.94,
        4.60,
    ]
    assert [round(v, 2) for v in (whole.lower, whole.mean, whole.upper)] == [-3.06, 1.94, 6.95]
    assert screened.near_upper - screened.mean == pytest.approx((4.60444 - 1.94444) * 2 / 3)


def test_the_golden_vector_has_one_special_cause_the_ten() -> None:
    judged = chart(GOLDEN, polarity="low_is_good")
    assert judged.rule.tolist() == [0, 0, 0, 0, Rule.OUTSIDE_LIMITS] + [0] * 13
    assert judged.side[4] == 1
    assert judged.variation is Variation.COMMON_CAUSE


def test_a_moving_range_of_exactly_the_screening_limit_is_screened_out() -> None:
    # Nine ranges of 1 and one of r with r = 3.267 * (9 + r) / 10, just below and above it.
    limit = 3.267 * 9 / (10 - 3.267)
    base = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    kept = xmr_limits([*base, 1 - (limit - 0.01)])
    dropped = xmr_limits([*base, 1 - (limit + 0.01)])
    assert dropped.upper - dropped.mean == pytest.approx(2.66)
    assert kept.upper - kept.mean == pytest.approx(2.66 * (9 + limit - 0.01) / 10)


def test_screening_that_would_leave_no_range_falls_back_on_all_of_them() -> None:
    limits = xmr_limits([5] * 10 + [8] * 10)
    assert limits.upper - limits.mean == pytest.approx(2.66 * 3 / 19)


def test_a_constant_series_has_a_mean_and_neither_limits_nor_signals() -> None:
    judged = chart([0.1] * 20, polarity="high_is_good", target=0.5)
    assert judged.latest.standing is Standing.CONSTANT
    assert judged.latest.limits.mean == pytest.approx(0.1)
    assert judged.latest.limits.lower is None
    assert not judged.rule.any()
    assert judged.variation is None
    assert judged.assurance is None


@pytest.mark.parametrize(
    ("points", "standing"),
    [
        (7, Standing.TOO_SHORT),
        (8, Standing.TRIAL),
        (12, Standing.TRIAL),
        (13, Standing.FIRM),
    ],
)
def test_limits_need_eight_points_and_are_on_trial_under_thirteen(
    points: int, standing: Standing
) -> None:
    judged = chart(STEADY[:points])
    assert judged.latest.standing is standing
    assert (judged.latest.limits.lower is None) == (points < 8)


def test_two_points_are_the_least_and_a_missing_period_is_refused() -> None:
    assert xmr_limits([1, 2]).upper is not None
    with pytest.raises(SeriesTooShortError):
        xmr_limits([1])
    with pytest.raises(MissingPeriodsError, match=r"1 of 4 periods .*\n.*gap"):
        chart([1.0, 2.0, np.nan, 3.0])


def test_six_rises_mark_all_seven_points_and_five_mark_none() -> None:
    wave = [40, 60, 41, 59, 42, 58, 40, 60]
    seven = chart([*wave, 47, 48, 49, 50, 51, 52, 53])
    assert seven.rule[-7:].tolist() == [Rule.TREND] * 7
    assert seven.side[-7:].tolist() == [1] * 7
    six = chart([*wave, 48, 49, 50, 51, 52, 53])
    assert not six.rule.any()
    level = chart([*wave, 47, 48, 49, 49, 51, 52, 53])
    assert not level.rule.any()


def test_a_trend_points_where_it_goes_even_below_the_mean() -> None:
    wild = [70, 30] * 4
    judged = chart(
        [*wild, 36, 35, 34, 33, 32, 31, 30, 31, 32, 33, 34, 35, 36], polarity="high_is_good"
    )
    assert judged.rule[-1] == Rule.TREND
    assert judged.latest.limits.mean > 36
    assert judged.side[-1] == 1
    assert judged.variation is Variation.IMPROVEMENT
    assert judged.side[8:].tolist() == [-1] * 6 + [1] * 7, "the turn belongs to the later trend"
    over_the_top = chart([*wild, 64, 65, 66, 67, 68, 69, 70, 69, 68, 67, 66, 65, 64])
    assert over_the_top.rule[8:].tolist() == [Rule.TREND] * 13
    assert over_the_top.side[8:].tolist() == [1] * 6 + [-1] * 7


def test_two_of_three_beyond_a_near_limit_mark_the_close_ones_only() -> None:
    base = [50, 51, 50, 49, 50, 51, 50, 49, 50, 51, 50, 49, 50, 49]
    judged = chart([*base, 53, 50.7, 53.1, 49, 50])
    limits = judged.latest.limits
    assert limits.near_upper < 53 < 53.1 < limits.upper
    assert judged.rule.tolist() == [0] * 14 + [3, 0, 3, 0, 0]
    other_side = chart([*base, 53, 49.9, 53.1, 49, 50])
    assert not other_side.rule.any(), "all three must be on the same side"


def test_seven_on_one_side_are_a_run_and_a_point_on_the_mean_breaks_it() -> None:
    below = [46, 48, 46, 48, 46, 48, 46]
    above = [54, 52, 54, 52, 54, 52, 54]
    judged = chart([*below, *above])
    assert judged.latest.limits.mean == pytest.approx(50)
    assert judged.rule.tolist() == [Rule.RUN] * 14
    assert judged.side.tolist() == [-1] * 7 + [1] * 7
    broken = chart([46, 48, 46, 50, 48, 46, 48, 54, 52, 54, 50, 52, 54, 52])
    assert broken.latest.limits.mean == pytest.approx(50)
    assert not broken.rule.any()


def test_the_first_rule_that_applies_is_the_one_named() -> None:
    steps = [10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 12, 13, 14, 15, 16, 30]
    judged = chart(steps)
    assert judged.rule[-1] == Rule.OUTSIDE_LIMITS
    assert Rule.TREND in judged.rule


@pytest.mark.parametrize(
    ("polarity", "high", "low"),
    [
        ("high_is_good", Variation.IMPROVEMENT, Variation.CONCERN),
        ("low_is_good", Variation.CONCERN, Variation.IMPROVEMENT),
        ("none", Variation.NEITHER, Variation.NEITHER),
    ],
)
def test_the_latest_point_says_better_or_worse_by_the_direction_of_the_measure(
    polarity: str, high: Variation, low: Variation
) -> None:
    assert chart([*STEADY, 70], polarity=polarity).variation is high
    assert chart([*STEADY, 30], polarity=polarity).variation is low
    assert chart([*STEADY, 70, 50], polarity=polarity).variation is Variation.COMMON_CAUSE


@pytest.mark.parametrize(
    ("target", "high_is_good", "low_is_good"),
    [
        (90, Assurance.FAILS, Assurance.PASSES),
        (10, Assurance.PASSES, Assurance.FAILS),
        (50, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
    ],
)
def test_assurance_compares_the_limits_with_the_target(
    target: float, high_is_good: Assurance, low_is_good: Assurance
) -> None:
    assert chart(STEADY, target=target, polarity="high_is_good").assurance is high_is_good
    assert chart(STEADY, target=target, polarity="low_is_good").assurance is low_is_good
    assert chart(STEADY, target=target).assurance is None
    assert chart(STEADY, polarity="low_is_good").assurance is None


def test_a_target_on_the_limit_is_hit_and_miss() -> None:
    upper = chart(STEADY).latest.limits.upper
    assert chart(STEADY, target=upper, polarity="low_is_good").assurance is Assurance.HIT_AND_MISS


def test_a_baseline_fixes_the_limits_by_its_own_points() -> None:
    judged = chart([*STEADY, 60, 61, 62], baseline=16)
    assert judged.latest.limits == chart(STEADY).latest.limits
    assert judged.rule[-3:].tolist() == [Rule.OUTSIDE_LIMITS] * 3
    assert chart([*STEADY, 60], baseline=12).latest.standing is Standing.TRIAL
    assert chart([*STEADY, 60], baseline=7).latest.standing is Standing.TOO_SHORT


def test_limits_begin_anew_at_a_rebase_and_no_run_crosses_it() -> None:
    rebase = Division(14, "rebase", "A second panel was set up", date(2025, 9, 1))
    values = [46, 48, 47, 49, 46, 48, 47, 49, 46, 48, 47, 49, 46, 48]
    after = [value + 10 for value in values]
    judged = chart([*values, *after], divisions=[rebase])
    assert [(s.start, s.stop) for s in judged.stretches] == [(0, 14), (14, 28)]
    assert judged.latest.opened_by == rebase
    assert judged.line("mean")[13] == pytest.approx(judged.line("mean")[14] - 10)
    assert not judged.rule.any()
    assert chart([*values, *after]).rule.any(), "without the rebase the step is a signal"


def test_a_series_break_is_never_crossed_and_short_parts_get_no_limits() -> None:
    broken = Division(4, "break", "From aggregate to person-level returns")
    judged = chart([60, 59, 58, 57, 36, 35, 33], divisions=[broken], polarity="high_is_good")
    assert [s.standing for s in judged.stretches] == [Standing.TOO_SHORT] * 2
    assert not judged.rule.any(), "seven points falling, but not on the same footing"
    assert judged.variation is None
    assert np.isnan(judged.line("upper")).all()


def test_a_rebase_needs_a_date_and_a_reason_and_must_lie_within_the_series() -> None:
    with pytest.raises(SpcError, match="without a date"):
        Division(4, "rebase", "New process")
    with pytest.raises(SpcError, match="without a reason"):
        Division(4, "break", " ")
    for at in ([0], [16], [4, 4]):
        with pytest.raises(SpcError, match="outside the series, or twice"):
            chart(STEADY, divisions=[Division(place, "break", "new count") for place in at])


@pytest.mark.parametrize(("size", "has_limits"), [(19, False), (20, True)])
def test_a_percentage_of_fewer_than_twenty_children_has_no_limits(
    size: int, has_limits: bool
) -> None:
    judged = chart(STEADY, denominators=[size] * len(STEADY), polarity="high_is_good")
    assert (judged.latest.limits.upper is not None) == has_limits
    assert (judged.latest.standing is Standing.SMALL_DENOMINATORS) != has_limits
    assert (judged.variation is not None) == has_limits


def test_denominators_of_very_different_size_are_pointed_out() -> None:
    sizes = [100] * 15
    assert not chart(STEADY, denominators=[*sizes, 300]).latest.has_uneven_denominators
    assert chart(STEADY, denominators=[*sizes, 301]).latest.has_uneven_denominators
