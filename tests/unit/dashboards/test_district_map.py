"""Maps, shades and share bars: hidden cells stay hidden and texts can be read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboards.charts.bars import breakdown_bars
from dashboards.charts.shades import contrast, ink, mixed, step_of, steps
from dashboards.charts.stack import share_bars
from dashboards.charts.tiles import SHARES, district_map, flat_shapes, tile_shapes
from dashboards.components.district_map import shapes_of
from dashboards.theme import DARK, LIGHT, Palette
from pipelines.registry.districts import tiles
from pipelines.settings import PROJECT_ROOT

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
COUNCILS = PROJECT_ROOT / "data" / "councils"
FRAME = pd.DataFrame(
    {"breakdown": ["North", "South"], "value": [34.0, float("nan")], "symbol": [None, "c"]}
)
SHAPES = tile_shapes({"North": (1, 1), "South": (2, 1), "West": (1, 2)})


def drawn(palette: Palette) -> tuple[dict[str, object], dict[str, object]]:
    figure = district_map(FRAME, SHAPES, (30.0,), palette, unit="percent", decimals=1)
    shapes = {trace.name: trace for trace in figure.data}
    texts = {note.text.partition("<br>")[0]: note for note in figure.layout.annotations}
    return shapes, texts


# ---- shades


def test_a_shade_lies_between_the_colour_and_the_ground() -> None:
    assert mixed("#000000", "#FFFFFF", 1) == "#000000"
    assert mixed("#000000", "#FFFFFF", 0) == "#FFFFFF"
    assert mixed("#000000", "#FFFFFF", 0.5) == "#808080"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@PALETTES
def test_text_on_every_shade_and_part_can_be_read(palette: Palette) -> None:
    grounds = [mixed(palette.focus, palette.background, share) for share in SHARES]
    grounds += [palette.focus, palette.england, palette.neighbours, palette.region]
    assert min(contrast(ink(ground), ground) for ground in grounds) >= 4.5


def test_classes_are_of_equal_width_and_an_end_belongs_to_the_class_above() -> None:
    ends = steps([30.0, 34.0, 38.0], 4, 1)
    assert ends == (32.0, 34.0, 36.0)
    assert [step_of(value, ends) for value in (30.0, 32.0, 35.9, 36.0)] == [0, 1, 2, 3]


def test_districts_that_are_all_alike_have_one_shade() -> None:
    assert steps([5.0, 5.0], 4, 1) == ()
    assert steps([], 4, 1) == ()


# ---- the map


@PALETTES
def test_a_hidden_district_is_hatched_and_has_no_class_shade(palette: Palette) -> None:
    shapes, texts = drawn(palette)
    assert shapes["South"].fillpattern.shape == "/"  # type: ignore[attr-defined]
    assert shapes["North"].fillpattern.shape is None  # type: ignore[attr-defined]
    shades = {mixed(palette.focus, palette.background, share) for share in SHARES}
    assert shapes["South"].fillcolor not in shades  # type: ignore[attr-defined]
    assert shapes["North"].fillcolor in shades  # type: ignore[attr-defined]
    assert "[c]" in texts["South"].text  # type: ignore[attr-defined]
    assert "34.0%" in texts["North"].text  # type: ignore[attr-defined]


def test_a_district_without_any_row_is_not_available_and_not_nought() -> None:
    _, texts = drawn(LIGHT)
    assert "[x]" in texts["West"].text  # type: ignore[attr-defined]


def test_the_same_shade_whatever_is_hidden_beside_it() -> None:
    alone = FRAME.assign(value=[34.0, 36.0], symbol=None)
    figure = district_map(alone, SHAPES, (30.0,), LIGHT, unit="percent", decimals=1)
    shapes, _ = drawn(LIGHT)
    assert figure.data[0].fillcolor == shapes["North"].fillcolor  # type: ignore[attr-defined]


def test_rows_run_from_the_north_and_columns_from_the_west() -> None:
    def middle(name: str) -> tuple[float, float]:
        (ring,) = SHAPES[name]
        return sum(x for x, _ in ring[:4]) / 4, sum(y for _, y in ring[:4]) / 4

    assert middle("North")[1] > middle("South")[1]
    assert middle("West")[0] > middle("North")[0]


def test_a_degree_of_longitude_is_narrowed_by_its_latitude() -> None:
    ring = ((-2.0, 60.0), (-1.0, 60.0), (-1.0, 60.0), (-2.0, 60.0))
    flat = flat_shapes({"North": (ring,)})["North"][0]
    assert flat[1][0] - flat[0][0] == pytest.approx(0.5)


@pytest.mark.parametrize("la_code", ["860", "999"])
def test_every_district_of_a_council_has_a_tile_of_its_own(la_code: str) -> None:
    layout = tiles(COUNCILS / la_code)
    assert layout is not None
    shapes, is_to_scale = shapes_of(COUNCILS / la_code, layout)
    assert not is_to_scale
    assert len(shapes) == len({rings[0] for rings in shapes.values()}) == 8


def test_boundaries_are_drawn_where_the_council_supplies_them(tmp_path: Path) -> None:
    folder = tmp_path / "860"
    folder.mkdir()
    (folder / "districts.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"properties": {"LAD": "E07000197"}, '
        '"geometry": {"type": "Polygon", '
        '"coordinates": [[[-2, 52], [-1, 52], [-1, 53], [-2, 52]]]}}]}',
        encoding="utf-8",
    )
    layout = tiles(COUNCILS / "860")
    assert layout is not None
    only = layout.model_copy(
        update={"districts": tuple(tile for tile in layout.districts if tile.name == "Stafford")}
    )
    shapes, is_to_scale = shapes_of(folder, only)
    assert is_to_scale
    assert list(shapes) == ["Stafford"]


# ---- bars


def test_a_hidden_part_has_its_symbol_and_no_bar() -> None:
    frame = FRAME.assign(line="Ourshire", role="focus", numerator=None, denominator=None)
    figure = breakdown_bars(frame, LIGHT, unit="percent", decimals=1)
    assert list(figure.data[0].x) == [34.0, None]
    parts = list(figure.layout.yaxis.categoryarray)
    notes = [(parts[int(note.y)], note.y % 1, note.text) for note in figure.layout.annotations]
    assert notes == [("South", 0, "[c]")]


def mix_frame() -> pd.DataFrame:
    rows = [
        ("Special", 1, "2025", 60.0),
        ("Mainstream", 0, "2025", 38.0),
        ("Mainstream", 0, "2026", float("nan")),
        ("Special", 1, "2026", 3.0),
    ]
    frame = pd.DataFrame(rows, columns=["line", "order", "period", "value"])
    return frame.assign(period_label=frame["period"])


def test_share_bars_keep_the_order_of_parts_and_draw_no_hidden_one() -> None:
    figure = share_bars(mix_frame(), LIGHT, decimals=1)
    assert [trace.name for trace in figure.data] == ["Mainstream", "Special"]
    assert dict(zip(figure.data[0].y, figure.data[0].x, strict=True)) == {
        "2025": 38.0,
        "2026": None,
    }
    # From the top, and as names: "2025" is no number here.
    assert list(figure.layout.yaxis.categoryarray) == ["2026", "2025"]
    assert (figure.layout.yaxis.autorange, figure.layout.yaxis.type) == ("reversed", "category")


def test_a_part_too_narrow_for_its_figure_has_none_on_it() -> None:
    figure = share_bars(mix_frame(), LIGHT, decimals=1)
    assert dict(zip(figure.data[1].y, figure.data[1].text, strict=True)) == {
        "2025": "60.0%",
        "2026": "",
    }


def test_the_axis_of_share_bars_runs_to_100_or_to_what_rounding_adds() -> None:
    assert share_bars(mix_frame(), LIGHT, decimals=1).layout.xaxis.range == (0, 100)
    more = mix_frame().assign(value=[61.0, 40.0, 1.0, 1.0])
    assert share_bars(more, LIGHT, decimals=1).layout.xaxis.range == (0, 101)
