"""A file lands whole or not at all, whenever the run stops, and can be read again."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.ingest import door, landing, published
from pipelines.ingest.door import Receipt, ingest
from pipelines.ingest.reading import version_of
from pipelines.settings import PROJECT_ROOT, Settings
from tests.unit.ingest.conftest import csv_bytes, row, spec
from tests.unit.ingest.test_other_sources import TRIBUNAL
from tests.unit.ingest.test_releases_of_ees import long_2022

TakeIn = Callable[..., Receipt]
Landed = Callable[[str], list[dict[str, Any]]]
Content = dict[str, list[dict[str, Any]]]


class Stop(BaseException):
    """The process ends here, as if it were killed."""


SEVERAL = "sen2_wbp_residential_dmo"


def parts_2022() -> bytes:
    """One row of the file that is three data sets."""
    columns = [name for part in spec(SEVERAL).parts.values() for name in part.columns]
    return csv_bytes([long_2022("2022", **dict.fromkeys(columns, "1"))])


def content(workspace: Settings) -> Content:
    """Every row in landing/, by table, in a fixed order."""
    found: Content = {}
    for path in sorted(workspace.landing.glob("*/*.parquet")):
        found.setdefault(path.parent.name, []).extend(pq.read_table(path).to_pylist())
    return {table: sorted(rows, key=str) for table, rows in found.items()}


def stop_at(patch: pytest.MonkeyPatch, number: int, *, at_renames: bool = False) -> None:
    """Stop when the file of that number has been written, or renamed."""
    count = itertools.count(1)

    def counting(made: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any, **named: Any) -> Any:
            result = made(*arguments, **named)
            if next(count) == number:
                raise Stop
            return result

        return act

    patch.setattr(landing, "write_table", counting(landing.write_table))
    if at_renames:
        patch.setattr(Path, "replace", counting(Path.replace))


@pytest.mark.parametrize("raw", [parts_2022(), TRIBUNAL.encode()], ids=[SEVERAL, "tribunal"])
def test_a_stop_after_any_step_loses_no_part(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(raw)
    whole = Settings(workspace=tmp_path / "whole")
    ingest([path], whole)
    stops = 0
    for number in itertools.count(1):
        workspace = Settings(workspace=tmp_path / str(number))
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, number)
            try:
                ingest([path], workspace)
            except Stop:
                stops += 1
            else:
                break
        (receipt,) = ingest([path], workspace)
        assert receipt.status in {"landed", "already held"}
        assert content(workspace) == content(whole)
    assert stops >= 7


def test_a_file_of_several_parts_has_one_record(
    take_in: TakeIn, workspace: Settings, landed: Landed
) -> None:
    take_in(parts_2022())
    (record,) = (workspace.landing / "received_file").iterdir()
    rows = landed("received_file")
    assert {item["file_id"][:16] for item in rows} == {record.stem}
    assert len(rows) == len(spec(SEVERAL).parts)


def test_the_same_bytes_are_read_again_once_the_descriptions_have_changed(
    take_in: TakeIn, workspace: Settings, landed: Landed, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = csv_bytes([row(ehcplans="1")]), csv_bytes([row(ehcplans="2")])
    take_in(first)
    take_in(second)
    before = content(workspace)
    monkeypatch.setattr(door, "version_of", lambda _: "f" * 16)
    again = take_in(first)
    assert (again.status, again.vintage) == ("read again", "2025")
    assert take_in(second).vintage == "2025-r2"
    assert take_in(second).status == "already held"
    assert {item["reading_version"] for item in landed("received_file")} == {"f" * 16}
    after = content(workspace)
    assert after["published_row"] == before["published_row"]
    assert after["published_cell"] == before["published_cell"]
    assert after["finding"] == before["finding"]


def test_a_stop_while_a_file_is_read_again_leaves_one_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reading has no finding, and other labels than the first."""
    path = tmp_path / "file.csv"
    path.write_bytes(csv_bytes([row(), row(breakdown_topic="Moon", breakdown="Full")]))
    stops = 0
    for number in itertools.count(1):
        workspace = Settings(workspace=tmp_path / str(number))
        ingest([path], workspace)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(door, "version_of", lambda _: "f" * 16)
            patch.setattr(published, "read", _without_findings(published.read))
            with pytest.MonkeyPatch.context() as stopped:
                stop_at(stopped, number, at_renames=True)
                try:
                    ingest([path], workspace)
                    is_over = True
                except Stop:
                    stops += 1
                    is_over = False
            landing.sweep(workspace)
            _assert_one_reading(content(workspace))
            ingest([path], workspace)
        assert not content(workspace)["finding"]
        assert not list(workspace.landing.glob("*/*.next"))
        if is_over:
            break
    assert stops > 5


def _without_findings(read: Callable[..., Any]) -> Callable[..., Any]:
    def act(*arguments: Any) -> Any:
        from dataclasses import replace

        return replace(read(*arguments), findings=())

    return act


def _assert_one_reading(found: Content) -> None:
    """The record and the findings are of one reading, with all rows and cells."""
    (record,) = found["received_file"]
    assert bool(found["finding"]) == (record["reading_version"] != "f" * 16)
    assert len(found["published_row"]) == 2
    assert len(found["published_cell"]) == 2 * len(spec("caseload").columns_of("2025"))


def test_records_of_an_earlier_layout_give_way(take_in: TakeIn, workspace: Settings) -> None:
    """One record a part, without reading_version, as they were once written."""
    raw = parts_2022()
    take_in(raw)
    before = content(workspace)
    (record,) = (workspace.landing / "received_file").iterdir()
    table = pq.read_table(record).drop_columns(["reading_version"])
    record.unlink()
    for at, item in enumerate(table.to_pylist()[:-1]):
        pq.write_table(table.slice(at, 1), record.with_name(f"{item['file_id']}.parquet"))
    assert take_in(raw).status == "read again"
    assert content(workspace) == before
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_the_reading_changes_with_what_describes_the_sources(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name / "data" / "reference"
        (folder / "sources").mkdir(parents=True)
        (folder / "sources" / "ees.yml").write_text("source: dfe")
        (folder / "corrections.yml").write_text(f"corrections: [{name}]")
        (folder / "region.csv").write_text("region_code")
    assert version_of(tmp_path / "one") != version_of(tmp_path / "two")
    assert len(version_of(PROJECT_ROOT)) == 16


def test_every_table_is_flushed_before_the_record_is_written(
    take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    flush_file, flush_folder = landing.sync_file, landing.sync_folder

    def file(path: Path) -> None:
        steps.append(path.parent.name)
        flush_file(path)

    def folder(path: Path) -> None:
        steps.append(f"{path.name}/")
        flush_folder(path)

    monkeypatch.setattr(landing, "sync_file", file)
    monkeypatch.setattr(landing, "sync_folder", folder)
    take_in(csv_bytes([row()]))
    tables = ("published_cell", "published_row", "received_file")
    assert steps == [name for table in tables for name in (table, f"{table}/")]
