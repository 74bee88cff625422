"""The chart that looks ahead: every figure, range and promise is where it belongs."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.axis import Axis
from dashboards.charts.moments import place
from dashboards.charts.outlook import FORECAST, MILESTONES, outlook
from dashboards.theme import DARK, LIGHT, Palette
from dashboards.words import outlook as words
from dashboards.words.titles import MOST_WORDS

AXIS = Axis(0, 100, 20)
HISTORY = pd.DataFrame(
    [
        ("2022", "2022", 37.0),
        ("2023", "2023", 28.0),
        ("2024", "2024", 35.0),
        ("2025", "2025", 22.8),
    ],
    columns=["period", "period_label", "value"],
)
FUTURE = pd.DataFrame(
    [("2025", 22.8, 22.8, 22.8), ("2026-R12-12", 10.2, 19.7, 27.9)], columns=list(FORECAST)
)
PROMISED = pd.DataFrame(
    [
        ("2025", 40.0, "missed", "a", "", math.nan),
        ("2026", 75.0, "at_risk", "b", "2025", 60.0),
        ("2029", 95.0, "not_yet_due", "c", "", math.nan),
    ],
    columns=list(MILESTONES),
)


def drawn(
    history: pd.DataFrame = HISTORY,
    forecast: pd.DataFrame = FUTURE,
    milestones: pd.DataFrame = PROMISED,
    palette: Palette = LIGHT,
    events: Any = (),
) -> go.Figure:
    return outlook(
        history,
        forecast,
        milestones,
        palette,
        unit="percent",
        decimals=1,
        axis=AXIS,
        events=events,
    )


def trace(figure: go.Figure, name: str) -> Any:
    found = [item for item in figure.data if item.name == name]
    assert found, f"nothing is called {name}: {[item.name for item in figure.data]}"
    return found[0]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2025", 2025.5),
        ("2025-01", 2025 + 0.5 / 12),
        ("2025-12", 2025 + 11.5 / 12),
        ("2026-R12-12", 2026.5),
        ("2026-R12-06", 2026.0),
    ],
)
def test_a_period_stands_in_its_middle(period: str, expected: float) -> None:
    assert place(period) == pytest.approx(expected)


def test_the_line_holds_the_figures_and_the_band_the_range() -> None:
    figure = drawn()
    assert list(trace(figure, "figures").y) == [37.0, 28.0, 35.0, 22.8]
    assert list(trace(figure, "forecast").y) == [22.8, 19.7]
    assert sorted(trace(figure, "range").y) == sorted([22.8, 27.9, 22.8, 10.2])
    labels = " ".join(note.text for note in figure.layout.annotations)
    assert "22.8%" in labels
    assert "10.2% to 27.9%" in labels


def test_a_missing_year_parts_the_line() -> None:
    figure = drawn(history=HISTORY[HISTORY["period"] != "2023"])
    points = list(trace(figure, "figures").y)
    assert points == [37.0, None, 35.0, 22.8]
    assert trace(figure, "figures").connectgaps is False


def test_every_promise_has_the_marker_of_its_status_and_its_level_in_figures() -> None:
    promised = trace(drawn(), "milestones")
    assert list(promised.marker.symbol) == ["x-thin", "triangle-up", "circle-open"]
    assert list(promised.text) == ["40%", "75%", "95%"]
    assert list(promised.x) == [2025.5, 2026.5, 2029.5]
    assert promised.textposition[2] == "bottom center"


def test_a_moved_promise_shows_where_it_stood_first() -> None:
    figure = drawn()
    first = trace(figure, "first promised")
    assert list(first.x) == [2025.5, 2026.5]
    assert list(first.y) == [60.0, 75.0]
    assert sum(item.name == "first promised" for item in figure.data) == 1


def test_a_promise_without_a_level_is_not_drawn() -> None:
    unknown = PROMISED.assign(value=math.nan)
    assert not [item for item in drawn(milestones=unknown).data if item.name == "milestones"]


def test_a_break_stands_before_its_period_and_any_other_event_in_it() -> None:
    figure = drawn(events=(("2024", "[b] 2024"), ("2025", "Baseline"), ("1999", "out of sight")))
    lines = [shape.x0 for shape in figure.layout.shapes]
    assert lines == [2024.0, 2025.5]
    told = [note.text for note in figure.layout.annotations]
    assert "[b] 2024" in told
    assert "out of sight" not in told


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_an_empty_outlook_is_still_a_chart(palette: Palette) -> None:
    nothing = drawn(HISTORY.iloc[:0], FUTURE.iloc[:0], PROMISED.iloc[:0], palette)
    assert list(nothing.layout.yaxis.range) == [0, 100]
    assert [len(item.x or ()) for item in nothing.data] == [0]


months = st.integers(0, 60).map(lambda at: f"{2020 + at // 12}-{at % 12 + 1:02d}")


@given(st.lists(months, min_size=1, max_size=12, unique=True))
def test_no_figure_is_lost_whatever_is_missing(periods: list[str]) -> None:
    ordered = sorted(periods)
    history = pd.DataFrame(
        {
            "period": ordered,
            "period_label": ordered,
            "value": [float(at) for at in range(len(ordered))],
        }
    )
    points = trace(drawn(history, FUTURE.iloc[:0], PROMISED.iloc[:0]), "figures")
    assert [value for value in points.y if value is not None] == list(history["value"])
    assert list(points.x) == sorted(points.x)


def promised(status: str, year: int) -> dict[str, Any]:
    return {"plan_status": status, "current_due_date": f"{year}-12-31"}


@pytest.mark.parametrize(
    ("rows", "ends", "expected"),
    [
        (
            [promised("missed", 2025), promised("at_risk", 2026)],
            [],
            "In time: milestone of 2026 at risk",
        ),
        (
            [promised("met", 2024), promised("missed", 2025)],
            [],
            "In time: milestone of 2025 missed",
        ),
        ([], ["2029-01", 35.6, 42.9], "In time: 35.6% to 42.9% likely by 2029"),
        ([], [], "In time"),
    ],
    ids=["next", "last", "range", "figures only"],
)
def test_the_title_says_the_next_milestone_then_the_range(
    rows: list[dict[str, Any]], ends: list[Any], expected: str
) -> None:
    assert words.title("In time", "percent", 1, rows, ends) == expected


@given(st.text(alphabet="ab ", max_size=80), st.sampled_from(["met", "missed", "not_yet_due"]))
def test_a_title_has_ten_words_at_most(subject: str, status: str) -> None:
    said = words.title(subject, "percent", 1, [promised(status, 2026)], [])
    assert len(said.split()) <= MOST_WORDS


def test_the_legend_explains_what_is_drawn_and_nothing_else() -> None:
    said = words.legend(["met", "at_risk"], is_moved=True)
    assert "met" in said
    assert "at risk" in said
    assert "missed" not in said
    assert "hollow square" in said
    assert words.legend([], is_moved=False) == ""


def test_a_range_comes_with_what_it_does_not_claim_and_no_forecast_with_the_reason() -> None:
    assert "it is not a promise" in words.forecast_note("The rule that missed least.", "")
    assert words.forecast_note("", "Fewer than 4 years are held.") == (
        "No forecast is drawn. Fewer than 4 years are held."
    )
    assert words.forecast_note(None, None) == "No forecast is drawn."
    assert "The extra team stays" in words.queue_note(
        "backlog", "The extra team stays", "Oldest first."
    )


def test_the_words_of_a_level_stand_below_it_where_a_figure_lies_just_above() -> None:
    near = PROMISED.assign(value=[21.0, 75.0, 99.0])
    (trace,) = [trace for trace in drawn(milestones=near).data if trace.name == "milestones"]
    assert list(trace.textposition) == ["bottom center", "top center", "bottom center"]
    (trace,) = [trace for trace in drawn().data if trace.name == "milestones"]
    assert trace.textposition[0] == "top center", "40% stands clear of the figure of 22.8%"
