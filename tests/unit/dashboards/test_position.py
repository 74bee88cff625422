"""The sentences of the first page are true for better, worse, flat, missing and mixed figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.words.position import Plans, Reading, beside_england, direction
from dashboards.words.position import position as sentences


def position(name: str, plans: Plans | None, readings: list[Reading]) -> str:
    return " ".join(sentences(name, plans, readings))


def reading(
    title: str = "share in mainstream",
    change: float | None = 1.0,
    value: float | None = 40.0,
    england: float | None = None,
    polarity: str = "high_is_good",
    unit: str = "percent",
) -> Reading:
    return Reading(title, unit, polarity, value, change, england)


@pytest.mark.parametrize(
    ("given_reading", "expected"),
    [
        (reading(change=0.5), "better"),
        (reading(change=-0.5), "worse"),
        (reading(change=0.4), "flat"),
        (reading(change=-0.4), "flat"),
        (reading(change=3, polarity="low_is_good"), "worse"),
        (reading(change=-3, polarity="low_is_good"), "better"),
        (reading(change=None), None),
        (reading(value=None), None),
        (reading(polarity="none"), None),
        (reading(value=1010, change=9, unit="count"), "flat"),
        (reading(value=1010, change=10, unit="count"), "better"),
    ],
)
def test_direction_at_its_boundaries(given_reading: Reading, expected: str | None) -> None:
    assert direction(given_reading) == expected


@pytest.mark.parametrize(
    ("given_reading", "expected"),
    [
        (reading(value=40, england=39.5), "better"),
        (reading(value=40, england=40.4), "flat"),
        (reading(value=40, england=45, polarity="low_is_good"), "better"),
        (reading(value=40, england=None), None),
        (reading(value=400, england=45000, unit="count"), None),
    ],
)
def test_beside_england(given_reading: Reading, expected: str | None) -> None:
    assert beside_england(given_reading) == expected


PLANS = Plans(value=9979, change=1518, period_label="January 2026")


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        (PLANS, "Ourshire maintained 9,979 plans in January 2026, 1,518 more than a year before."),
        (
            Plans(900, -100, "January 2026"),
            "Ourshire maintained 900 plans in January 2026, 100 fewer than a year before.",
        ),
        (
            Plans(900, 0, "January 2026"),
            "Ourshire maintained 900 plans in January 2026, as many as a year before.",
        ),
        (Plans(900, None, "January 2026"), "Ourshire maintained 900 plans in January 2026."),
        (Plans(1, None, "January 2026"), "Ourshire maintained 1 plan in January 2026."),
    ],
)
def test_the_number_of_plans_comes_after_the_latest_year(plans: Plans, expected: str) -> None:
    year, demand = sentences("Ourshire", plans, [reading("a", 2)])
    assert year.startswith("In the latest year, ")
    assert demand == expected


def test_without_a_number_of_plans_nothing_is_said_of_them() -> None:
    assert position("Ourshire", None, [reading("a", 2), reading("b", 3)]) == (
        "In the latest year, all 2 measures that can be compared got better (a; b)."
    )


def test_one_measure_got_worse() -> None:
    assert position("Ourshire", None, [reading("a", -2)]) == (
        "In the latest year, the one measure that can be compared got worse (a)."
    )


def test_flat() -> None:
    assert position("Ourshire", None, [reading("a", 0), reading("b", 0.1)]) == (
        "In the latest year, all 2 measures that can be compared changed little (a; b)."
    )


def test_contradictory_figures_are_counted_and_named_on_both_sides() -> None:
    text = position("Ourshire", None, [reading("a", 2), reading("b", -2), reading("c", 0)])
    assert text == (
        "In the latest year, 1 of the 3 measures that can be compared got better (a), "
        "1 got worse (b) and 1 changed little (c)."
    )


def test_one_years_change_is_never_called_a_trend() -> None:
    for changes in ([2, 2], [-2, -2], [2, -2], [0, 0], [2, 0]):
        text = position("Ourshire", PLANS, [reading("a", change) for change in changes])
        assert not any(word in text for word in ("improving", "getting worse", "trend"))


def test_missing_figures_are_said_and_not_guessed() -> None:
    text = position("Ourshire", None, [reading("a", None), reading("b", None, value=None)])
    assert text == (
        "No change can be stated: of the 2 measures of Ourshire that can get better or worse, "
        "none can be compared with the year before."
    )


def test_one_missing_beside_known_ones() -> None:
    text = position("Ourshire", None, [reading("a", 2), reading("b", None)])
    assert text == (
        "In the latest year, the one measure that can be compared got better (a); "
        "1 more cannot be compared."
    )


def test_measures_without_a_wanted_direction_do_not_count() -> None:
    assert position("Ourshire", None, [reading(polarity="none")]) == (
        "None of the measures shown for Ourshire has a direction that counts as better."
    )
    assert position("Ourshire", None, []).startswith("None of the measures")


def test_england_names_what_can_be_compared_and_nothing_else() -> None:
    text = position(
        "Ourshire",
        None,
        [
            reading("a", 2, 40, 45),
            reading("b", 2, 40, 40.1),
            reading("c", 2, 40, None),
            reading("d", 2, 40, 46),
            reading("e", 2, 40, 30),
        ],
    )
    assert text.endswith(
        " Compared with England, it is better on e; worse on a and d; about level on b."
    )


readings = st.builds(
    Reading,
    title=st.sampled_from(["a", "b", "c"]),
    unit=st.sampled_from(["percent", "count", "weeks", "per_1000", "score"]),
    polarity=st.sampled_from(["high_is_good", "low_is_good", "none"]),
    value=st.none() | st.floats(0, 1e5),
    change=st.none() | st.floats(-1e4, 1e4),
    england=st.none() | st.floats(0, 1e6),
)


@given(st.lists(readings, max_size=8))
def test_any_figures_give_sentences_that_agree_with_them(found: list[Reading]) -> None:
    text = position("Ourshire", PLANS, found)
    seen = {direction(item) for item in found} - {None}
    beside = {beside_england(item) for item in found} - {None}
    assert text.endswith(".")
    assert 2 <= text.count(".") <= 3
    assert ("got better" in text) == ("better" in seen)
    assert ("got worse" in text) == ("worse" in seen)
    assert ("changed little" in text) == ("flat" in seen)
    assert ("better on" in text) == ("better" in beside)
    assert ("worse on" in text) == ("worse" in beside)
