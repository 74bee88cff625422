"""Sentences about demand are true for rising, falling, flat, missing and contradictory figures."""

from __future__ import annotations

import pytest

from dashboards.words.demand import (
    Told,
    change_text,
    demand_lead,
    hidden_words,
    kept_back,
    no_forecast,
    parts_title,
    record_sentence,
    without,
)


def told(value: float | None, change: float | None, year: str = "2025") -> Told:
    return Told(value, change, year, str(int(year) - 1))


PLANS = Told(9979.0, 1518.0, "January 2026", "January 2025")


def test_rising_demand_is_said_with_its_rate_and_its_balance() -> None:
    assert demand_lead("Ourshire", PLANS, 17.94, told(2427, 167), told(1678, 9), told(520, 1)) == [
        "Ourshire maintained 9,979 plans in January 2026, "
        "1,518 more than in January 2025 (+17.9%).",
        "It received 2,427 requests for an assessment in 2025, 167 more than in 2024.",
        "1,678 plans started in 2025 and 520 ended: more started than ended.",
        "These counts do not add up to the change in plans. The difference is 360: plans that came "
        "from other authorities, for one, are in none of them.",
    ]


def test_plans_that_came_from_elsewhere_make_the_counts_add_up() -> None:
    flows = (told(2427, 167), told(1678, 9), told(520, 1), told(360, 40))
    said = demand_lead("Ourshire", PLANS, 17.94, *flows)
    assert said[2:] == [
        "1,678 plans started in 2025 and 520 ended: more started than ended.",
        "Another 360 came from other authorities.",
    ]


@pytest.mark.parametrize(
    ("moved_in", "expected"),
    [
        pytest.param(
            None,
            "These counts do not add up to the change in plans. The difference is 360: plans that "
            "came from other authorities, for one, are in none of them.",
            id="moves-not-known",
        ),
        pytest.param(
            told(300, None),
            "These counts do not add up to the change in plans. The difference is 60.",
            id="moves-do-not-explain-it",
        ),
        pytest.param(
            told(400, None),
            "These counts do not add up to the change in plans. The difference is 40.",
            id="moves-are-more",
        ),
    ],
)
def test_what_no_count_explains_is_said(moved_in: Told | None, expected: str) -> None:
    said = demand_lead("Ourshire", PLANS, None, None, told(1678, 9), told(520, 1), moved_in)
    assert said[-1] == expected


@pytest.mark.parametrize(
    ("started", "ended", "moved_in"),
    [
        pytest.param(told(1678, 9, "2024"), told(520, 1, "2024"), None, id="another-year"),
        pytest.param(told(1678, 9), None, told(360, 1), id="no-count-of-plans-that-ended"),
        pytest.param(told(1678, 9), told(520, 1), told(360, 1, "2024"), id="moves-of-another-year"),
    ],
)
def test_counts_of_other_years_are_not_added_to_the_change(
    started: Told, ended: Told | None, moved_in: Told | None
) -> None:
    said = demand_lead("Ourshire", PLANS, None, None, started, ended, moved_in)
    assert not any("add up" in text for text in said)
    if moved_in and moved_in.period_label == "2024":
        assert said[-1] == "360 plans came from other authorities in 2024."


def test_falling_demand_is_said_as_a_fall() -> None:
    plans = Told(900.0, -100.0, "January 2026", "January 2025")
    said = demand_lead("Ourshire", plans, -10.0, told(80, -1), told(40, None), told(90, None))
    assert "100 fewer than in January 2025 (-10.0%)" in said[0]
    assert said[1].endswith("1 fewer than in 2024.")
    assert said[2].endswith("more ended than started.")


def test_demand_that_does_not_move_has_no_rate() -> None:
    plans = Told(900.0, 0.0, "January 2026", "January 2025")
    said = demand_lead("Ourshire", plans, 0.0, told(80, 0), told(40, None), told(40, None))
    assert said[0] == ("Ourshire maintained 900 plans in January 2026, as many as in January 2025.")
    assert said[1].endswith("as many as in 2024.")
    assert said[2].endswith("as many started as ended.")


