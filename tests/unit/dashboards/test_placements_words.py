"""Sentences about placements are true for any share, gap, place and scenario."""

from __future__ import annotations

import pytest

from dashboards.words.demand import Told
from dashboards.words.placements import (
    VARIANT_NAMES,
    VARIANTS,
    class_words,
    district_title,
    mix_title,
    month_words,
    needed_words,
    newest_share_words,
    placements_lead,
    places_against_need,
    places_title,
    scenario_title,
    variants_title,
)

SHARE = Told(35.1, 2.3, "January 2026", "January 2025", 1)


def lead(share: Told | None, england: float | None, children: float | None) -> str:
    return " ".join(placements_lead("Ourshire", share, england, children, 1))


def test_a_share_below_england_is_said_in_points_and_children() -> None:
    assert lead(SHARE, 45.5, 1032.0) == (
        "35.1% of Ourshire's plans were in mainstream schools in January 2026: up 2.3 percentage "
        "points since January 2025. England's share was 45.5%, 10.4 percentage points higher: "
        "1,032 more children would have to be in mainstream schools to equal it."
    )


def test_a_falling_share_above_england_asks_for_no_child_more() -> None:
    said = lead(Told(50.0, -1.0, "January 2026", "January 2025", 1), 45.5, -120.0)
    assert "January 2026: down 1.0 percentage point since January 2025." in said
    assert said.endswith("England's share was 45.5%, 4.5 percentage points lower.")
    assert "more child" not in said


def test_a_share_equal_to_englands_is_called_the_same() -> None:
    assert lead(Told(45.5, None, "January 2026", "", 1), 45.5, 3.0).endswith("45.5%, the same.")


def test_a_gap_without_a_figure_in_children_is_said_in_points_alone() -> None:
    assert lead(SHARE, 45.5, None).endswith("45.5%, 10.4 percentage points higher.")


def test_children_that_contradict_the_points_are_left_out() -> None:
    assert "children would" not in lead(SHARE, 45.5, -7.0)


def test_one_child_is_one_child() -> None:
    assert "1 more child would have" in lead(SHARE, 35.2, 1.0)


def test_missing_figures_are_said_to_be_missing() -> None:
    assert lead(None, 45.5, 3.0) == "This release has no mainstream share for Ourshire."
    assert lead(SHARE, None, None).endswith("England has no figure for the same day yet.")


def test_every_definition_has_a_name_and_says_what_it_leaves_out() -> None:
    assert set(VARIANTS) == set(VARIANT_NAMES)
    assert len(VARIANTS) == 3


@pytest.mark.parametrize(
    ("shares", "title"),
    [
        (
            {"a": 35.1, "b": 33.8, "c": 34.9},
            "The three definitions lie 1.3 percentage points apart",
        ),
        ({"a": 35.1, "b": None, "c": 34.1}, "The two definitions lie 1.0 percentage point apart"),
        ({"a": 35.1, "b": 35.1}, "The two definitions give the same share"),
        ({"a": 35.1, "b": None}, "One definition has a figure"),
        ({"a": None}, "No definition has a figure"),
    ],
    ids=["three", "one-missing", "alike", "one", "none"],
)
def test_the_title_of_the_definitions_says_how_far_they_lie_apart(
    shares: dict[str, float | None], title: str
) -> None:
    assert variants_title(shares, 1) == title


def test_the_largest_part_is_named_only_where_there_is_one() -> None:
    shares = {"Mainstream schools": 35.1, "Special schools": 37.8, "Not recorded": None}
    assert mix_title(shares, "plans", "January 2026", 1) == (
        "Largest share of plans: special schools, 37.8%"
    )
    tied = {"Mainstream schools": 40.0, "Special schools": 40.0}
    assert mix_title(tied, "plans", "January 2026", 1) == "Shares of plans, January 2026"
    assert mix_title({"Special schools": None}, "plans", "2025", 1) == "Shares of plans, 2025"


def test_places_are_counted_by_status_and_missing_ones_left_out() -> None:
    assert places_title({"Open": 143.0, "Funded": 48.0, "Planned": 143.0}) == (
        "143 places open, 48 funded, 143 planned"
    )
    assert places_title({"Open": None, "Funded": 1.0, "Planned": None}) == "1 place funded"
    assert places_title({"Open": None}) == "No figure of places"


