"""How a council's districts are drawn: data/councils/<la_code>/tiles.yml, or its own boundaries.

Tiles are of one size, so that a small town counts as much on the map as a wide moor. A
council that would rather see its boundaries puts a districts.geojson beside the tiles; nothing is
ever fetched.
"""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.strict import Strict, load, short

TILES_FILE = "tiles.yml"
BOUNDARIES_FILE = "districts.geojson"
# A boundary file for a page is generalised: 2 MB hold some 80,000 corners.
MOST_BYTES = 2_000_000

Point = tuple[float, float]
Ring = tuple[Point, ...]


class Tile(Strict):
    """One district's place on the map."""

    code: str = Field(pattern=r"^[EX]\d{8}$", description="Good: E07000197. Bad: Stafford.")
    name: str = Field(min_length=2, description="As in district.csv. Good: Stafford. Bad: staff.")
    row: int = Field(ge=1, le=12, description="From the north. Good: 1. Bad: north.")
    column: int = Field(ge=1, le=12, description="From the west. Good: 1. Bad: west.")


class Tiles(Strict):
    """data/councils/<la_code>/tiles.yml."""

    la_code: str = Field(pattern=r"^\d{3}$", description="Good: '860'. Bad: E10000028.")
    basis: str = Field(
        min_length=20,
        description="Where the names, codes and positions come from. "
        "Good: Codes of district.csv; positions drawn after OS OpenData. Bad: known.",
    )
    districts: tuple[Tile, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_district_and_place_once(self) -> Tiles:
        for what, told in (
            ("code", [tile.code for tile in self.districts]),
            ("name", [tile.name for tile in self.districts]),
            ("place", [f"row {tile.row}, column {tile.column}" for tile in self.districts]),
        ):
            twice = sorted({item for item in told if told.count(item) > 1})
            if twice:
                raise ValueError(f"two districts have one {what}: {'; '.join(twice)}")
        return self


def tiles(council_folder: Path) -> Tiles | None:
    """The layout of one council; None where it has no such file.

    Raises:
        RegistryError: a key is unknown, two districts share a place, or the file is another's.
    """
    path = council_folder / TILES_FILE
    if not path.is_file():
        return None
    held = load(Tiles, path)
    if held.la_code != council_folder.name:
        raise RegistryError(
            f"la_code is '{held.la_code}'",
            where=short(path),
            remedy=f"The path is the name: write la_code: '{council_folder.name}'",
        )
    return held


def boundaries(council_folder: Path, layout: Tiles) -> dict[str, tuple[Ring, ...]]:
    """Outer rings of each district by its name, in longitude and latitude; empty without a file.

    A feature belongs to the district whose code is one of its properties' values.

    Raises:
        RegistryError: the file is too large, is no GeoJSON in longitude and latitude, or a district
            of the layout has no feature.
    """
    path = council_folder / BOUNDARIES_FILE
    if not path.is_file():
        return {}
    names = {tile.code: tile.name for tile in layout.districts}
    found: dict[str, tuple[Ring, ...]] = {}
    for feature in _features(path):
        values = feature.get("properties") or {}
        code = next((value for value in values.values() if value in names), None)
        if code:
            found[names[code]] = _rings(feature.get("geometry") or {}, path)
    missing = [name for name in names.values() if name not in found]
    if missing:
        raise _fault(path, f"no feature has the code of {', '.join(missing)}")
    return found


def _features(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MOST_BYTES:
        raise _fault(path, f"the file has more than {MOST_BYTES:,} bytes")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        features = content["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise _fault(path, "not a GeoJSON FeatureCollection") from error
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise _fault(path, "not a GeoJSON FeatureCollection")
    return features


def _rings(geometry: dict[str, Any], path: Path) -> tuple[Ring, ...]:
    """The outer ring of each polygon; holes are not drawn."""
    corners: Any = geometry.get("coordinates")
    given: dict[str, Any] = {"Polygon": [corners], "MultiPolygon": corners}
    try:
        polygons = given[geometry["type"]]
        rings = tuple(tuple((float(p[0]), float(p[1])) for p in polygon[0]) for polygon in polygons)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise _fault(path, "a district's geometry is no Polygon or MultiPolygon") from error
    if not all(abs(x) <= 180 and abs(y) <= 90 for x, y in chain.from_iterable(rings)):
        raise _fault(path, "the coordinates are not longitude and latitude")
    return rings


def _fault(path: Path, what: str) -> RegistryError:
    return RegistryError(
        what,
        where=short(path),
        remedy=(
            "Save the districts as generalised GeoJSON in longitude and latitude (EPSG:4326), each "
            f"with its code as a property, or take the file away: {TILES_FILE} is drawn then"
        ),
    )
