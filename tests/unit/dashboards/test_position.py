"""The sentence of the first page is true for improving, worsening, flat, missing, mixed figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.words.position import Reading, beside_england, direction, position


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


def test_all_improving() -> None:
    text = position("Ourshire", [reading("a", 2), reading("b", 3)])
    assert text == "Ourshire is improving: in the latest year, 2 of 2 measures got better (a; b)."


def test_all_worsening() -> None:
    text = position("Ourshire", [reading("a", -2)])
    assert text == "Ourshire is getting worse: in the latest year, 1 of 1 got worse (a)."


def test_flat() -> None:
    text = position("Ourshire", [reading("a", 0), reading("b", 0.1)])
    assert text.startswith("Ourshire has changed little: in the latest year, 2 of 2 measures")


def test_contradictory_figures_are_called_mixed_and_both_sides_are_named() -> None:
    text = position("Ourshire", [reading("a", 2), reading("b", -2), reading("c", 0)])
    assert text == (
        "The picture for Ourshire is mixed: in the latest year, 1 of 3 measures got better (a), "
        "1 of 3 got worse (b) and 1 of 3 changed little (c)."
    )


def test_better_in_part_and_never_worse() -> None:
    text = position("Ourshire", [reading("a", 2), reading("c", 0)])
    assert text.startswith("Ourshire is improving or holding steady")


def test_missing_figures_are_said_and_not_guessed() -> None:
    text = position("Ourshire", [reading("a", None), reading("b", None, value=None)])
    assert text == (
        "No direction can be stated for Ourshire: none of the 2 measures that have one can be "
        "compared with the year before."
    )


def test_one_missing_beside_known_ones() -> None:
    text = position("Ourshire", [reading("a", 2), reading("b", None)])
    assert text.endswith("; 1 measure cannot be compared with the year before.")


def test_measures_without_a_wanted_direction_do_not_count() -> None:
    assert position("Ourshire", [reading(polarity="none")]) == (
        "None of the measures shown for Ourshire has a direction that counts as better."
    )
    assert position("Ourshire", []).startswith("None of the measures")


def test_england_counts_only_what_can_be_compared() -> None:
    text = position(
        "Ourshire",
        [reading("a", 2, 40, 45), reading("b", 2, 40, 40.1), reading("c", 2, 40, None)],
    )
    assert "; beside England it is worse on 1 and level on 1 of 2." in text


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
def test_any_figures_give_one_sentence_that_agrees_with_them(found: list[Reading]) -> None:
    text = position("Ourshire", found)
    seen = {direction(item) for item in found} - {None}
    assert text.endswith(".")
    assert text.count(".") == 1
    assert ("got better" in text) == ("better" in seen)
    assert ("got worse" in text) == ("worse" in seen)
    assert ("is improving:" in text) == (seen == {"better"})
    assert ("is mixed" in text) == ({"better", "worse"} <= seen)