def test_places_stand_beside_the_plans_expected_and_are_not_taken_from_them() -> None:
    said = places_against_need(191.0, 9979.0, "January 2027", "11,228, between 10,815 and 12,352")
    assert said.startswith("Funded or planned and not yet open: 191 places. Plans stood at 9,979;")
    assert "neither is to be taken from the other" in said


@pytest.mark.parametrize(
    ("coming", "now", "plans"),
    [(None, 1.0, "2"), (1.0, None, "2"), (1.0, 1.0, "")],
    ids=["no-places", "no-plans", "no-forecast"],
)
def test_places_are_not_held_against_what_is_not_known(
    coming: float | None, now: float | None, plans: str
) -> None:
    assert places_against_need(coming, now, "January 2027", plans) == ""


def test_months_are_in_words_and_a_place_without_a_day_has_none() -> None:
    assert month_words("2026-09") == "September 2026"
    assert month_words(None) == "No date"


def test_the_title_of_the_map_gives_the_span_of_what_can_be_told() -> None:
    assert district_title("Mainstream share", [34.0, 37.3], "percent", 1) == (
        "Mainstream share by district: 34.0% to 37.3%"
    )
    assert district_title("Plans", [34.0], "count", 0) == "Plans by district: 34"
    assert district_title("Plans", [], "count", 0) == "No district's figure can be shown"
    long = district_title("One two three four five six seven", [1.0, 2.0], "count", 0)
    assert long == "By district: 1 to 2"


def test_shades_are_explained_and_one_shade_needs_no_word() -> None:
    assert class_words((31.0, 33.1), "percent", 1) == (
        "Shades from light to dark: under 31.0%; 31.0% to under 33.1%; 33.1% or more; the same in "
        "every year."
    )
    assert class_words((), "percent", 1) == ""


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (8.468, "Together the actions add 8.5 percentage points by January 2029"),
        (-1.0, "Together the actions remove 1.0 percentage point by January 2029"),
        (0.04, "Together the actions change nothing by January 2029"),
        (None, "The scenario could not be worked out"),
    ],
    ids=["adds", "removes", "nothing", "none"],
)
def test_the_title_of_a_scenario_says_what_its_actions_do(change: float | None, title: str) -> None:
    assert scenario_title(change, "January 2029", 1) == title
    assert len(title.split()) <= 10


def test_what_it_would_take_is_said_by_year_or_said_to_be_out_of_reach() -> None:
    start, by_year = needed_words(
        [
            ("January 2027", None, "Even with every new plan there, the share reaches 40.4%."),
            ("January 2028", 74.4, ""),
            ("January 2029", None, ""),
        ],
        "45.5%",
        "January 2026",
    )
    assert "England's 45.5% (January 2026)" in start
    assert by_year == [
        "by January 2027: out of reach. Even with every new plan there, the share reaches 40.4%",
        "by January 2028: 74% of new plans",
    ]


def test_the_needed_share_is_held_against_the_newest_one_where_it_is_known() -> None:
    said = newest_share_words(Told(73.8, 1.0, "2025", "2024", 1))
    assert said.startswith("It was 73.8% in 2025.")
    assert newest_share_words(None) == ""


def test_a_protected_share_is_whole_and_so_is_what_is_taken_from_it() -> None:
    said = lead(Told(35.0, 2.0, "January 2026", "January 2025"), 45.6, None)
    assert said.startswith("35% of Ourshire's plans")
    assert "up 2 percentage points since January 2025." in said
    assert said.endswith("45.6%, 11 percentage points higher.")
    assert lead(Told(45.0, None, "January 2026", ""), 45.4, None).endswith("about the same.")


def test_a_gap_in_children_from_rounded_figures_is_about_so_many() -> None:
    own = Told(35.0, 2.0, "January 2026", "January 2025")
    said = " ".join(placements_lead("Ourshire", own, 45.5, 1035.0, 1, is_about=True))
    assert "about 1,035 more children would have to be in mainstream schools" in said
    above = " ".join(placements_lead("Ourshire", own, 45.5, -5.0, 1, is_about=True))
    assert "about" not in above
