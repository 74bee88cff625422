"""A council's boundary GeoJSON: kept as it is, once it is what a map can be drawn from.

The map's own work belongs to the pages; here only the shape of the file is checked.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pipelines.errors import InputError
from pipelines.ingest.parcel import Finding, Parcel

KIND = "boundary"
SOURCE = "council"
AREA_CODE = re.compile(r"[EWSN][0-9]{8}|X[0-9]{8}")
SHAPES = ("Polygon", "MultiPolygon")
REMEDY = (
    "Give a GeoJSON FeatureCollection of Polygons in longitude and latitude, each with the "
    "property lad_code."
)


def looks_like_json(content: bytes) -> bool:
    """Whether the first mark of the text opens a JSON object."""
    return content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read(content: bytes) -> Parcel:
    """One feature a row; nothing is landed as a table but the file itself.

    Raises:
        InputError: no FeatureCollection, a feature without lad_code, or no polygon in degrees.
    """
    features = _features(content)
    codes = [_code(number, feature) for number, feature in enumerate(features, start=1)]
    for number, feature in enumerate(features, start=1):
        _check_shape(number, feature)
    twice = sorted({code for code in codes if codes.count(code) > 1})
    return Parcel(
        kind=KIND,
        source=SOURCE,
        row_count_in=len(features),
        accepted=len(codes),
        findings=(_repeated(twice),) if twice else (),
    )


def _features(content: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError("the file is not readable as JSON", remedy=REMEDY) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise InputError("the JSON is no GeoJSON FeatureCollection", remedy=REMEDY)
    if not features:
        raise InputError("the FeatureCollection is empty", remedy=REMEDY)
    return [feature if isinstance(feature, dict) else {} for feature in features]


def _code(number: int, feature: dict[str, Any]) -> str:
    code = (feature.get("properties") or {}).get("lad_code")
    if not isinstance(code, str) or not AREA_CODE.fullmatch(code):
        raise InputError(f"feature {number} has no lad_code such as E07000192", remedy=REMEDY)
    return code


def _check_shape(number: int, feature: dict[str, Any]) -> None:
    shape = feature.get("geometry") or {}
    if shape.get("type") not in SHAPES:
        raise InputError(f"feature {number} is not a Polygon or MultiPolygon", remedy=REMEDY)
    pairs = list(_pairs(shape.get("coordinates")))
    if not pairs or not all(_is_degree_pair(pair) for pair in pairs):
        raise InputError(
            f"feature {number} has coordinates that are not longitude and latitude", remedy=REMEDY
        )


def _pairs(nested: Any) -> list[list[Any]]:
    """The coordinate pairs inside lists of lists, whatever their depth."""
    if not isinstance(nested, list) or not nested:
        return []
    if not isinstance(nested[0], list):
        return [nested]
    return [pair for inner in nested for pair in _pairs(inner)]


def _is_degree_pair(pair: list[Any]) -> bool:
    numbers = [value for value in pair[:2] if isinstance(value, (int, float))]
    return len(numbers) == 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90


def _repeated(codes: list[str]) -> Finding:
    return Finding(
        rule="repeated_area",
        severity="warning",
        message=f"The area {', '.join(codes)} stands more than once.",
        remedy="Join its parts into one MultiPolygon.",
        column_name="lad_code",
        row_count=len(codes),
    )