def test_a_rate_that_contradicts_no_change_is_left_out() -> None:
    plans = Told(900.0, None, "January 2026", "January 2025")
    assert demand_lead("Ourshire", plans, 17.9, None, None, None) == [
        "Ourshire maintained 900 plans in January 2026."
    ]


def test_plans_that_started_and_ended_in_other_years_are_not_held_against_each_other() -> None:
    said = demand_lead("Ourshire", None, None, None, told(40, None), told(90, None, "2024"))
    assert said == ["40 plans started in 2025; 90 ended in 2024."]


@pytest.mark.parametrize(
    ("started", "ended", "expected"),
    [
        (told(1, None), None, "1 plan started in 2025."),
        (None, told(1, None), "1 plan ended in 2025."),
        (told(None, None), told(3, None), "3 plans ended in 2025."),
        (told(3, None), told(None, None), "3 plans started in 2025."),
    ],
    ids=["only-started", "only-ended", "started-hidden", "ended-hidden"],
)
def test_one_of_two_counts_is_said_alone(
    started: Told | None, ended: Told | None, expected: str
) -> None:
    assert demand_lead("Ourshire", None, None, None, started, ended) == [expected]


def test_without_any_count_the_one_sentence_says_so() -> None:
    assert demand_lead("Ourshire", None, 3.0, None, None, None) == [
        "This release has no count of plans or requests for Ourshire."
    ]


def test_a_change_that_is_not_known_is_not_said() -> None:
    assert change_text(told(5, None)) == ""


def test_a_track_record_says_how_far_the_rule_missed_and_against_what() -> None:
    assert record_sentence("the model", "one year", "4.3%", 147, 0.43) == (
        "The forecast comes from a model of how all authorities' figures moved in past years. "
        "Tried on 147 authorities' past, it missed by 4.3% on average one year ahead: 43% of what "
        "a forecast of no change missed by."
    )


def test_a_rule_of_no_change_is_not_held_against_itself() -> None:
    said = record_sentence("same as last year", "one year", "2.2 points", 1, 1.0)
    assert "the council's own past" in said
    assert said.endswith("on average one year ahead.")


def test_a_rule_that_did_worse_than_no_change_says_so() -> None:
    assert "125% of what" in record_sentence("own last growth", "one year", "9%", 10, 1.25)


def test_the_title_of_parts_names_the_one_largest() -> None:
    title = parts_title("Plans", "Need", ["Autistic spectrum disorder"], "2,345", "January 2026")
    assert title == "Largest group: Autistic spectrum disorder, 2,345"


@pytest.mark.parametrize(
    "top",
    [["Male", "Female"], [], ["A very long name of a group that no title of ten words can hold"]],
    ids=["tied", "none", "too-long"],
)
def test_the_title_of_parts_is_neutral_without_one_largest_that_fits(top: list[str]) -> None:
    assert parts_title("Plans", "Need", top, "5", "2025") == "Plans by need, 2025"


def test_hidden_groups_are_counted_and_never_called_nought() -> None:
    said = hidden_words(15, 19)
    assert said.startswith("Hidden [c]: 15 of 19 groups.")
    assert "small or nought" in said
    assert hidden_words(0, 19) == ""


def test_a_rate_that_officers_have_is_not_said_to_be_missing() -> None:
    assert kept_back(["growth in plans over a year"]) == (
        "Growth in plans over a year, from the council's own returns, is for its officers."
    )
    assert kept_back(["a", "b"]).endswith("are for its officers.")
    assert kept_back([]) == without("Ourshire", []) == ""
    assert without("Ourshire", ["a", "b"]) == (
        "This release has no figure for Ourshire of a and b."
    )


def test_a_forecast_from_the_councils_returns_is_said_to_be_for_its_officers() -> None:
    told, kept = (
        no_forecast("plans", "Ourshire", "There is no figure.", is_kept_back=is_kept_back)
        for is_kept_back in (False, True)
    )
    assert told == "No forecast of plans for Ourshire. There is no figure."
    assert "for its officers" in kept
    assert "There is no figure" not in kept
