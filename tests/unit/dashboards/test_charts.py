"""A figure holds the numbers of its frame, its axis is fixed, and its parts can be told apart."""

from __future__ import annotations

import base64
import re
import tomllib
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.axis import Axis, Spread, fixed_axis, zero_axis
from dashboards.charts.bars import breakdown_bars
from dashboards.charts.labels import spread_labels
from dashboards.charts.lines import comparison_lines
from dashboards.charts.shades import ink
from dashboards.charts.sparkline import data_uri, sparkline
from dashboards.charts.stack import PARTS
from dashboards.components.compare_filters import MOST_OTHERS
from dashboards.components.placements_places import STEPS
from dashboards.theme import DARK, DASH, LIGHT, OTHER_DASHES, Palette, palette
from pipelines.settings import PROJECT_ROOT
from tests.unit.dashboards.colours import contrast

MODES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
AXIS = Axis(20.0, 70.0, 10.0)
FRAME = pd.DataFrame(
    [
        ("Ourshire", "focus", "2023-01", "January 2023", 30.6),
        ("Ourshire", "focus", "2024-01", "January 2024", float("nan")),
        ("Ourshire", "focus", "2025-01", "January 2025", 32.8),
        ("England", "england", "2023-01", "January 2023", 41.3),
        ("England", "england", "2024-01", "January 2024", 43.3),
        ("England", "england", "2025-01", "January 2025", 43.8),
    ],
    columns=["line", "role", "period", "period_label", "value"],
)


def lines_figure(**changed: object):
    options: dict[str, object] = {"unit": "percent", "decimals": 1}
    return comparison_lines(FRAME, AXIS, LIGHT, **(options | changed))  # type: ignore[arg-type]


def test_lines_hold_the_numbers_of_the_frame() -> None:
    traces = {trace.name: trace for trace in lines_figure().data}
    assert list(traces["Ourshire"].y) == [30.6, None, 32.8]
    assert list(traces["England"].y) == [41.3, 43.3, 43.8]
    assert list(traces["England"].x) == [2023, 2024, 2025]


def test_a_missing_figure_is_a_gap_and_never_bridged() -> None:
    assert all(trace.connectgaps is False for trace in lines_figure().data)


def test_each_line_is_labelled_at_its_end_and_there_is_no_legend() -> None:
    figure = lines_figure()
    texts = [item.text for item in figure.layout.annotations]
    assert any(text.endswith("Ourshire<br><b>32.8%</b>") for text in texts)
    assert any(text.endswith("England<br><b>43.8%</b>") for text in texts)
    assert figure.layout.showlegend is False


def test_a_line_that_ends_early_says_when() -> None:
    frame = FRAME[~((FRAME["line"] == "England") & (FRAME["period"] == "2025-01"))]
    figure = comparison_lines(frame, AXIS, LIGHT, unit="percent", decimals=1)
    texts = [item.text for item in figure.layout.annotations]
    assert any(text.endswith("England<br><b>43.3%</b> (2024)") for text in texts)


def test_lines_can_be_told_apart_without_colour() -> None:
    traces = lines_figure().data
    assert len({trace.marker.symbol for trace in traces}) == len(traces)
    assert len({trace.line.dash for trace in traces}) == len(traces)


def test_further_areas_differ_in_pattern_and_marker_though_not_in_colour() -> None:
    ours = FRAME[FRAME["line"] == "Ourshire"]
    others = [ours.assign(line=f"Shire {place}", role="other") for place in range(5)]
    frame = pd.concat([FRAME, *others])
    traces = comparison_lines(frame, AXIS, LIGHT, unit="percent", decimals=1).data
    assert len(traces) == 7
    assert len({trace.line.dash for trace in traces}) == 7
    assert len({trace.marker.symbol for trace in traces}) == 7
    assert len({trace.line.color for trace in traces}) == 3


def test_a_break_is_marked_between_the_two_years() -> None:
    figure = lines_figure(breaks=[("2024-01", "2024"), ("2010-01", "2010")])
    assert [shape.x0 for shape in figure.layout.shapes] == [2023.5]
    assert any(item.text == "[b] 2024" for item in figure.layout.annotations)


def test_a_line_is_parted_at_a_break_as_the_small_line_on_a_card_is() -> None:
    england = {trace.name: trace for trace in lines_figure(breaks=[("2024-01", "2024")]).data}[
        "England"
    ]
    assert list(england.x) == [2023, 2023.5, 2024, 2025]
    assert list(england.y) == [41.3, None, 43.3, 43.8]
    assert len(england.hovertext) == 4


