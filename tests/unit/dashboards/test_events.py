"""Events on charts: where they stand, that their words are apart, and how they are told."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.axis import Axis
from dashboards.charts.lines import comparison_lines
from dashboards.charts.moments import place, span
from dashboards.charts.plane import TOP, Mark, mark_all
from dashboards.theme import LIGHT
from dashboards.words import events as words
from dashboards.words.events import Event

AXIS = Axis(0.0, 100.0, 20.0)
TEAM = Event("2025-09", "Extra team", "Extra staff began.", "News release (The council)")
STRATEGY = Event("2019", "SEND strategy", "The council developed a strategy.", "Web page")
UNVEILED = Event("2025-11-20", "Joint strategy", "It was unveiled.", "News release")
EVERY = (STRATEGY, TEAM, UNVEILED)
# As narrow as the plane of a chart is on a phone, and as wide as a character of its marks is.
PHONE, CHARACTER = 150, 6


def lines(periods: list[str], *events: Event) -> Any:
    frame = pd.DataFrame({"line": "Ourshire", "role": "focus", "period": periods, "value": 30.0})
    frame["period_label"] = frame["period"]
    marked = words.marks(events)
    return comparison_lines(frame, AXIS, LIGHT, unit="percent", decimals=1, events=marked)


def januaries(first: int, last: int) -> list[str]:
    return [f"{year}-01" for year in range(first, last + 1)]


@pytest.mark.parametrize(
    ("periods", "event", "expected"),
    [
        (januaries(2015, 2026), TEAM, 2025 + 8 / 12),
        (januaries(2015, 2026), UNVEILED, 2025 + 10 / 12),
        (januaries(2015, 2026), STRATEGY, 2019 + 5.5 / 12),
        ([str(year) for year in range(2015, 2026)], TEAM, 2025 + 2.5 / 12),
        ([str(year) for year in range(2015, 2026)], STRATEGY, 2019.0),
    ],
    ids=["month-stock", "day-stock", "year-stock", "month-flow", "year-flow"],
)
def test_an_event_stands_at_its_time_between_the_years(
    periods: list[str], event: Event, expected: float
) -> None:
    figure = lines(periods, event)
    (line,) = figure.layout.shapes
    assert line.x0 == pytest.approx(expected)
    assert figure.layout.xaxis.range[0] <= line.x0 <= figure.layout.xaxis.range[1]
    assert event.label in [note.text for note in figure.layout.annotations]


def test_an_event_after_the_newest_figure_is_neither_drawn_nor_told() -> None:
    early = januaries(2015, 2025)
    assert not lines(early, TEAM, UNVEILED).layout.shapes
    assert words.within(EVERY, early) == (STRATEGY,)
    assert words.within(EVERY, januaries(2020, 2026)) == (TEAM, UNVEILED)
    assert words.within(EVERY, []) == ()


def test_a_december_of_the_last_year_is_within_the_chart() -> None:
    last = Event("2025-12", "Cleared", "It was cleared.", "News")
    figure = lines([str(year) for year in range(2022, 2026)], last)
    assert figure.layout.shapes[0].x0 <= figure.layout.xaxis.range[1]


@given(
    st.lists(
        st.tuples(st.floats(2015, 2026), st.sampled_from(["Training", "Extra team", "[b] 2023"])),
        min_size=1,
        max_size=3,
        unique_by=lambda moment: moment[0],
    )
)
def test_words_of_three_marks_never_lie_over_each_other(moments: list[tuple[float, str]]) -> None:
    figure = lines(["2015"])
    known = len(figure.layout.annotations)
    ends = (2015.0, 2026.0)
    top = mark_all(figure, [Mark(*moment) for moment in moments], ends, LIGHT)
    pixel = (ends[1] - ends[0]) / PHONE
    drawn = figure.layout.annotations[known:]
    assert len(drawn) == len(moments)
    for one, other in combinations(drawn, 2):
        if one.yshift == other.yshift:
            apart = abs(one.x - other.x) / pixel
            assert apart >= (len(one.text) + len(other.text)) * CHARACTER / 2
    assert top >= TOP + max(note.yshift for note in drawn)


def test_a_chart_without_marks_needs_no_room_for_them() -> None:
    assert mark_all(lines(["2015"]), [], (0.0, 1.0), LIGHT) == TOP


def test_a_period_spans_its_length() -> None:
    assert span(["2025"]) == (2025.0, 2026.0)
    assert span(["2025-01", "2024-03"]) == pytest.approx((2024 + 2 / 12, 2025 + 1 / 12))
    assert place("2026-R12-06") == 2026.0


def test_an_event_is_told_with_its_time_and_its_document() -> None:
    (note,) = words.notes([TEAM])
    assert note == (
        "Marked Extra team, September 2025: Extra staff began. "
        "Stated in: News release (The council)."
    )
    assert words.spoken(EVERY) == [
        "marked 2019: SEND strategy",
        "marked September 2025: extra team",
        "marked 20 November 2025: joint strategy",
    ]


def test_among_days_an_event_without_a_month_has_no_place() -> None:
    assert words.between(EVERY, date(2019, 1, 1), date(2025, 9, 30)) == (TEAM,)
    assert UNVEILED.day == date(2025, 11, 20)
