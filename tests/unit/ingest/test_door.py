"""The way in, end to end, on small files."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import InputError, SendError
from pipelines.ingest import landing, published
from pipelines.ingest.door import Receipt, ingest
from pipelines.ingest.parcel import Parcel
from pipelines.settings import Settings
from tests.unit.ingest.conftest import csv_bytes, row, zip_bytes

TakeIn = Callable[..., Receipt]
Landed = Callable[[str], list[dict[str, Any]]]


def rules(receipt: Receipt) -> dict[str, str | None]:
    """Column by rule."""
    return {item.rule: item.column_name for item in receipt.findings}


def cell(landed: Landed, indicator: str, row_number: int = 2) -> str:
    (value,) = [
        item["value_text"]
        for item in landed("published_cell")
        if item["indicator"] == indicator and item["row_number"] == row_number
    ]
    return str(value)


def test_a_row_lands_with_its_keys_and_cells(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(csv_bytes([row(ehcplans="8461", mainstream_total_pc="32.8")]))
    assert (receipt.kind, receipt.dataset, receipt.vintage) == ("caseload", "caseload", "2025")
    assert (receipt.row_count_in, receipt.row_count_accepted) == (1, 1)
    assert receipt.status == "landed"
    assert rules(receipt) == {}
    (stored,) = landed("published_row")
    assert stored["la_code"] == "860"
    assert (stored["period_kind"], stored["time_period"]) == ("stock", "202425")
    assert (stored["breakdown_topic"], stored["breakdown"]) == ("All", "All")
    assert stored["breakdown_topic_label"] == "All EHC plans"
    assert stored["area_name"] == "Staffordshire"
    assert (stored["vintage_order"], stored["precedence"], stored["row_number"]) == (2025000, 0, 2)
    assert cell(landed, "ehcplans") == "8461"
    assert cell(landed, "mainstream_total_pc") == "32.8"
    (file,) = landed("received_file")
    assert file["file_id"] == stored["file_id"] == file["sha256"][:16]


def test_columns_are_read_by_name_in_any_order_and_case(take_in: TakeIn, landed: Landed) -> None:
    given = row(ehcplans="77")
    shuffled = {name.upper(): given[name] for name in sorted(given, reverse=True)}
    assert rules(take_in(csv_bytes([shuffled]))) == {}
    assert cell(landed, "ehcplans") == "77"


def test_symbols_stay_symbols(take_in: TakeIn, landed: Landed) -> None:
    symbols = ["z", "x", "c", "low", "~", ":"]
    names = ["neet", "neet_other", "fe_total", "special_total", "mainstream_total", "ehcplans"]
    receipt = take_in(csv_bytes([row(**dict(zip(names, symbols, strict=True)))]))
    assert rules(receipt) == {}
    assert [cell(landed, name) for name in names] == symbols


@pytest.mark.parametrize(
    ("printed", "rule", "stored"),
    [
        ("", "blank_cell", "x"),
        ("1,234", "thousands_separator", "1234"),
        ("12,345,678", "thousands_separator", "12345678"),
        ("1,23", "unreadable_cell", "x"),
        ("1234,567", "unreadable_cell", "x"),
        ("twelve", "unreadable_cell", "x"),
        ("nan", "unreadable_cell", "x"),
        ("-inf", "unreadable_cell", "x"),
        ("12 ", None, "12"),
        ("-94", "negative_count", "x"),
        ("-1", "negative_count", "x"),
        ("0", None, "0"),
        ("7.5E-2", "count_not_whole", "7.5E-2"),
        ("1E3", "count_not_whole", "1E3"),
        ("12.5", "count_not_whole", "12.5"),
    ],
)
def test_a_cell_is_a_number_a_symbol_or_a_finding(
    take_in: TakeIn, landed: Landed, printed: str, rule: str | None, stored: str
) -> None:
    receipt = take_in(csv_bytes([row(), row("202324", neet=printed)]))
    assert rules(receipt) == ({rule: "neet"} if rule else {})
    assert cell(landed, "neet", row_number=3) == stored
    for item in receipt.findings:
        if item.rule == rule:
            assert (item.row_count, item.first_row_number) == (1, 3)


def test_an_unknown_column_is_named_and_the_rest_loads(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(csv_bytes([row(brand_new="5")]))
    assert rules(receipt) == {"unknown_column": "brand_new"}
    assert cell(landed, "ehcplans") == "1"
    assert "brand_new" not in {item["indicator"] for item in landed("published_cell")}
    assert [item["rule"] for item in landed("finding")] == ["unknown_column"]


def test_a_missing_column_is_named_and_the_rest_loads(take_in: TakeIn, landed: Landed) -> None:
    given = row()
    del given["neet"]
    assert rules(take_in(csv_bytes([given]))) == {"missing_column": "neet"}
    assert cell(landed, "fe_total") == "1"


def test_a_missing_key_column_refuses_the_file(take_in: TakeIn, workspace: Settings) -> None:
    given = row()
    del given["old_la_code"]
    with pytest.raises(InputError, match="no column old_la_code"):
        take_in(csv_bytes([given]))
    assert not list(workspace.landing.glob("*/*.parquet"))


def test_an_unseen_label_is_named_and_kept(take_in: TakeIn, landed: Landed) -> None:
    rows = [
        row(),
        row(breakdown_topic="Sex", breakdown="female"),
        row(breakdown_topic="Sex", breakdown="Martian"),
        row(breakdown_topic="Moon phase", breakdown="Full"),
    ]
    receipt = take_in(csv_bytes(rows))
    labels = [
        (item.column_name, item.first_row_number)
        for item in receipt.findings
        if item.rule == "unseen_label"
    ]
    assert sorted(labels) == [("breakdown", 4), ("breakdown_topic", 5)]
    stored = [(item["breakdown_topic"], item["breakdown"]) for item in landed("published_row")]
    assert stored == [("All", "All"), ("Sex", "Female"), ("Sex", "Martian"), ("Moon phase", "Full")]


@pytest.mark.parametrize(
    ("topic", "label", "stored"),
    [
        ("Child or young persons age", "age 7", ("Age", "Age 7")),
        ("Age at start of academic year", "Aged 10", ("Age", "Age 10")),
        ("Young persons age", "age 25 or over", ("Age", "Age 25 or over")),
        ("Age when plan started", "unknown", ("Age when plan started", "Age unknown")),
        ("Years EHC plan in place", "1", ("Years plan in place", "1 year")),
        ("Years plan held", "12 years and over", ("Years plan in place", "12 years or more")),
        ("Years plan held", "Under a year", ("Years plan in place", "Less than a year")),
        (
            "Type of placement",
            "Special - Academy/free schools",
            ("Type of placement", "Special - academy/free school"),
        ),
    ],
)
def test_labels_of_all_releases_meet(
    take_in: TakeIn, landed: Landed, topic: str, label: str, stored: tuple[str, str]
) -> None:
    take_in(csv_bytes([row(breakdown_topic=topic, breakdown=label)]))
    (found,) = landed("published_row")
    assert (found["breakdown_topic"], found["breakdown"]) == stored
    assert (found["breakdown_topic_label"], found["breakdown_label"]) == (topic, label)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"geographic_level": "Ward"}, "geographic_level"),
        ({"time_period": "24/25"}, "time_period"),
        ({"old_la_code": "86"}, "old_la_code"),
        ({"geographic_level": "Regional", "region_code": ""}, "region_code"),
    ],
)
def test_a_row_that_cannot_be_placed_is_put_aside(
    take_in: TakeIn, landed: Landed, values: dict[str, str], reason: str
) -> None:
    receipt = take_in(csv_bytes([row(), row(**values), row("202324")]))
    assert (receipt.row_count_in, receipt.row_count_accepted) == (3, 2)
    assert receipt.row_count_quarantined == 1
    (aside,) = landed("quarantined_row")
    assert aside["row_number"] == 3
    assert reason in aside["reason"]
    assert [item["row_number"] for item in landed("published_row")] == [2, 4]


def test_a_ragged_row_is_put_aside(take_in: TakeIn, landed: Landed) -> None:
    lines = csv_bytes([row(), row("202324"), row("202223")]).split(b"\r\n")
    lines[2] += b",extra"
    receipt = take_in(b"\r\n".join(lines))
    assert (receipt.row_count_in, receipt.row_count_accepted) == (3, 2)
    (aside,) = landed("quarantined_row")
    assert (aside["row_number"], "fields" in aside["reason"]) == (3, True)


def test_a_column_twice_is_refused_unless_declared(take_in: TakeIn) -> None:
    lines = csv_bytes([row()]).decode().splitlines()
    twice = "\r\n".join(line + ending for line, ending in zip(lines, (",neet", ",9"), strict=True))
    with pytest.raises(InputError, match="the column neet stands twice"):
        take_in(twice.encode())


def test_a_name_may_lie(take_in: TakeIn) -> None:
    assert take_in(csv_bytes([row()]), "holiday photos.txt").kind == "caseload"


def test_a_file_of_no_known_kind_names_the_nearest_and_is_not_kept(
    take_in: TakeIn, workspace: Settings
) -> None:
    given = row()
    for name in ("ehcplans", "mainstream_total"):
        del given[name]
    with pytest.raises(InputError, match="nearest is 'caseload'; missing: ehcplans") as error:
        take_in(csv_bytes([given | {"oddity": "1"}]), "odd.csv")
    assert "oddity" in error.value.what
    assert error.value.where == "odd.csv"
    assert not [path for path in (workspace.workspace / "raw").rglob("*") if path.is_file()]


def test_the_same_bytes_again_change_nothing(
    take_in: TakeIn, workspace: Settings, tmp_path: Path
) -> None:
    raw = csv_bytes([row()])
    take_in(raw)
    before = {path: path.stat().st_mtime_ns for path in workspace.landing.glob("*/*")}
    again = take_in(raw, "another name.csv")
    assert (again.status, again.vintage, again.row_count_in) == ("already held", "2025", 1)
    assert {path: path.stat().st_mtime_ns for path in workspace.landing.glob("*/*")} == before
    log = (workspace.workspace / "log" / "received.jsonl").read_text().splitlines()
    assert [json.loads(line)["status"] for line in log] == ["landed", "already held"]


def test_a_later_copy_of_a_release_is_a_revision(take_in: TakeIn) -> None:
    vintages = [take_in(csv_bytes([row(ehcplans=str(n))])).vintage for n in (1, 2, 3)]
    assert vintages == ["2025", "2025-r2", "2025-r3"]


def test_the_release_is_told_by_layout_then_by_period(take_in: TakeIn) -> None:
    newer = row("202526")
    assert take_in(csv_bytes([newer])).vintage == "2026"
    split = {name: text for name, text in row("202223").items() if name != "special_academy_free"}
    split |= {"special_academy": "1", "special_free_school": "x"}
    receipt = take_in(csv_bytes([split]))
    assert receipt.vintage == "2026-r2"
    assert rules(receipt) == {"later_edition": None}


def test_a_release_with_an_unknown_member_loads_the_rest(
    workspace: Settings, tmp_path: Path, landed: Landed
) -> None:
    path = tmp_path / "release.zip"
    guidance = b"Plans\n\nThis document describes the data included in the release.\n"
    path.write_bytes(
        zip_bytes({"data/a.csv": csv_bytes([row()]), "b.csv": b"p,q\n1,2\n", "g.txt": guidance})
    )
    receipts = ingest([path], workspace)
    assert [item.status for item in receipts] == ["landed", "refused", "not data"]
    assert {item.archive_name for item in receipts} == {"release.zip"}
    message = receipts[1].findings[0].message
    assert "no known kind of file" in message
    # Without a known column the first line may be a child's row: it is counted, never printed.
    assert "p, q" not in message
    assert "(2)" in message
    assert len(landed("published_row")) == 1


def test_a_named_file_that_fails_does_not_stop_the_others(
    workspace: Settings, tmp_path: Path, landed: Landed
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes(b"p,q\n1,2\n")
    good.write_bytes(csv_bytes([row()]))
    with pytest.raises(InputError, match="no known kind"):
        ingest([bad, good], workspace)
    assert len(landed("published_row")) == 1


def test_a_path_that_does_not_exist(workspace: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        ingest([tmp_path / "gone.csv"], workspace)


def test_only_the_owner_can_read_what_is_written(take_in: TakeIn, workspace: Settings) -> None:
    take_in(csv_bytes([row()]))
    files = [path for path in workspace.workspace.rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in files} == {0}


def test_the_bytes_are_kept_under_their_hash(
    take_in: TakeIn, workspace: Settings, landed: Landed
) -> None:
    raw = csv_bytes([row()])
    take_in(raw)
    file = landed("received_file")[0]
    assert file["kept_sha256"] == file["sha256"]
    assert kept(workspace, file["kept_sha256"]) == raw


def test_a_file_in_a_zip_leads_to_the_kept_zip(
    workspace: Settings, landed: Landed, tmp_path: Path
) -> None:
    path = tmp_path / "release.zip"
    path.write_bytes(zip_bytes({"data/a.csv": csv_bytes([row()])}))
    ingest([path], workspace)
    (file,) = landed("received_file")
    assert file["kept_sha256"] != file["sha256"]
    assert kept(workspace, file["kept_sha256"]) == path.read_bytes()


def kept(workspace: Settings, sha256: str) -> bytes:
    return (workspace.workspace / "raw" / sha256[:2] / sha256).read_bytes()


def test_rows_that_are_not_accounted_for_stop_the_file(
    take_in: TakeIn, workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lossy = Parcel(kind="caseload", source="dfe", row_count_in=2, accepted=1)
    monkeypatch.setattr(published, "read", lambda *_: lossy)
    with pytest.raises(SendError, match="2 rows came in, but 1"):
        take_in(csv_bytes([row(), row("202324")]))
    assert not list(workspace.landing.glob("*/*.parquet"))


def test_an_interrupted_run_is_swept_and_taken_in_again(
    take_in: TakeIn, workspace: Settings, monkeypatch: pytest.MonkeyPatch, landed: Landed
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    raw = csv_bytes([row()])
    with monkeypatch.context() as patch:
        patch.setattr(landing, "commit", stop)
        with pytest.raises(KeyboardInterrupt):
            take_in(raw)
    assert landed("published_row")
    (workspace.landing / "published_row" / "half.123.part").write_bytes(b"PAR1")
    assert take_in(raw).status == "landed"
    assert len(landed("published_row")) == 1
    assert not list(workspace.landing.glob("*/*.part"))
