"""A protected percentage is whole wherever it is printed; what others publish keeps decimals."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from dashboards import downloads, formats
from dashboards.charts.axis import Axis
from dashboards.charts.bars import breakdown_bars
from dashboards.charts.lines import comparison_lines
from dashboards.charts.stack import share_bars
from dashboards.components.wide_table import wide_table
from dashboards.latest import latest
from dashboards.theme import LIGHT
from dashboards.words import card
from tests.unit.dashboards.measures import measure

PUBLIC = measure(own_decimals=0)
OFFICER = replace(PUBLIC, own_decimals=None)


def rows() -> pd.DataFrame:
    """The council's own figure, 23, beside England's, 45.5, of one year."""
    return pd.DataFrame(
        {
            "line": ["Ourshire", "England"],
            "area_code": ["X", "E"],
            "role": ["focus", "england"],
            "period": "2025",
            "period_label": "2025",
            "period_kind": "flow",
            "breakdown_topic": "All",
            "breakdown": ["All plans", "All plans"],
            "order": [0, 1],
            "numerator": [300.0, None],
            "denominator": [1320.0, None],
            "value": [23.0, 45.5],
            "change": [-12.0, None],
            "symbol": None,
            "source": ["council", "dfe"],
            "vintage": "2026",
            "is_revised": False,
            "previous_vintage": None,
            "previous_value": None,
        }
    )


@pytest.mark.parametrize(
    ("source", "places"), [("council", 0), ("dfe", 1), (None, 1)], ids=["own", "dfe", "average"]
)
def test_only_the_council_s_own_figures_lose_their_decimal(source: str | None, places: int) -> None:
    assert PUBLIC.places(source) == places
    assert OFFICER.places(source) == 1


def test_a_card_and_its_change_are_whole() -> None:
    own = latest(rows().head(1), PUBLIC)
    assert own is not None
    assert card.value_line(own, PUBLIC) == "23%"
    assert card.change_line(own, PUBLIC).startswith("Down 12 percentage points")
    exact = latest(rows().head(1), OFFICER)
    assert exact is not None
    assert card.value_line(exact, OFFICER) == "23.0%"


def test_a_table_prints_each_line_with_its_own_decimals() -> None:
    table = wide_table(PUBLIC.placed(rows()), "percent", PUBLIC.decimals)
    assert table.iloc[0].to_dict() == {"Period": "2025", "Ourshire": "23%", "England": "45.5%"}


def test_decimals_stay_whole_beside_a_measure_without_rows() -> None:
    joined = pd.concat([PUBLIC.placed(rows()), PUBLIC.placed(rows().head(0))])
    said = [formats.number(row.value, "percent", row.decimals) for row in joined.itertuples()]
    assert said == ["23%", "45.5%"]


def test_a_file_holds_no_decimal_that_is_not_printed() -> None:
    text = downloads.csv_bytes(downloads.figures(PUBLIC.placed(rows()), "m", "percent")).decode()
    own, other = text.splitlines()[1:]
    assert ",23," in own
    assert "23.0" not in own
    assert ",45.5," in other
    exact = downloads.csv_bytes(downloads.figures(OFFICER.placed(rows()), "m", "percent")).decode()
    assert ",23.0," in exact


def test_the_charts_label_each_line_and_bar_with_its_own_decimals() -> None:
    frame = PUBLIC.placed(rows())
    lines = comparison_lines(frame, Axis(0, 100, 20), LIGHT, unit="percent", decimals=1)
    labels = " ".join(note.text for note in lines.layout.annotations)
    assert "<b>23%</b>" in labels
    assert "<b>45.5%</b>" in labels
    bars = breakdown_bars(frame, LIGHT, unit="percent", decimals=1)
    assert [list(bar.text) for bar in bars.data] == [["23%"], ["45.5%"]]
    stack = share_bars(frame, LIGHT, decimals=1)
    assert [list(part.text) for part in stack.data] == [["23%"], ["45.5%"]]