def symbols_of(figure: go.Figure) -> dict[float, str]:
    return {item.x: item.text for item in figure.layout.annotations if "[" in item.text}


def test_the_symbol_of_a_missing_figure_stands_in_its_year_with_the_sign_of_its_line() -> None:
    missing = FRAME.assign(symbol=["c" if value != value else None for value in FRAME["value"]])
    figure = comparison_lines(missing, AXIS, LIGHT, unit="percent", decimals=1)
    assert symbols_of(figure) == {2024: "\u25cf [c]"}
    alone = missing[missing["line"] == "Ourshire"]
    figure = comparison_lines(alone, AXIS, LIGHT, unit="percent", decimals=1)
    assert symbols_of(figure) == {2024: "[c]"}


def test_years_in_a_row_that_lack_the_same_have_one_symbol_which_no_line_crosses() -> None:
    rows = [
        ("Ourshire", "focus", str(year), str(year), value, symbol)
        for year, value, symbol in (
            (2021, float("nan"), "x"),
            (2022, float("nan"), "x"),
            (2023, float("nan"), "c"),
            (2024, 40.0, None),
            (2025, 41.0, None),
        )
    ] + [("England", "england", str(year), str(year), 21.0, None) for year in range(2021, 2024)]
    frame = pd.DataFrame(rows, columns=[*FRAME.columns, "symbol"])
    figure = comparison_lines(frame, AXIS, LIGHT, unit="percent", decimals=1)
    assert symbols_of(figure) == {2021.5: "\u25cf [x]", 2023: "\u25cf [c]"}


def test_a_symbol_stands_under_the_words_of_the_years_where_no_figure_can_be() -> None:
    missing = FRAME.assign(value=float("nan"), symbol=[None, "c", None, "z", "x", "c"])
    figure = comparison_lines(missing, AXIS, LIGHT, unit="percent", decimals=1)
    placed = [item for item in figure.layout.annotations if "[" in item.text]
    assert placed
    room, years = figure.layout.margin.b, 20
    for item in placed:
        assert (item.yref, item.y, item.yanchor) == ("paper", 0, "top")
        assert item.font.size - room <= item.yshift <= -years
    usual = lines_figure().layout
    assert figure.layout.height - usual.height == room - usual.margin.b > 0, "a plane as high"


def test_a_promised_level_has_no_marker_and_a_look_of_its_own() -> None:
    figure = lines_figure(level=("Due by 31 August 2026", 50.0))
    (level,) = [trace for trace in figure.data if trace.name == "Due by 31 August 2026"]
    assert level.mode == "lines"
    assert list(level.y) == [50.0, 50.0]
    others = [trace for trace in figure.data if trace is not level]
    assert level.line.dash not in {trace.line.dash for trace in others}
    assert any("50.0%" in item.text for item in figure.layout.annotations)


def test_the_axis_is_the_one_given() -> None:
    assert tuple(lines_figure().layout.yaxis.range) == (20.0, 70.0)


def test_a_frame_without_any_number_gives_a_figure_without_labels() -> None:
    figure = comparison_lines(
        FRAME.assign(value=float("nan")), AXIS, LIGHT, unit="percent", decimals=1
    )
    assert not figure.layout.annotations


BARS = ["breakdown", "line", "role", "value", "numerator", "denominator"]


def test_a_missing_bar_of_two_lines_has_its_symbol_at_its_own_place() -> None:
    rows = [
        ("All", "Ourshire", "focus", 35.0, None, None, None),
        ("All", "England", "england", 45.5, None, None, None),
        ("Classes", "Ourshire", "focus", 35.0, None, None, None),
        ("Classes", "England", "england", float("nan"), None, None, "x"),
    ]
    frame = pd.DataFrame(rows, columns=[*BARS, "symbol"])
    figure = breakdown_bars(frame, LIGHT, unit="percent", decimals=1)
    (symbol,) = figure.layout.annotations
    assert symbol.text == "[x]"
    assert 1 < symbol.y < 1.5, "below the middle of the second group, where the second bar is"
    alone = breakdown_bars(frame[frame["line"] == "England"], LIGHT, unit="percent", decimals=1)
    assert alone.layout.annotations[0].y == 1


