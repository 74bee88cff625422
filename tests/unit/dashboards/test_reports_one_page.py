"""The one-page report prints what it is given on one tagged page, whatever that is."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest

from dashboards.charts.sparkline import sparkline
from dashboards.reports.one_page import printed
from dashboards.theme import LIGHT
from pipelines.errors import FailedCheckError

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def card(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Plans issued within 20 weeks",
        "value_text": "22.8%",
        "missing": "",
        "period": "302 of 1,322, 2025",
        "change": "Down 12.5 percentage points since 2024 (higher is better)",
        "comparison": "England 45.5%",
        "pending": "",
        "note": "",
        "svg": sparkline([1.0, None, 3.0, 2.0], LIGHT, (2,)),
        "picture": "From 1% in 2022 to 2% in 2025",
        "milestone": None,
        "no_milestone": "The delivery plan has none for this measure",
        "sign": "Cannot be told: 4 years, 8 are needed",
    } | changed


def said(*cards: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "title": "A council: the position",
        "author": "A council",
        "description": "What it is.",
        "sample": "",
        "lead": ["A first sentence.", "A second sentence."],
        "cards": list(cards),
        "missing": "",
        "symbols": "",
        "reading": [],
        "changed": "Nothing.",
        "changes": [],
        "parts": [],
        "statements": "",
        "counts": "",
        "not_said": ["What this page cannot say", "Much."],
        "foot": ["Release 1."],
        "sizes": [11.0, 9.0, 7.0],
    } | changed


def text_of(content: bytes) -> str:
    (page,) = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(page.extract_text().split())


def test_the_words_stand_in_the_order_in_which_they_are_read() -> None:
    text = text_of(printed(said(card(), card(title="Plans maintained")), MOMENT))
    order = [
        *("A council: the position", "A first sentence.", "Plans issued within 20 weeks", "22.8%"),
        *("302 of 1,322, 2025", "England 45.5%", "Plans maintained", "What changed", "Release 1."),
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


MET = {
    "shape": "\u25cf",
    "word": "Met",
    "text": "At least 40% by 2025",
    "chance": "",
    "reached": "Half reach it by May.",
}


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (said(lead=[]), "A council: the position"),
        (said(card(missing="2025: [x] not available", svg="")), "2025: [x] not available"),
        (said(card(svg="", period="")), "22.8%"),
        (said(card(milestone=MET)), "Milestone: At least 40% by 2025. \u25cf Met."),
        (said(card(milestone=MET)), "Half reach it by May."),
        (said(card(pending="2026: [c]")), "2026: [c]"),
        (said(card(), reading=["Parts are rounded."]), "Parts are rounded."),
        (said(changes=["Plans rose.", "Plans fell."]), "Plans fell."),
        (said(statements="2 of 5 confirmed", counts="Confirmed 2."), "Confirmed 2."),
        (said(sample="None of it is real."), "None of it is real."),
        (said(card(title="#let x = 1 *bold* $a$ <b> @c")), "#let x = 1 *bold* $a$ <b> @c"),
    ],
    ids=[
        *("no-lead", "no-figure", "no-line", "milestone", "when-reached"),
        *("pending", "how-to-read", "changes", "statements"),
        *("sample", "marks-of-the-template"),
    ],
)
def test_each_part_is_printed_where_it_is_given(content: dict[str, Any], shown: str) -> None:
    assert shown in text_of(printed(content, MOMENT))


def test_the_type_becomes_smaller_before_the_page_is_refused() -> None:
    few, many = printed(said(card()), MOMENT), printed(said(*[card()] * 14), MOMENT)
    assert text_of(many).count("22.8%") == 14
    assert heights(few) > heights(many) >= 7


def test_what_changed_in_the_plan_is_counted_where_the_sheet_has_no_room_to_name_it() -> None:
    def part(times: int) -> dict[str, Any]:
        lines = [f"Milestone {number} was moved. " * times for number in range(3)]
        return {"summary": "Of three, all were moved.", "lines": lines, "more": "And 1 more."}

    few, many = (text_of(printed(said(card(), parts=[part(times)]), MOMENT)) for times in (1, 200))
    assert "Milestone 2 was moved." in few
    assert "And 1 more." in few
    assert "More is on the page Overview." not in few
    assert "Of three, all were moved. More is on the page Overview." in many
    assert "Milestone 2 was moved." not in many


def heights(content: bytes) -> float:
    """The size in which most of the page is set."""
    sizes: dict[float, int] = {}

    def seen(text: str, _: Any, matrix: Any, __: Any, size: float) -> None:
        height = round(abs(matrix[3]) * size, 1)
        sizes[height] = sizes.get(height, 0) + len(text.strip())

    pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=seen)
    return max(sizes, key=sizes.__getitem__)


def test_what_fits_on_no_page_is_refused_with_a_remedy() -> None:
    with pytest.raises(FailedCheckError, match="does not fit on one page") as refused:
        printed(said(*[card(note="A long remark. " * 30)] * 12), MOMENT)
    assert "overview_measures" in refused.value.remedy


def test_a_card_of_another_council_has_no_line_on_milestones() -> None:
    printed_text = text_of(printed(said(card(no_milestone="")), MOMENT))
    assert "Plans issued within 20 weeks" in printed_text
    assert "Milestone" not in printed_text
