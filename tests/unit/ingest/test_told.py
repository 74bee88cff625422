"""What a reader is told: rows put aside, revisions, files of a wrong form, and in which words."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import InputError
from pipelines.ingest import archive
from pipelines.ingest.door import Receipt, ingest
from pipelines.ingest.words import counted
from pipelines.registry.suites import suites
from pipelines.settings import PROJECT_ROOT, Settings
from tests.unit.ingest.conftest import csv_bytes, row, zip_bytes
from tests.unit.ingest.test_releases_of_ees import wide

TakeIn = Callable[..., Receipt]
Landed = Callable[[str], list[dict[str, Any]]]


def told(receipt: Receipt, rule: str) -> list[Any]:
    return [item for item in receipt.findings if item.rule == rule]


def test_rows_put_aside_are_told_once_a_reason(take_in: TakeIn, landed: Landed) -> None:
    bad = [{"time_period": "24/25"}, {"old_la_code": "86"}, {"old_la_code": "8"}]
    receipt = take_in(csv_bytes([row(), *(row(**values) for values in bad)]))
    found = told(receipt, "rows_put_aside")
    assert [(item.severity, item.row_count, item.first_row_number) for item in found] == [
        ("error", 1, 3),
        ("error", 2, 4),
    ]
    assert found[0].message.startswith("1 row not loaded, the first is row 3: its time_period")
    assert all(item.remedy for item in found)
    assert [item["rule"] for item in landed("finding")] == ["rows_put_aside"] * 2


def test_a_later_edition_says_what_it_changes(take_in: TakeIn) -> None:
    old = [row(ehcplans="10", neet="12"), row("202324"), row("202223")]
    new = [row(ehcplans="11", neet="12.0", fe_total="x"), row("202324"), row("202122")]
    assert not told(take_in(csv_bytes(old)), "later_edition")
    (item,) = told(take_in(csv_bytes(new)), "later_edition")
    assert item.severity == "warning"
    assert (
        "Against edition 2025: 1 row fewer, 1 row more, 2 cells changed, of which 1 value turned "
        "into symbols." in item.message
    )
    (again,) = told(take_in(csv_bytes(old)[:-2]), "later_edition")
    assert "Against edition 2025-r2: 1 row fewer, 1 row more, 2 cells changed" in again.message
    assert "0 values turned" in again.message


def test_files_of_other_releases_are_no_revision(take_in: TakeIn) -> None:
    take_in(csv_bytes([row()]))
    assert not told(take_in(csv_bytes([row("202526")])), "later_edition")


def test_a_file_without_rows_is_refused(take_in: TakeIn, workspace: Settings) -> None:
    header = csv_bytes([row()]).split(b"\r\n")[0]
    with pytest.raises(InputError, match="no rows below the header"):
        take_in(header + b"\r\n")
    with pytest.raises(InputError, match=r"none of its rows could be used \(row 2: its time"):
        take_in(csv_bytes([row("soon")]))
    assert not list(workspace.landing.glob("*/*.parquet"))


def test_a_negative_count_is_kept_only_in_the_release_that_declares_it(
    take_in: TakeIn, landed: Landed
) -> None:
    given = wide("annual_reviews", "2025", "All annual reviews", "2025", no_outcome="-3")
    receipt = take_in(csv_bytes([given]))
    (item,) = told(receipt, "negative_count")
    assert (receipt.vintage, item.severity, item.column_name) == ("2026", "error", "no_outcome")
    stored = {cell["indicator"]: cell["value_text"] for cell in landed("published_cell")}
    assert stored["no_outcome"] == "x"


def test_percentages_may_be_fractions_and_take_no_commas(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(csv_bytes([row(fe_total_pc="1,234", special_total_pc="12.5")]))
    assert [(item.rule, item.column_name) for item in receipt.findings] == [
        ("unreadable_cell", "fe_total_pc")
    ]


def test_a_declared_defect_of_a_place_is_looked_for_where_the_place_is(take_in: TakeIn) -> None:
    whole = "All EHC plans"
    without = take_in(csv_bytes([row(old_la_code="204", time_period="202425"), row("202324")]))
    assert not told(without, "totals_only_2024")
    with_place = take_in(csv_bytes([row("202324", old_la_code="204", breakdown=whole)]))
    (item,) = told(with_place, "totals_only_2024")
    assert "this file shows rows 0" in item.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw.replace(b"\r\n", b"\r"), "carriage return alone"),
        (lambda raw: raw.replace(b",", b";"), "separated by semicolons"),
        (lambda raw: raw.replace(b",", b"\t"), "separated by tabs"),
        (lambda raw: gzip.compress(zip_bytes({"a.csv": raw})), "a zip inside another archive"),
    ],
)
def test_a_file_of_a_wrong_form_is_named_with_a_remedy(
    take_in: TakeIn, change: Callable[[bytes], bytes], words: str
) -> None:
    with pytest.raises(InputError, match=words) as error:
        take_in(change(csv_bytes([row(), row("202324")])))
    assert error.value.remedy


def test_a_zip_within_a_zip_is_named_and_the_rest_loads(
    workspace: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "outer.zip"
    inner = zip_bytes({"b.csv": csv_bytes([row("202324")])})
    path.write_bytes(zip_bytes({"inner.zip": inner, "a.csv": csv_bytes([row()])}))
    receipts = ingest([path], workspace)
    assert [item.status for item in receipts] == ["refused", "landed"]
    assert "Unpack the outer archive" in receipts[0].findings[0].remedy


def test_a_pipe_and_a_device_are_refused(workspace: Settings, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(InputError, match="not a regular file"):
            ingest([path], workspace)


def test_a_file_above_the_cap_is_refused_unread(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as handle:
        handle.truncate(archive.FILE_BYTES_MAX + 1)
    with pytest.raises(InputError, match="larger than 4,000,000,000 bytes") as error:
        ingest([path], workspace)
    assert "split" in error.value.remedy
    monkeypatch.setattr(archive, "FILE_BYTES_MAX", 10)
    path.write_bytes(b"0" * 10)
    with archive.opened(path) as handle:
        assert handle.read() == b"0" * 10


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (13290, "13,290 rows")]
)
def test_plural_words(number: int, words: str) -> None:
    assert counted(number, "row") == words


@pytest.mark.parametrize(
    "values",
    [
        {"neet": "1,000"},
        {"neet": "-1"},
        {"neet": "1.5"},
        {"neet": ""},
        {"neet": "twelve"},
        {"breakdown": "Odd"},
        {"time_identifier": "Odd"},
        {"time_period": "Odd"},
    ],
)
def test_one_is_never_said_with_a_plural(take_in: TakeIn, values: dict[str, str]) -> None:
    receipt = take_in(csv_bytes([row(), row("202324") | values]))
    (item,) = receipt.findings
    assert "1 " in item.message
    assert not [
        word for word in ("1 rows", "1 cells", "1 counts", "1 numbers") if word in item.message
    ]


@pytest.mark.parametrize("table", ["core.published_figure", "kpi.measure_row", "marts.kpi_value"])
def test_an_unseen_topic_is_a_warning_of_the_build(table: str) -> None:
    full = suites(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")[table]
    severity = {metric.id: metric.severity for metric in full.metrics}
    assert severity["unknown_breakdown_topic"] == "warning"
    assert severity["duplicate_keys"] == "critical"
