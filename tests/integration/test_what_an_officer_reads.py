"""What a council officer meets at the terminal: where a finding stands, and what to do about it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipelines.ingest.recognise import WHAT_IS_READ
from pipelines.ingest.sen2.xml import read_xml
from tests.integration.person_level_files import EXAMPLE, collect
from tests.unit.ingest.sen2.returns import DESCRIBED, five_files_of, workbook_of

Send = Callable[..., subprocess.CompletedProcess[str]]
NOT_IN_FIVE_FILES = {"PLN-08", "ACT-02", "ACT-03", "ACT-07", "HDR-01", "SET-04"}


@pytest.fixture
def send(run_send: Send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Send:
    """The command in a workspace of the sample county."""
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("SEND_COUNCIL", "999")
    return lambda *words: run_send(tmp_path / "workspace", *map(str, words))


@pytest.fixture
def five(tmp_path: Path) -> Path:
    folder = tmp_path / "five"
    folder.mkdir()
    for name, content in five_files_of(read_xml(EXAMPLE, DESCRIBED)).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook_of(read_xml(EXAMPLE, DESCRIBED), 2026))
    return path


def rules_not_run(findings: list[dict[str, str]]) -> set[str]:
    (told,) = [item["message"] for item in findings if item["rule"] == "rules_not_run"]
    return set(told.rpartition(": ")[2].rstrip(".").split(", "))


def test_an_explanation_can_be_written_from_what_ingest_prints(send: Send, tmp_path: Path) -> None:
    done = send("ingest", EXAMPLE)
    line = next(line for line in done.stderr.splitlines() if line.startswith("query REQ-21"))
    assert "request, row 80, person 3, request 2" in line
    record = json.loads(send("ingest", EXAMPLE, "--json").stdout)["files"][0]
    assert record["file_id"] in done.stdout
    assert f"{record['file_id']}  {EXAMPLE.name}" in done.stderr
    text = io.StringIO()
    header = "la_code,rule,explained_file_id,record_key,explanation,decided_by_role,decided_date"
    said = ["Decided in the week after", "Case manager", "2026-01-26"]
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerow(["999", "REQ-21", record["file_id"], "person 3, request 2", *said])
    explained = tmp_path / "explained.csv"
    explained.write_text(text.getvalue(), encoding="utf-8")
    assert send("ingest", explained).returncode == 0
    landing = tmp_path / "workspace" / "landing"
    keys = ("rule", "file_id", "record_key")
    found = [
        tuple(row[key] for key in keys)
        for path in (landing / "record_finding").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    ]
    (path,) = (landing / "finding_explanation").glob("*.parquet")
    (row,) = pq.read_table(path).to_pylist()
    assert (row["rule"], row["explained_file_id"], row["record_key"]) in found


def test_a_finding_names_the_table_of_an_export_in_which_its_row_stands(
    send: Send, tmp_path: Path
) -> None:
    tables = collect(EXAMPLE.read_bytes(), tmp_path / "export")
    own = next(path.name for path in tables if path.stem.lower().endswith("requests"))
    done = send("ingest", tmp_path / "export")
    assert f"query REQ-21: {own}, row 5, person 3, request 2" in done.stderr
    out = tmp_path / "list.csv"
    looked = send("validate", tmp_path / "export", "--out", out)
    assert f"{own}, row 5, person 3, request 2" in looked.stdout
    rows = list(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert {row["file"] for row in rows if row["rule"] == "REQ-21"} == {own}


def test_rules_that_the_five_files_cannot_answer_are_not_run(send: Send, five: Path) -> None:
    done = send("validate", five, "--return-year", "2026", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, "nothing that the form lacks is an error"
    assert rules_not_run(found["findings"]) >= NOT_IN_FIVE_FILES
    run = {item["rule"] for item in found["findings"]}
    assert not run & NOT_IN_FIVE_FILES
    assert run >= {"PER-13", "REQ-21", "ASM-12", "ACT-14"}


def test_a_workbook_without_header_leaves_out_the_rules_of_the_header_alone(
    send: Send, workbook: Path
) -> None:
    done = send("validate", workbook, "--return-year", "2026")
    assert "book.xlsx, sheet 'Requests', row 5, person 3, request 2" in done.stdout
    assert "gender" not in done.stdout, "2026 has none"
    found = json.loads(send("validate", workbook, "--return-year", "2026", "--json").stdout)
    assert {rule[:3] for rule in rules_not_run(found["findings"])} == {"HDR"}


def test_a_column_that_a_workbook_lacks_is_named_as_on_the_sheet(
    send: Send, workbook: Path
) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["Person"]
    place = next(cell.column for cell in sheet[1] if cell.value.lower() == "personbirthdate")
    sheet.delete_cols(place)
    book.save(workbook)
    found = json.loads(send("validate", workbook, "--return-year", "2026", "--json").stdout)
    (told,) = [item for item in found["findings"] if item["rule"] == "missing_column"]
    assert told["message"] == "Person: there is no column for personbirthdate; read as empty."
    assert "PER-13" in rules_not_run(found["findings"])
    assert "PER-13" not in {item["rule"] for item in found["findings"]}


def test_a_file_without_its_year_is_refused_by_name_in_words_and_in_json(
    send: Send, workbook: Path
) -> None:
    done = send("validate", workbook, "--json")
    assert done.returncode == 2
    assert "book.xlsx" in done.stderr
    assert "--return-year" in done.stderr
    record = json.loads(done.stdout)
    assert (record["file"], record["kind"]) == ("book.xlsx", "refused")
    assert "--return-year" in record["findings"][0]["remedy"]


def test_what_holds_for_every_file_is_said_once_a_call(send: Send, tmp_path: Path) -> None:
    letters = [tmp_path / f"{name}.csv" for name in ("one", "two")]
    for letter in letters:
        letter.write_text(f"dear,{letter.stem}\nyes,no\n", encoding="utf-8")
    done = send("ingest", *letters)
    assert done.returncode == 2
    assert done.stderr.count(WHAT_IS_READ) == 1
    assert all(done.stderr.count(letter.name) == 1 for letter in letters)
    extract = tmp_path / "extract.xml"
    extract.write_bytes(EXAMPLE.read_bytes().replace(b"2026-01-15</Ref", b"2025-09-30</Ref"))
    done = send("ingest", EXAMPLE, extract)
    assert done.stderr.count("the district of every person is [x]") == 1
    assert "2 files: No postcode lookup" in done.stderr
