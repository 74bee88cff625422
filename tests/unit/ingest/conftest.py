"""Small published files, made in the test: a caseload file of the 2025 layout and its variants."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.ingest.door import Receipt, ingest
from pipelines.registry.sources import EesFile, sources
from pipelines.settings import PROJECT_ROOT, Settings

KEYS = (
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "new_la_code", "old_la_code", "la_name"),
    *("breakdown_topic", "breakdown"),
)
STAFFORDSHIRE = ("Local authority", "E12000005", "West Midlands", "E10000028", "860")
Row = dict[str, str]


@pytest.fixture
def workspace(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "work space")


@pytest.fixture
def take_in(workspace: Settings, tmp_path: Path) -> Callable[..., Receipt]:
    """Write bytes to a file, ingest it, and give its only receipt."""

    def take(raw: bytes, name: str = "file.csv") -> Receipt:
        path = tmp_path / name
        path.write_bytes(raw)
        (receipt,) = ingest([path], workspace)
        return receipt

    return take


@pytest.fixture
def landed(workspace: Settings) -> Callable[[str], list[dict[str, Any]]]:
    """All rows of a landing table."""

    def read(table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for path in sorted((workspace.landing / table).glob("*.parquet")):
            rows.extend(pq.read_table(path).to_pylist())
        return rows

    return read


def spec(kind: str) -> EesFile:
    return sources(PROJECT_ROOT).ees.files[kind]


def row(period: str = "202425", **values: str) -> Row:
    """A whole row of Staffordshire in the caseload file; figures that are not given are 1."""
    level, region, region_name, gss, code = STAFFORDSHIRE
    keys = (
        *(period, "Academic year", level, "E92000001", "England", region, region_name),
        *(gss, code, "Staffordshire", "All EHC plans", "All EHC plans"),
    )
    figures = dict.fromkeys(spec("caseload").columns_of("2025"), "1")
    return dict(zip(KEYS, keys, strict=True)) | figures | values


def csv_bytes(
    rows: Iterable[Row], newline: str = "\r\n", columns: list[str] | None = None
) -> bytes:
    """A CSV file as the DfE writes it, UTF-8 without BOM."""
    rows = list(rows)
    text = io.StringIO()
    names = columns or list(rows[0])
    writer = csv.DictWriter(text, names, lineterminator=newline, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def zip_bytes(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