def test_bars_hold_the_numbers_in_the_order_of_the_frame() -> None:
    frame = pd.DataFrame(
        [
            ("Age 4", "Ourshire", "focus", 62.8, 1250.0, 1990.0),
            ("Age 7", "Ourshire", "focus", 100.0, 8.0, 8.0),
            ("Age 9", "Ourshire", "focus", float("nan"), None, None),
        ],
        columns=BARS,
    )
    figure = breakdown_bars(frame, LIGHT, unit="percent", decimals=1)
    assert list(figure.data[0].y) == ["Age 4", "Age 7", "Age 9"]
    assert list(figure.data[0].x) == [62.8, 100.0, None]
    assert list(figure.data[0].text) == ["62.8%", "100.0% (8 of 8)", ""]
    assert figure.data[0].hovertext[0] == "Ourshire, Age 4: 62.8% (1,250 of 1,990)"
    assert figure.layout.xaxis.rangemode == "tozero"


def test_two_areas_in_bars_differ_by_more_than_colour() -> None:
    frame = pd.DataFrame(
        [
            ("Age 4", "Ourshire", "focus", 62.8, None, None),
            ("Age 4", "England", "england", 60.0, None, None),
        ],
        columns=BARS,
    )
    shapes = [
        bar.marker.pattern.shape
        for bar in breakdown_bars(frame, LIGHT, unit="percent", decimals=1).data
    ]
    assert len(set(shapes)) == 2


SPREAD = Spread(low=5.0, high=95.0, usual_low=22.0, usual_high=61.0)


def test_the_axis_of_a_measure_does_not_depend_on_what_is_shown_within_the_usual() -> None:
    assert fixed_axis(SPREAD, [30.0], "percent") == fixed_axis(SPREAD, [22.0, 61.0], "percent")


def test_the_axis_widens_once_for_what_lies_outside() -> None:
    wide = fixed_axis(SPREAD, [10.0], "percent")
    assert (wide.low, wide.high) == (0.0, 100.0)
    assert wide == fixed_axis(SPREAD, [94.0], "percent")


def test_a_cut_axis_says_so() -> None:
    cut = fixed_axis(SPREAD, [30.0], "percent")
    assert cut.is_cut
    assert "does not start at zero" in cut.words("percent")
    assert "does not start" not in Axis(0.0, 100.0, 20.0).words("percent")


def test_an_axis_says_which_of_the_two_spans_it_was_set_from() -> None:
    usual, whole = fixed_axis(SPREAD, [30.0], "percent"), fixed_axis(SPREAD, [94.0], "percent")
    assert "2nd to the 98th percentile of all authorities" in usual.words("percent")
    assert "lowest and highest figure of any area" in whole.words("percent")
    assert "set from" not in zero_axis([5.0]).words("count")


@pytest.mark.parametrize(
    ("figure", "unit", "ends"),
    [
        (7_973_396.1, "pounds", "from £0 to £8,000,000"),
        (31.0, "percent", "from 0% to 40%"),
        (-300.0, "count", "from -300 to 0"),
        (0.0, "count", "from 0 to 1"),
    ],
)
def test_the_axis_of_a_single_figure_holds_zero(figure: float, unit: str, ends: str) -> None:
    spread = Spread(figure, figure, figure, figure)
    words = fixed_axis(spread, [figure], unit).words(unit)
    assert f"{ends}, set from the only figure there is" in words


@given(st.lists(st.floats(0, 1e6), max_size=20))
def test_an_axis_of_counts_starts_at_zero_and_holds_all(shown: list[float]) -> None:
    axis = zero_axis(shown)
    assert axis.low == 0
    assert all(value <= axis.high + 1e-6 for value in shown)


@given(st.lists(st.tuples(st.floats(20, 70), st.integers(1, 3)), min_size=1, max_size=5))
def test_labels_never_overlap_and_keep_their_order(labels: list[tuple[float, int]]) -> None:
    values, lines = [label[0] for label in labels], [label[1] for label in labels]
    places = spread_labels(values, lines, AXIS, height=330)
    pixels = 330 / (AXIS.high - AXIS.low)
    order = sorted(range(len(values)), key=lambda item: values[item])
    for lower, upper in pairwise(order):
        gap = (places[upper] - places[lower]) * pixels
        assert gap >= (lines[lower] + lines[upper]) / 2 * 16 - 0.01


def test_sparkline_is_valid_and_leaves_a_gap() -> None:
    svg = sparkline([1.0, 2.0, None, 4.0, 3.0], LIGHT)
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert sum(1 for item in root if item.tag.endswith("polyline")) == 2
    assert data_uri(svg).startswith("data:image/svg+xml;base64,")
    assert base64.b64decode(data_uri(svg).split(",")[1]).decode() == svg


