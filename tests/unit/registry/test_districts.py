"""Layouts of districts: names that exist, places of their own, and boundaries that can be drawn."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import RegistryError
from pipelines.registry.districts import BOUNDARIES_FILE, TILES_FILE, boundaries, tiles
from pipelines.settings import PROJECT_ROOT

COUNCILS = PROJECT_ROOT / "data" / "councils"
NAMED = {
    "860": PROJECT_ROOT / "data" / "reference" / "district.csv",
    "999": PROJECT_ROOT / "data" / "sample" / "reference" / "district.csv",
}
ROW = {"code": "E07000197", "name": "Stafford", "row": 1, "column": 1}
LICHFIELD = {"code": "E07000194", "name": "Lichfield", "row": 2, "column": 1}
SQUARE = [[-2.1, 52.8], [-2.0, 52.8], [-2.0, 52.9], [-2.1, 52.8]]


def written(tmp_path: Path, *districts: dict[str, Any], la_code: str = "860") -> Path:
    folder = tmp_path / "860"
    folder.mkdir(exist_ok=True)
    content = {
        "la_code": la_code,
        "basis": "A council of the tests, drawn by hand.",
        "districts": list(districts),
    }
    (folder / TILES_FILE).write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def outlined(folder: Path, *features: dict[str, Any]) -> None:
    content = {"type": "FeatureCollection", "features": list(features)}
    (folder / BOUNDARIES_FILE).write_text(json.dumps(content), encoding="utf-8")


def feature(code: str, ring: list[list[float]], kind: str = "Polygon") -> dict[str, Any]:
    corners = [ring] if kind == "Polygon" else [[ring], [ring]]
    return {
        "type": "Feature",
        "properties": {"LAD24CD": code},
        "geometry": {"type": kind, "coordinates": corners},
    }


@pytest.mark.parametrize("la_code", sorted(NAMED))
def test_a_layout_has_exactly_the_districts_of_the_reference_table(la_code: str) -> None:
    with NAMED[la_code].open(encoding="utf-8", newline="") as file:
        known = {
            (row["lad_code"], row["district_name"])
            for row in csv.DictReader(file)
            if row["la_code"] == la_code
        }
    layout = tiles(COUNCILS / la_code)
    assert layout is not None
    assert {(tile.code, tile.name) for tile in layout.districts} == known
    assert len(known) == 8


def test_a_council_without_a_layout_has_none(tmp_path: Path) -> None:
    assert tiles(tmp_path) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"row": 1}, "one place"),
        ({"code": "E07000197"}, "one code"),
        ({"name": "Stafford"}, "one name"),
        ({"colour": "red"}, "unknown key"),
        ({"code": "Lichfield"}, "code"),
        ({"row": 0}, "row"),
    ],
    ids=["place-twice", "code-twice", "name-twice", "unknown-key", "no-code", "no-row"],
)
def test_a_layout_that_cannot_be_drawn_is_refused(
    tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    folder = written(tmp_path, ROW, LICHFIELD | change)
    with pytest.raises(RegistryError, match=fault):
        tiles(folder)


def test_the_layout_of_another_council_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="la_code is '999'"):
        tiles(written(tmp_path, ROW, la_code="999"))


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_boundaries_are_found_by_the_districts_code(tmp_path: Path, kind: str) -> None:
    folder = written(tmp_path, ROW)
    outlined(folder, feature("E07000197", SQUARE, kind), feature("E06000021", SQUARE))
    layout = tiles(folder)
    assert layout is not None
    found = boundaries(folder, layout)
    assert list(found) == ["Stafford"]
    assert len(found["Stafford"]) == (1 if kind == "Polygon" else 2)
    assert found["Stafford"][0][0] == (-2.1, 52.8)


def test_without_a_file_there_are_no_boundaries(tmp_path: Path) -> None:
    folder = written(tmp_path, ROW)
    layout = tiles(folder)
    assert layout is not None
    assert boundaries(folder, layout) == {}


@pytest.mark.parametrize(
    ("features", "fault"),
    [
        ([feature("E07000194", SQUARE)], "no feature has the code of Stafford"),
        ([feature("E07000197", [[392000, 323000]] * 4)], "not longitude and latitude"),
        ([feature("E07000197", SQUARE) | {"geometry": {"type": "Point"}}], "no Polygon"),
        ([feature("E07000197", SQUARE) | {"geometry": None}], "no Polygon"),
        (["Stafford"], "not a GeoJSON"),
    ],
    ids=["other-district", "national-grid", "a-point", "no-geometry", "no-feature"],
)
def test_boundaries_that_cannot_be_drawn_are_refused(
    tmp_path: Path, features: list[Any], fault: str
) -> None:
    folder = written(tmp_path, ROW)
    outlined(folder, *features)
    layout = tiles(folder)
    assert layout is not None
    with pytest.raises(RegistryError, match=fault):
        boundaries(folder, layout)
