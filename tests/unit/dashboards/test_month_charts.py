"""Charts over months and weeks hold the numbers they were given, and mark what they must."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from dashboards.charts.axis import Axis
from dashboards.charts.fan import fan
from dashboards.charts.months import SIGNS, control_chart
from dashboards.charts.plane import few
from dashboards.charts.stages import PARTS, fill, stage_bars
from dashboards.theme import DARK, LIGHT, Palette
from tests.unit.dashboards.colours import contrast

MODES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
AXIS = Axis(0.0, 100.0, 20.0)
NONE = float("nan")


def months(count: int = 15, **changed: object) -> pd.DataFrame:
    periods = [f"{2024 + place // 12}-{place % 12 + 1:02d}" for place in range(count)]
    frame = pd.DataFrame(
        {
            "period": periods,
            "period_label": periods,
            "value": [30.0 + place for place in range(count)],
            "centre_line": 35.0,
            "lower_limit": -4.0,
            "upper_limit": 120.0,
            "sign": "",
            "opened_by": None,
        }
    )
    return frame.assign(**changed)


def drawn(frame: pd.DataFrame, palette: Palette = LIGHT, **options: object):
    usual: dict[str, object] = {"unit": "percent", "decimals": 1, "axis": AXIS}
    return control_chart(frame, palette, **(usual | options))  # type: ignore[arg-type]


def trace(figure, name: str):
    (found,) = [item for item in figure.data if item.name == name]
    return found


def test_the_line_holds_every_month() -> None:
    frame = months()
    line = trace(drawn(frame), "Each month")
    assert list(line.y) == list(frame["value"])
    assert line.x[0] == 2024 * 12


def test_a_month_that_is_not_there_parts_the_line() -> None:
    line = trace(drawn(months().drop(index=4)), "Each month")
    assert line.y[4] is None
    assert len(line.x) == 15
    assert line.connectgaps is False


def test_a_symbol_in_place_of_a_value_parts_the_line_too() -> None:
    frame = months()
    frame.loc[3, "value"] = NONE
    assert trace(drawn(frame), "Each month").y[3] is None


def test_limits_are_clipped_to_what_a_percentage_can_be() -> None:
    figure = drawn(months())
    assert set(trace(figure, "Lower limit").y) == {0.0}
    assert set(trace(figure, "Upper limit").y) == {100.0}
    assert set(trace(drawn(months(), unit="count"), "Upper limit").y) == {120.0}


@pytest.mark.parametrize(("unit", "sign"), [("pounds", "£"), ("count", "")])
def test_an_axis_of_money_says_so(unit: str, sign: str) -> None:
    assert drawn(months(), unit=unit).layout.yaxis.tickprefix == sign


def test_without_limits_there_is_a_line_and_nothing_else() -> None:
    frame = months(5, centre_line=NONE, lower_limit=NONE, upper_limit=NONE)
    assert [item.name for item in drawn(frame).data] == ["Each month"]


def test_each_kind_of_signal_has_a_shape_of_its_own() -> None:
    signs = ["improvement", "concern", "neither", *[""] * 12]
    figure = drawn(months(sign=signs))
    marks = {name: trace(figure, name).marker.symbol for name in SIGNS}
    assert len(set(marks.values())) == 3
    assert list(trace(figure, "concern").y) == [31.0]
    assert trace(figure, "Each month").marker.symbol not in marks.values()


def test_new_limits_part_the_range_and_are_marked() -> None:
    opened = [None] * 9 + ["rebase"] + [None] * 5
    figure = drawn(months(opened_by=opened))
    assert len([item for item in figure.data if item.name == "Average"]) == 2
    assert [shape.x0 for shape in figure.layout.shapes] == [2024 * 12 + 8.5]
    assert any(note.text == "New limits" for note in figure.layout.annotations)


def test_a_break_at_the_first_month_is_no_mark() -> None:
    assert not drawn(months(opened_by=["break"] + [None] * 14)).layout.shapes


def test_events_within_the_line_are_marked_and_others_are_not() -> None:
    figure = drawn(months(), events=[("2024-09", "New team"), ("2019-01", "Before")])
    texts = [note.text for note in figure.layout.annotations]
    assert "New team" in texts
    assert "Before" not in texts


def test_the_plan_s_level_says_by_which_day_it_is_due() -> None:
    figure = drawn(months(), level=75.0, due="31 July 2026")
    texts = [item.text.replace("<br>", " ") for item in figure.layout.annotations]
    assert any("Plan 75.0%, due by 31 July 2026" in text for text in texts)


def test_the_plan_s_level_is_drawn_and_labelled() -> None:
    figure = drawn(months(), level=75.0)
    assert set(trace(figure, "Level").y) == {75.0}
    assert any("Plan 75.0%" in note.text for note in figure.layout.annotations)


def test_nothing_to_draw_is_an_empty_plane() -> None:
    figure = drawn(months(0))
    assert not figure.layout.annotations


@MODES
def test_lines_differ_by_pattern_as_well_as_colour(palette: Palette) -> None:
    figure = drawn(months(), palette, level=75.0)
    dashes = [trace(figure, name).line.dash for name in ("Average", "Upper limit", "Level")]
    assert len(set(dashes)) == 3


@pytest.mark.parametrize("count", [1, 2, 5, 6, 49, 104])
def test_ticks_are_few_and_the_last_is_among_them(count: int) -> None:
    chosen = few(list(range(count)))
    assert len(chosen) <= 5
    assert chosen[-1] == count - 1


START = date(2026, 1, 31)


def weeks(count: int = 30, **changed: object) -> pd.DataFrame:
    days = [START + timedelta(weeks=week + 1) for week in range(count)]
    frame = pd.DataFrame({"day": days, "p10": 0.0, "p50": 20.0, "p90": 60.0})
    return frame.assign(**changed)


def fanned(**options: object):
    usual: dict[str, object] = {"unit": "count", "decimals": 0, "axis": AXIS}
    return fan(weeks(), LIGHT, **(usual | options))  # type: ignore[arg-type]


def test_a_fan_holds_its_middle_and_its_range() -> None:
    figure = fanned()
    assert set(trace(figure, "Middle").y) == {20.0}
    assert set(trace(figure, "P10").y) == {0.0}
    assert set(trace(figure, "P90").y) == {60.0}
    assert trace(figure, "P90").fill == "tonexty"
    assert "7 February 2026: 20 (0 to 60)" in trace(figure, "Middle").hovertext


def test_what_was_observed_stands_before_the_fan() -> None:
    past = pd.DataFrame({"day": [date(2025, 12, 31), START], "value": [4.0, 20.0]})
    observed = trace(fanned(history=past), "Observed")
    assert list(observed.y) == [4.0, 20.0]
    assert observed.x[-1] < trace(fanned(), "Middle").x[0]
    assert observed.x[-1] - observed.x[0] == 31


def test_another_simulation_is_told_by_a_pattern_and_its_name() -> None:
    other = trace(fanned(beside=("As in the past year", weeks(p50=40.0))), "As in the past year")
    assert set(other.y) == {40.0}
    assert other.line.dash == "dash"


def test_weeks_without_a_number_are_left_out_of_the_fan() -> None:
    frame = weeks(8)
    frame.loc[:3, ["p10", "p50", "p90"]] = NONE
    figure = fan(frame, LIGHT, unit="percent", decimals=0, axis=AXIS)
    assert len(trace(figure, "Middle").y) == 4


def test_stages_hold_their_counts_and_differ_by_pattern() -> None:
    frame = pd.DataFrame(
        [
            ("Decision", "past_deadline", 31),
            ("Decision", "later", 100),
            ("Final plan", "due_soon", 93),
            ("Final plan", "lawful_reason", 2),
        ],
        columns=["stage", "case_state", "case_count"],
    )
    figure = stage_bars(frame, LIGHT)
    assert {bar.name: list(bar.x) for bar in figure.data} == {
        "Past its deadline": [31],
        "Past it, with a lawful reason": [2],
        "Due within 4 weeks": [93],
        "Due later": [100],
    }
    assert len({bar.marker.pattern.shape for bar in figure.data}) == len(PARTS)
    assert [note.text for note in figure.layout.annotations] == [
        "<b>131</b>, 31 past",
        "<b>95</b>, 0 past",
    ]


@MODES
@pytest.mark.parametrize("left_out", [(), ("lawful_reason",), ("due_soon",)], ids=str)
def test_each_part_of_a_stage_stands_out_from_the_next(
    palette: Palette, left_out: tuple[str, ...]
) -> None:
    drawn_parts = [state for state in PARTS if state not in left_out]
    for one, other in pairwise(drawn_parts):
        assert contrast(fill(one, palette), fill(other, palette)) >= 3, (one, other)


def test_an_open_part_is_drawn_as_open_and_the_others_in_their_colour() -> None:
    rows = [("Decision", state, 9) for state in PARTS]
    frame = pd.DataFrame(rows, columns=["stage", "case_state", "case_count"])
    for bar, state in zip(stage_bars(frame, LIGHT).data, PARTS, strict=True):
        is_open = bar.marker.pattern.fillmode == "replace"
        ground = bar.marker.pattern.bgcolor if is_open else bar.marker.color
        assert ground == fill(state, LIGHT)
        assert bar.marker.line.color == LIGHT.background
        assert bar.marker.line.width >= 2