def test_sparkline_is_parted_before_a_break() -> None:
    whole = sparkline([1.0, 2.0, 3.0, 4.0], LIGHT)
    parted = sparkline([1.0, 2.0, 3.0, 4.0], LIGHT, breaks=[2])
    assert (whole.count("<polyline"), parted.count("<polyline")) == (1, 2)


def test_sparkline_of_nothing_and_of_one_figure() -> None:
    assert sparkline([None, None], LIGHT) == ""
    assert "circle" in sparkline([5.0], LIGHT)
    assert "nan" not in sparkline([5.0, 5.0], LIGHT)


@MODES
def test_lines_and_marks_stand_out_from_the_page(colours: Palette) -> None:
    for name in ("focus", "england", "neighbours", "region", "other", "marker"):
        assert contrast(getattr(colours, name), colours.background) >= 3, name
    assert contrast(colours.text, colours.background) >= 7


STYLES = {"light": ("style.css", LIGHT), "dark": ("style_dark.css", DARK)}


@pytest.mark.parametrize("mode", STYLES)
def test_the_ring_of_focus_stands_out_from_the_page_and_the_list_of_pages(mode: str) -> None:
    name, colours = STYLES[mode]
    style = (PROJECT_ROOT / "dashboards" / name).read_text(encoding="utf-8")
    ring = re.search(r"--sm-ring: (#[0-9A-F]{6});", style)
    assert ring, name
    config = PROJECT_ROOT / "dashboards" / ".streamlit" / "config.toml"
    theme = tomllib.loads(config.read_text(encoding="utf-8"))["theme"][mode]
    grounds = [
        theme["backgroundColor"],
        theme["secondaryBackgroundColor"],
        *(theme["sidebar"][name] for name in ("backgroundColor", "secondaryBackgroundColor")),
    ]
    assert colours.background in grounds
    for ground in grounds:
        assert contrast(ring.group(1), ground) >= 3, ground


@MODES
def test_the_three_kinds_of_places_stand_out_from_the_next(colours: Palette) -> None:
    drawn = [colours.of(role) for _, role in STEPS.values()]
    assert all(contrast(one, other) >= 3 for one, other in pairwise(drawn))


@MODES
@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_parts_of_a_share_bar_stand_out_from_the_next(colours: Palette, count: int) -> None:
    drawn = [colours.of(role) for role in PARTS[:count]]
    assert all(contrast(one, other) >= 3 for one, other in pairwise(drawn))


@MODES
def test_the_figure_on_each_part_of_a_share_bar_can_be_read(colours: Palette) -> None:
    for role in PARTS:
        assert contrast(ink(colours.of(role)), colours.of(role)) >= 4.5, role


def test_the_axis_of_a_count_says_where_it_ends() -> None:
    assert (
        zero_axis([8_460.0])
        .words("count")
        .startswith("The vertical axis runs from 0 to 10,000, chosen for the figures drawn")
    )
    assert "from £0 to £600,000" in zero_axis([540_000.0]).words("pounds")


def test_every_line_has_a_pattern_of_its_own() -> None:
    assert all(one != other for one, other in combinations(DASH.values(), 2))
    assert len({*DASH.values(), *OTHER_DASHES}) == len(DASH) - 1 + len(OTHER_DASHES)
    assert len(OTHER_DASHES) >= MOST_OTHERS


def test_palette_follows_the_mode() -> None:
    assert palette("dark") is DARK
    assert palette("light") is LIGHT
    assert palette(None) is LIGHT
    assert (LIGHT.focus, LIGHT.region, LIGHT.neighbours, LIGHT.england, LIGHT.other) == (
        "#12436D",
        "#28A197",
        "#801650",
        "#F46A25",
        "#767676",
    )


def test_millions_have_room_on_the_vertical_axis_and_money_its_sign() -> None:
    rows = pd.DataFrame(
        {
            "line": ["County"],
            "role": ["focus"],
            "period": ["2025"],
            "period_label": ["2025"],
            "value": [3_702_956.0],
        }
    )
    large = comparison_lines(rows, Axis(0, 4_000_000, 1_000_000), LIGHT, unit="pounds", decimals=0)
    assert large.layout.margin.l >= 8 * len("£4,000,000")
    assert large.layout.yaxis.tickprefix == "£"
    small = comparison_lines(rows, Axis(0, 40, 10), LIGHT, unit="percent", decimals=1)
    assert small.layout.margin.l == 52
