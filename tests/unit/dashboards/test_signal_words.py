"""The words of a control chart follow from what the release judged, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from dashboards.charts.axis import SHARE_AXIS
from dashboards.components.signal import months_axis
from dashboards.words.signal import KEY, SHORT, Signal, point_sign, sentences, title
from dashboards.words.titles import MOST_WORDS

STEADY = Signal(
    subject="On-time plans",
    standing="limits",
    months=24,
    latest_label="January 2026",
    latest="41.7%",
    average="33.9%",
    lower="7.0%",
    upper="60.9%",
    variation="common_cause",
)
BETTER = replace(STEADY, variation="improvement", rule="run", side=1)


@pytest.mark.parametrize(
    ("rule", "side", "polarity", "sign"),
    [
        (None, 0, "high_is_good", ""),
        ("trend", 1, "high_is_good", "improvement"),
        ("trend", -1, "high_is_good", "concern"),
        ("run", -1, "low_is_good", "improvement"),
        ("run", 1, "low_is_good", "concern"),
        ("run", 1, "none", "neither"),
        (float("nan"), 0, "low_is_good", ""),
    ],
    ids=["none", "up-good", "down-bad", "down-good", "up-bad", "no-direction", "null"],
)
def test_a_month_is_good_or_bad_by_its_side_and_the_measure(
    rule: str | None, side: int, polarity: str, sign: str
) -> None:
    assert point_sign(rule, side, polarity) == sign


@pytest.mark.parametrize("variation", SHORT)
def test_a_title_has_ten_words_at_most_and_names_figure_or_finding(variation: str) -> None:
    for subject in ("On-time plans", "On-time plans, excluding exceptions and all the rest of it"):
        text = title(replace(BETTER, variation=variation, subject=subject))
        assert len(text.split()) <= MOST_WORDS
        assert text.startswith((subject, "41.7%"))


def test_a_steady_month_is_no_change() -> None:
    assert "no sign of a change" in sentences(STEADY)[0]
    assert title(STEADY) == "On-time plans: 41.7%, within its usual range"


def test_an_improvement_says_so_and_says_why() -> None:
    newest = sentences(BETTER)[0]
    assert "a change for the better" in newest
    assert "seven months in a row" in newest
    assert "for the worse" in sentences(replace(BETTER, variation="concern"))[0]


def test_a_change_of_a_measure_without_direction_is_neither_better_nor_worse() -> None:
    text = " ".join(sentences(replace(BETTER, variation="neither")))
    assert "beyond what chance explains" in text
    assert "better" not in text
    assert "worse" not in text


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ("too_few_points", "it takes 8"),
        ("no_variation", "the same figure"),
        ("small_denominators", "fewer than 20"),
        ("missing_periods", "missing"),
    ],
)
def test_without_limits_nothing_is_judged_and_the_reason_is_given(
    standing: str, words: str
) -> None:
    none = replace(STEADY, standing=standing, variation="", months=5)
    said = sentences(none)
    assert len(said) == 1
    assert words in said[0]
    assert "chance explains" not in said[0]


def test_trial_limits_say_that_they_will_move() -> None:
    text = " ".join(sentences(replace(STEADY, standing="trial_limits", months=9)))
    assert "trial range: 9 months" in text
    assert "trial range" not in " ".join(sentences(STEADY))


@pytest.mark.parametrize(
    ("assurance", "words"),
    [
        ("consistently_passes", "can be relied on"),
        ("consistently_fails", "cannot be expected"),
        ("hit_and_miss", "met in some months and missed in others"),
    ],
)
def test_the_plan_s_level_is_judged_by_the_usual_range(assurance: str, words: str) -> None:
    said = sentences(replace(STEADY, assurance=assurance, level="75.0%"))
    assert any(words in text and "75.0%" in text for text in said)


def test_after_a_change_the_range_says_nothing_of_the_level() -> None:
    text = " ".join(sentences(replace(BETTER, assurance="consistently_fails", level="75.0%")))
    assert "cannot be expected" not in text
    assert "cannot say yet" in text


def test_after_a_change_the_range_is_not_called_the_usual_one() -> None:
    changed, steady = " ".join(sentences(BETTER)), " ".join(sentences(STEADY))
    assert "this change among them" in changed
    assert "by chance alone" not in changed
    assert "by chance alone" in steady


def test_no_level_means_no_word_about_one() -> None:
    assert "level" not in " ".join(sentences(STEADY))


def test_every_sign_that_is_drawn_has_its_key() -> None:
    assert set(KEY) == {"improvement", "concern", "neither"}
    assert set(SHORT) == set(KEY) | {"common_cause"}


@pytest.mark.parametrize("highest", [3.0, 41.0, 78.0, 100.0])
def test_the_months_of_a_share_have_one_axis_whatever_is_drawn(highest: float) -> None:
    points = pd.DataFrame({"value": [0.0, highest, None], "upper_limit": [120.0, 120.0, None]})
    axis = months_axis(points, 75.0, "percent")
    assert axis is SHARE_AXIS
    assert axis.words("percent") == (
        "The vertical axis runs from 0% to 100%, all that a share can be."
    )


@pytest.mark.parametrize(
    ("unit", "highest", "ends"),
    [("count", 78.0, "from 0 to 80"), ("percent", 130.0, "from 0% to 150%")],
)
def test_other_months_have_the_axis_that_fits_them(unit: str, highest: float, ends: str) -> None:
    points = pd.DataFrame({"value": [5.0, highest], "upper_limit": [None, None]})
    words = months_axis(points, None, unit).words(unit)
    assert words.startswith(f"The vertical axis runs {ends}, chosen for the figures drawn")
