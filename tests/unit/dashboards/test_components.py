"""Cards, tables, states and links: what they say, and that nothing from data can become markup."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboards.components import html, states, view_state
from dashboards.components.cards import Card, cards_html, change_line, comparison_line
from dashboards.latest import Latest
from dashboards.measure import Measure
from dashboards.theme import LIGHT

MEASURE = Measure(
    "mainstream_share",
    "Share <in> mainstream",
    "Mainstream",
    "percent",
    1,
    "high_is_good",
    "stock",
    "placement",
    "d",
    "n",
    "d",
    "s",
    "",
    "",
    "June 2027",
    "All",
)
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
)


def card(latest: Latest | None = LATEST, measure: Measure = MEASURE, **changed: object) -> Card:
    base: dict[str, object] = {
        "values": [32.8, 35.1],
        "breaks": [],
        "first_label": "January 2025",
        "england": 45.5,
        "neighbours": 44.0,
        "neighbour_words": " (mean of 10)",
    }
    return Card(measure=measure, area_code="E10000028", latest=latest, **(base | changed))  # type: ignore[arg-type]


def test_a_card_says_value_parts_period_change_and_comparison() -> None:
    text = cards_html([card()], LIGHT)
    for part in (
        "35.1%",
        "3,505 of 9,979, January 2026",
        "Up 2.3 percentage points since January 2025 (higher is better)",
        "England 45.5%; neighbours 44.0% (mean of 10)",
        'alt="From 32.8% in January 2025 to 35.1% in January 2026"',
        "compare?measure=mainstream_share&amp;area=E10000028",
    ):
        assert part in text, part
    assert "<in>" not in text


def test_a_card_carries_the_note_without_which_its_figure_misleads() -> None:
    noted = Measure(**(MEASURE.__dict__ | {"reading_note": "The other {rest} were late."}))
    assert "<p>The other 6,474 were late.</p>" in cards_html([card(measure=noted)], LIGHT)


def test_a_card_without_a_figure_says_why() -> None:
    assert "No figure in this release" in cards_html([card(None, values=[])], LIGHT)
    hidden = Latest(**(LATEST.__dict__ | {"value": None, "pending": ("January 2026", "x")}))
    assert "[x] not available" in cards_html([card(hidden, values=[])], LIGHT)


def test_a_break_is_named_in_place_of_a_change() -> None:
    broken = Latest(**(LATEST.__dict__ | {"is_break": True, "change": None}))
    assert "the series changes its meaning [b]" in change_line(card(broken))


def test_a_count_is_not_held_against_another_size() -> None:
    count = Measure(**(MEASURE.__dict__ | {"unit": "count", "decimals": 0}))
    assert "not held against" in comparison_line(card(measure=count))


def test_no_comparator_is_said() -> None:
    assert comparison_line(card(england=None, neighbours=None)) == (
        "No comparison published for this period yet"
    )


def test_a_table_escapes_its_cells_and_heads_rows_and_columns() -> None:
    frame = pd.DataFrame({"Area": ["<script>x</script>"], "Value": [None]})
    text = html.table(frame, 'A "caption" & more', ("Value",))
    assert "<script>" not in text
    assert '<th scope="row">&lt;script&gt;' in text
    assert '<td class="sm-number"></td>' in text
    assert 'aria-label="A &quot;caption&quot; &amp; more"' in text


def test_paragraphs_leave_out_what_is_empty() -> None:
    assert html.paragraphs("a<b", "", css="note") == '<p class="note">a&lt;b</p>'


@pytest.mark.parametrize(
    ("updates", "today", "expected"),
    [
        (["June 2026"], date(2026, 7, 1), ["June 2026"]),
        (["June 2026"], date(2026, 6, 30), []),
        (["June 2027", "May 2026", "June 2026"], date(2026, 11, 22), ["May 2026", "June 2026"]),
        (["not announced", ""], date(2030, 1, 1), []),
    ],
)
def test_an_update_is_overdue_once_its_month_is_over(
    updates: list[str], today: date, expected: list[str]
) -> None:
    assert states.overdue_updates(updates, today) == expected


def test_symbols_are_explained_once_each() -> None:
    line = states.symbols_line(["x", "x", "c", "unheard-of"])
    assert line.count("[x]") == 1
    assert "[c] confidential" in line
    assert "unheard-of" not in line


def test_a_wrong_or_old_link_falls_back() -> None:
    assert view_state.one_of("gone", ["a", "b"], "a") == "a"
    assert view_state.one_of(None, ["a", "b"], "b") == "b"
    assert view_state.several_of("b,zz,a,b", ["a", "b"], 5) == ["b", "a"]
    assert view_state.several_of("a,b,c", ["a", "b", "c"], 2) == ["a", "b"]
    assert view_state.several_of("none", ["a"], 5) == []
