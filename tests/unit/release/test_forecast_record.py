"""The record of what releases said of the future: written once, read when something new came."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.release.files import sha256
from pipelines.release.forecast_record import (
    counted,
    land_record,
    record_forecasts,
    record_inputs,
)
from pipelines.release.reader import OFFICER, PUBLIC, Release, find_release
from pipelines.settings import Settings
from tests.unit.judgement.queue_rows import fill

RELEASE = "2026-02-01-aaaaaaaa"
THEN, NOW = {"received/a": "1"}, {"received/a": "1", "received/b": "2"}
FORECAST = {
    "forecast": "published_totals/plans_maintained/860/stock",
    "kpi": "plans_maintained",
    "la_code": "860",
    "area_code": "E10000028",
    "period_kind": "stock",
    "forecast_basis": "published_totals",
    "origin_period": "2026-01",
    "origin_value": 9979,
    "is_shown_first": True,
}
OWN = FORECAST | {
    "forecast": "matched_returns/mainstream_share/860/stock",
    "forecast_basis": "matched_returns",
    "kpi": "mainstream_share",
}
STATUS = {
    "la_code": "860",
    "milestone": "cleared",
    "plan_version": "current",
    "kpi": "overdue_cases",
    "milestone_due": date(2026, 3, 31),
    "chance": 0.7,
    "chance_from": "backlog",
}


def value(forecast: dict[str, Any], middle: float) -> dict[str, Any]:
    return {
        **{name: forecast[name] for name in ("forecast", "kpi", "la_code", "area_code")},
        "period_kind": "stock",
        "period": "2027-01",
        "ahead": 1,
        "forecast_model": "the model",
        "value_p10": middle - 1,
        "value_p50": middle,
        "value_p90": middle + 1,
    }


def write(path: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    with duckdb.connect(str(path)) as connection:
        for name, rows in tables.items():
            fill(connection, name, rows)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with one release, whose own forecast and chance are not in its public file."""
    folder = tmp_path / "releases" / RELEASE
    folder.mkdir(parents=True)
    hidden = FORECAST | {"forecast": "own_months/x/860/month", "is_shown_first": False}
    write(
        folder / OFFICER,
        {
            "marts.forecast": [FORECAST, OWN, hidden],
            "marts.forecast_value": [value(FORECAST, 11_000), value(OWN, 36), value(hidden, 1)],
            "marts.plan_status": [STATUS, STATUS | {"milestone": "none", "chance": None}],
        },
    )
    write(
        folder / PUBLIC,
        {
            "marts.forecast": [FORECAST, OWN],
            "marts.forecast_value": [value(FORECAST, 11_000), value(OWN, 36.5)],
            "marts.plan_status": [STATUS | {"chance": None}],
        },
    )
    manifest = {
        "built_at": "2026-02-01T10:00:00+00:00",
        "files": {OFFICER: {}, PUBLIC: {}},
        "input_key": "k",
        "inputs": [{"name": name, "sha256": text} for name, text in THEN.items()],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Settings(workspace=tmp_path)


def release(settings: Settings) -> Release:
    return find_release(settings.workspace, RELEASE)


def rows(path: Path, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.read_parquet(str(path)).project(columns).fetchall()


def test_what_a_reader_meets_first_is_kept_and_marked_where_the_public_file_says_the_same(
    settings: Settings,
) -> None:
    record_forecasts(settings, release(settings))
    folder = settings.workspace / "forecasts" / RELEASE
    assert rows(folder / "forecast_made.parquet", "forecast, is_public, value_p50") == [
        (OWN["forecast"], False, 36),
        (FORECAST["forecast"], True, 11_000),
    ]
    assert rows(folder / "chance_made.parquet", "milestone, is_public, chance") == [
        ("cleared", False, Decimal("0.7"))
    ]


def test_a_record_is_written_once(settings: Settings) -> None:
    record_forecasts(settings, release(settings))
    (first,) = sorted((settings.workspace / "forecasts" / RELEASE).glob("forecast*"))
    before = sha256(first), first.stat().st_mtime_ns
    record_forecasts(settings, release(settings))
    assert (sha256(first), first.stat().st_mtime_ns) == before


def test_a_release_without_forecasts_leaves_no_record(settings: Settings) -> None:
    with duckdb.connect(str(release(settings).public_path)) as connection:
        connection.execute("drop table marts.forecast")
    record_forecasts(settings, release(settings))
    assert counted(settings, NOW) == []


def test_a_record_counts_from_when_other_files_are_held(settings: Settings) -> None:
    record_forecasts(settings, release(settings))
    assert counted(settings, THEN) == []
    assert list(record_inputs(settings, THEN)) == []
    assert [path.name for path in counted(settings, NOW)] == [RELEASE]
    names = [name for name, _ in record_inputs(settings, NOW)]
    assert names == [f"forecasts/{RELEASE}/{name}" for name in ("chance_made", "forecast_made")]


def test_a_record_outlives_its_release(settings: Settings) -> None:
    record_forecasts(settings, release(settings))
    (release(settings).folder / "manifest.json").unlink()
    assert [path.name for path in counted(settings, THEN)] == [RELEASE]


def test_only_the_records_that_count_are_landed(settings: Settings) -> None:
    record_forecasts(settings, release(settings))
    landed = settings.landing / "forecast_made" / f"{RELEASE}.parquet"
    land_record(settings, NOW)
    kept = settings.workspace / "forecasts" / RELEASE / "forecast_made.parquet"
    assert sha256(landed) == sha256(kept)
    land_record(settings, THEN)
    assert not landed.exists()
