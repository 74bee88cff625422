"""Two releases of a small county: what the first foretold is scored once the next return has come.

The files are the sample county's own, taken in, built and published by the product: first what was
known at the end of September 2025, then the months since and the return of January 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.progress import Progress

from pipelines.assembly import build_in_process
from pipelines.ingest.door import Asked, ingest
from pipelines.judgement.record import record
from pipelines.release import approve
from pipelines.release.reader import Release, find_release
from pipelines.settings import SAMPLE_COUNTY, Settings
from pipelines.synthetic.county import SEED, make_county
from pipelines.synthetic.files import write_county

pytestmark = pytest.mark.long

SCALE, MONTHS = 0.03, 9
# Two returns that can be matched are enough; the oldest would only take time.
FROM_2024 = 1
KNOWN_FIRST = "extract-2025-09"
APPROVAL = "sample data (automatic)", "Built by the tests, to be held against what came"
# What the first release said, and what came, asked for without the table that is tested.
STATED = """
select value.kpi, value_p10, value_p50, value_p90, origin_value
from marts.forecast_value as value inner join marts.forecast using (forecast)
where forecast.la_code = ? and forecast_basis = 'matched_returns' and is_shown_first
    and value.period = ?
order by value.kpi
"""
CAME = """
select kpi, value from marts.kpi_value
where la_code = ? and period = ? and source = 'council' and is_newest_of_source
    and period_kind = 'stock' and breakdown_topic = 'All' and breakdown = 'All'
    and value is not null
"""
CHANCES = "select milestone, chance from marts.plan_status where chance is not null"
MET = "select milestone, milestone_status = 'met' as is_met from marts.plan_milestone"
SCORED = """
select * from marts.forecast_score
where stated_kind = ? and release_id = ?
    and (stated_kind = 'chance' or forecast_basis = 'matched_returns')
    and (actual_value is not null or has_happened is not null)
order by kpi, stated_about
"""
NEXT_RETURN = "2026-01"


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch
) -> Settings:
    folder = tmp_path_factory.mktemp("scored")
    monkeypatch_module.setenv("SEND_KEYS", str(folder / "keys"))
    monkeypatch_module.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    return Settings(workspace=folder / "workspace", council=SAMPLE_COUNTY)


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        yield patched


@pytest.fixture(scope="module")
def releases(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, ...]:
    """The one of September 2025, and the one after the next return."""
    files = write_county(make_county(SEED, SCALE), tmp_path_factory.mktemp("files"), MONTHS)
    early = [path for path in files.extracts if path.stem <= KNOWN_FIRST]
    late = [path for path in files.extracts if path.stem > KNOWN_FIRST]
    before, newest = files.returns[FROM_2024:-1], files.returns[-1:]
    first = _published(settings, [*files.registers, *before], early)
    return first, _published(settings, newest, late)


def _published(settings: Settings, files: Sequence[Path], extracts: Sequence[Path]) -> Release:
    for asked, paths in ((Asked(), files), (Asked(is_in_year=True), extracts)):
        ingest(list(paths), settings, asked=asked)
    outcome = build_in_process(settings, Progress(disable=True))
    assert outcome.failed_checks == ()
    release = find_release(settings.workspace, outcome.release_id)
    return approve.publish(settings, release, *APPROVAL)


def rows(release: Release, sql: str, *values: object) -> list[dict[str, Any]]:
    """What a release says in its officers' file."""
    with closing(duckdb.connect(str(release.officer_path), read_only=True)) as connection:
        found: list[dict[str, Any]] = connection.execute(sql, values).to_arrow_table().to_pylist()
    return found


def test_nothing_is_scored_before_anything_has_come(releases: tuple[Release, ...]) -> None:
    first, _ = releases
    assert rows(first, STATED, SAMPLE_COUNTY, NEXT_RETURN)
    assert rows(first, "select * from marts.forecast_score") == []


def test_a_range_is_held_against_the_value_of_the_next_return(
    releases: tuple[Release, ...],
) -> None:
    first, second = releases
    stated = rows(first, STATED, SAMPLE_COUNTY, NEXT_RETURN)
    came = {row["kpi"]: row["value"] for row in rows(second, CAME, SAMPLE_COUNTY, NEXT_RETURN)}
    scored = [
        row for row in rows(second, SCORED, "range", first.id) if row["period"] == NEXT_RETURN
    ]
    assert [row["kpi"] for row in scored] == [row["kpi"] for row in stated]
    assert {"plans_maintained", "mainstream_share"} <= {row["kpi"] for row in scored}
    for said, row in zip(stated, scored, strict=True):
        actual = came[said["kpi"]]
        assert row["actual_value"] == actual
        assert row["forecast_error"] == said["value_p50"] - actual
        assert row["naive_error"] == said["origin_value"] - actual
        assert row["is_in_range"] is (said["value_p10"] <= actual <= said["value_p90"])


def test_a_chance_is_held_against_the_milestone_once_its_day_has_passed(
    releases: tuple[Release, ...],
) -> None:
    first, second = releases
    stated = {row["milestone"]: row["chance"] for row in rows(first, CHANCES)}
    is_met = {row["milestone"]: row["is_met"] for row in rows(second, MET)}
    scored = rows(second, SCORED, "chance", first.id)
    assert scored
    for row in scored:
        milestone = row["stated_about"].split(" by ")[0]
        assert row["chance"] == stated[milestone]
        assert row["has_happened"] is is_met[milestone]
        error = float(stated[milestone]) - float(is_met[milestone])
        assert float(row["squared_error"]) == pytest.approx(error**2, abs=1e-6)


def test_a_reader_is_told_how_good_the_forecasts_were(releases: tuple[Release, ...]) -> None:
    first, second = releases
    scored = rows(second, SCORED, "range", first.id)
    (chance,) = (
        row for row in rows(second, SCORED, "chance", first.id) if row["kpi"] == "mainstream_share"
    )
    with closing(duckdb.connect(str(second.officer_path), read_only=True)) as connection:
        told = record(connection, ["plans_maintained", "mainstream_share"], SAMPLE_COUNTY)
    (plans,) = (row for row in scored if row["kpi"] == "plans_maintained")
    assert told[0]["ranges"]["count"] == 1
    assert told[0]["ranges"]["signed_error"] == pytest.approx(float(plans["forecast_error"]))
    assert told[1]["chances"]["count"] == 1
    assert told[1]["chances"]["brier"] == pytest.approx(float(chance["squared_error"]), abs=1e-6)
