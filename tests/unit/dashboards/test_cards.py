"""The cards of the first page: every word follows from the figures, and none becomes markup."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboards.components.cards import cards_html
from dashboards.latest import Latest
from dashboards.overview import Card, CardMilestone
from dashboards.theme import LIGHT
from dashboards.words import card as words
from tests.unit.dashboards.measures import measure

MEASURE = measure(title="Share <in> mainstream")
LATEST = Latest(
    period="2026-01",
    period_label="January 2026",
    value=35.1,
    numerator=3505,
    denominator=9979,
    change=2.3,
    since="January 2025",
    is_break=False,
    is_revised=False,
    pending=("", ""),
    decimals=1,
)
CARD = Card(
    kpi="mainstream_share",
    title="Share <in> mainstream",
    unit="percent",
    decimals=1,
    area_code="E10000028",
    value=35.1,
    value_text="35.1%",
    missing="",
    period="3,505 of 9,979, January 2026",
    change="Up 2.3 percentage points since January 2025 (higher is better)",
    comparison="England 45.5%",
    pending="",
    note="The other 6,474 were late.",
    values=(32.8, 35.1),
    breaks=(),
    picture="From 32.8% in January 2025 to 35.1% in January 2026",
    milestone=CardMilestone("at_risk", "At risk", "x", "At least 40% by 31 January 2027", "2%"),
    no_milestone="",
    sign="Too early to tell: 4 years are held, and it takes 8",
)


def sign(**changed: Any) -> dict[str, Any]:
    row = {
        "period_kind": "month",
        "latest_period": "2026-01",
        "stretch_point_count": 37,
        "spc_standing": "limits",
        "variation": "common_cause",
        "opened_by": None,
    }
    return row | changed


def test_a_card_shows_every_part_and_no_text_becomes_markup() -> None:
    text = cards_html([CARD], LIGHT)
    for part in (
        "35.1%",
        "3,505 of 9,979, January 2026",
        "Up 2.3 percentage points since January 2025 (higher is better)",
        "England 45.5%",
        "<p>The other 6,474 were late.</p>",
        'alt="From 32.8% in January 2025 to 35.1% in January 2026"',
        "compare?measure=mainstream_share&amp;area=E10000028",
        "sm-status-at_risk",
        "At risk</strong>",
        "At least 40% by 31 January 2027",
        "Too early to tell: 4 years are held, and it takes 8",
    ):
        assert part in text, part
    assert "<in>" not in text


def test_a_card_without_a_figure_says_why_and_nothing_else_of_it() -> None:
    text = cards_html([replace(CARD, missing="No figure in this release", picture="")], LIGHT)
    assert "No figure in this release" in text
    assert "35.1%" not in text
    assert "<img" not in text


@pytest.mark.parametrize(
    ("milestone", "said", "expected"),
    [
        (None, "The delivery plan has none for this measure", True),
        (None, "", False),
    ],
    ids=["plan without one", "no plan"],
)
def test_a_card_says_that_the_plan_has_no_milestone_only_where_there_is_a_plan(
    milestone: CardMilestone | None, said: str, expected: bool
) -> None:
    text = cards_html([replace(CARD, milestone=milestone, no_milestone=said)], LIGHT)
    assert ("<dt>Milestone</dt>" in text) is expected


def test_a_missing_figure_is_explained() -> None:
    assert words.missing_line(None) == "No figure in this release"
    hidden = replace(LATEST, value=None, pending=("January 2026", "x"))
    assert words.missing_line(hidden).startswith("January 2026: [x] not available")
    assert words.value_line(hidden, MEASURE) == ""
    assert words.period_line(hidden) == ""
    assert words.missing_line(LATEST) == ""


def test_a_revised_figure_is_marked_and_a_newer_symbol_is_told() -> None:
    assert words.period_line(replace(LATEST, is_revised=True)).endswith("January 2026 [r]")
    assert words.pending_line(replace(LATEST, pending=("January 2027", "c"))) == "January 2027: [c]"
    assert words.pending_line(LATEST) == ""


def test_a_break_is_named_in_place_of_a_change() -> None:
    broken = replace(LATEST, is_break=True, change=None)
    assert "the series changes its meaning [b]" in words.change_line(broken, MEASURE)


@pytest.mark.parametrize(
    ("polarity", "change", "expected"),
    [
        ("high_is_good", 2.3, "Up 2.3 percentage points since January 2025 (higher is better)"),
        ("low_is_good", -2.3, "Down 2.3 percentage points since January 2025 (lower is better)"),
        ("none", 2.3, "Up 2.3 percentage points since January 2025"),
        ("high_is_good", None, "No figure for January 2025 to compare with"),
    ],
)
def test_a_change_says_which_way_is_better_where_one_is(
    polarity: str, change: float | None, expected: str
) -> None:
    measure = replace(MEASURE, polarity=polarity)
    assert words.change_line(replace(LATEST, change=change), measure) == expected


def test_a_count_is_not_held_against_another_size() -> None:
    count = replace(MEASURE, unit="count", decimals=0)
    assert "areas differ in size" in words.comparison_line(count, 1.0, 2.0, "")


def test_no_comparator_is_said_and_known_ones_are_named() -> None:
    said = words.comparison_line(MEASURE, None, None, "")
    assert said == "No comparison published for this period yet"
    said = words.comparison_line(MEASURE, 45.5, 44.0, " (mean of 10)")
    assert said == "England 45.5%; neighbours 44.0% (mean of 10)"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (sign(), "By month, January 2026 is within the usual range (37 months)"),
        (sign(variation="concern"), "By month, January 2026 is worse, beyond chance (37 months)"),
        (
            sign(variation="improvement"),
            "By month, January 2026 is better, beyond chance (37 months)",
        ),
        (
            sign(spc_standing="trial_limits", stretch_point_count=9, variation="neither"),
            "By month, January 2026 differs, beyond chance (9 months, trial limits)",
        ),
        (
            sign(spc_standing="too_few_points", period_kind="flow", stretch_point_count=3),
            "Too early to tell: 3 years are held, and it takes 8",
        ),
        (
            sign(
                spc_standing="too_few_points",
                period_kind="stock",
                stretch_point_count=1,
                opened_by="break",
            ),
            "Too early to tell: 1 year is held since the figures changed their meaning, and it "
            "takes 8",
        ),
        (sign(spc_standing="no_variation"), "Cannot be told: the figure never changes"),
        (sign(spc_standing="missing_periods"), "Cannot be told: a period is missing"),
        (None, "Not looked at: the release has no series of this measure"),
    ],
)
def test_the_sign_is_said_in_words_or_why_there_is_none(
    row: dict[str, Any] | None, expected: str
) -> None:
    assert words.sign_line(row) == expected


def test_the_small_line_is_told_in_words() -> None:
    told = words.picture_words(
        [None, 32.8, None, 35.1],
        MEASURE,
        "January 2024",
        "January 2026",
        decimals=1,
        is_parted=True,
    )
    assert told == (
        "From 32.8% in January 2024 to 35.1% in January 2026; "
        "the line is parted where the series changes its meaning"
    )
    assert words.picture_words([None], MEASURE, "a", "b", decimals=1, is_parted=False) == ""
