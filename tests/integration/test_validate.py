"""`send validate`: a file held to the rules, nothing of it kept, and no cell of it told."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.sen2.write_collect import write_collect
from pipelines.ingest.sen2.xml import read_xml
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT
from tests.unit.ingest.test_gias import register

FIXTURES = PROJECT_ROOT / "tests" / "fixtures"
EXAMPLE = FIXTURES / "sen2_example_2026.xml"
GIVEN = FIXTURES / "sen2_example_settings.yml"
GOLDEN = {
    "PER-05": 1,
    "PER-08": 1,
    "PER-13": 3,
    "REQ-21": 1,
    "ASM-12": 1,
    "ASM-15": 1,
    "SET-18": 1,
    "ACT-14": 1,
}
ROWS = {
    "header": 1,
    "person": 9,
    "request": 10,
    "assessment": 8,
    "named_plan": 5,
    "plan_detail": 5,
    "active_plan": 4,
    "placement_detail": 5,
    "sen_need": 5,
}
WITHOUT_FIXTURES = {"HDR-06", "REQ-14", "ACT-09", "SET-04"}
DOCUMENT = ["file", "kind", "year", "rows", "accepted", "quarantined", "findings"]
FINDING = ["rule", "severity", "module", "row", "key", "columns", "message", "remedy"]
# With a fault in every module of each: more than ten thousand in all.
FAULTY_PEOPLE = 1_000

Validate = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def validate(
    tmp_path: Path,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Validate:
    """Run the verb in a workspace that does not exist, with keys that do not exist."""
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    return lambda *words: run_send(tmp_path / "workspace", "validate", *map(str, words))


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


def rules_of(found: dict[str, Any]) -> Counter[str]:
    return Counter(item["rule"] for item in found["findings"])


def test_the_worked_example_fires_exactly_the_rules_of_the_specification(
    validate: Validate,
) -> None:
    done = validate(EXAMPLE, "--settings", GIVEN, "--json")
    found = document(done)
    assert rules_of(found) == Counter(GOLDEN)
    assert {item["severity"] for item in found["findings"]} == {"query"}
    assert done.returncode == 0, "queries are no errors"


def test_without_its_authorities_and_schools_four_more_rules_fire(validate: Validate) -> None:
    done = validate(EXAMPLE, "--json")
    assert set(rules_of(document(done))) == GOLDEN.keys() | WITHOUT_FIXTURES
    assert done.returncode == 1


def test_the_document_has_exactly_the_keys_that_were_agreed(validate: Validate) -> None:
    found = document(validate(EXAMPLE, "--settings", GIVEN, "--json"))
    assert list(found) == DOCUMENT
    assert all(list(item) == FINDING for item in found["findings"])
    assert found["file"] == EXAMPLE.name
    assert (found["kind"], found["year"]) == ("sen2", 2026)
    assert found["rows"] == ROWS
    assert (found["accepted"], found["quarantined"]) == (52, 0)


def test_a_finding_says_where_by_counting(validate: Validate) -> None:
    found = document(validate(EXAMPLE, "--settings", GIVEN, "--json"))
    overdue = next(item for item in found["findings"] if item["rule"] == "REQ-21")
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert overdue["key"] == "person 3, request 2"
    assert lines[overdue["row"] - 1].strip() == "<Requests>"
    assert overdue["columns"] == ["received_date", "request_outcome"]
    assert overdue["module"] == "request"


def test_nothing_is_kept_and_no_key_is_made(validate: Validate, tmp_path: Path) -> None:
    assert validate(EXAMPLE, "--settings", GIVEN).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_an_extract_of_another_day_is_not_held_to_the_census_date(
    validate: Validate, tmp_path: Path
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("2026-01-15", "2026-01-31")
    extract = tmp_path / "extract.xml"
    extract.write_text(text, encoding="utf-8")
    as_return = document(validate(extract, "--settings", GIVEN, "--json"))
    as_extract = document(validate(extract, "--settings", GIVEN, "--in-year", "--json"))
    assert "HDR-04" in rules_of(as_return)
    assert not {"HDR-03", "HDR-04"} & rules_of(as_extract).keys()
    assert as_extract["kind"] == "sen2_in_year"


def test_the_text_groups_by_rule_and_shows_the_first_rows(validate: Validate) -> None:
    done = validate(EXAMPLE, "--settings", GIVEN)
    assert "query PER-13, 3 times:" in done.stdout
    assert "row 111, person 5" in done.stdout
    assert "in all: query 10" in done.stdout


@pytest.mark.parametrize(
    ("content", "what"),
    [
        pytest.param("la_code: 99\n", "la_code", id="code"),
        pytest.param("authority: ['999']\n", "authorities", id="unknown key"),
        pytest.param("establishments: [{urm: '900001'}]\n", "urn", id="unknown column"),
    ],
)
def test_a_settings_file_with_a_slip_is_refused_with_what_was_meant(
    validate: Validate, tmp_path: Path, content: str, what: str
) -> None:
    slip = tmp_path / "slip.yml"
    slip.write_text(content, encoding="utf-8")
    done = validate(EXAMPLE, "--settings", slip)
    assert done.returncode == 2
    assert what in done.stderr


def test_what_is_no_known_file_is_refused(validate: Validate, tmp_path: Path) -> None:
    letter = tmp_path / "letter.csv"
    letter.write_text("dear,sir\nyes,no\n", encoding="utf-8")
    assert validate(letter).returncode == 2
    assert validate(tmp_path / "missing.xml").returncode == 2


# ---- folders, zips and open data ----------------------------------------------------------------


def exported(folder: Path) -> list[Path]:
    """The worked example as the nine tables of a COLLECT export."""
    folder.mkdir(parents=True)
    modules = read_xml(EXAMPLE, sen2(PROJECT_ROOT))
    return write_collect(modules, 2026, folder, date(2026, 2, 2))


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_an_export_in_a_folder_or_zip_is_one_return(
    validate: Validate, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "export"
    tables = exported(path)
    if form == "zip":
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for table in tables:
                archive.write(table, f"export/{table.name}")
    found = document(validate(path, "--settings", GIVEN, "--json"))
    assert found["file"].endswith("and 8 more")
    assert (found["kind"], found["year"], found["rows"]) == ("sen2", 2026, ROWS)
    assert rules_of(found) == Counter(GOLDEN)


def test_two_exports_in_two_folders_are_two_returns(validate: Validate, tmp_path: Path) -> None:
    for name in ("one", "two"):
        exported(tmp_path / "both" / name)
    found = document(validate(tmp_path / "both", "--settings", GIVEN, "--json"))
    assert [item["rows"] for item in found["files"]] == [ROWS, ROWS]


def test_open_data_is_read_and_what_cannot_be_read_beside_it_is_told(
    validate: Validate, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "register.csv").write_bytes(register({}, {"URN": "900002"}, {"URN": "none"}))
    (folder / "letter.csv").write_text("dear,sir\nyes,no\n", encoding="utf-8")
    done = validate(folder, "--json")
    found = {item["file"]: item for item in document(done)["files"]}
    school_list = found["register.csv"]
    assert school_list["kind"] == "establishment"
    assert school_list["rows"] == {"establishment": 3}
    assert (school_list["accepted"], school_list["quarantined"]) == (2, 1)
    letter = found["letter.csv"]["findings"]
    assert [(item["rule"], item["severity"]) for item in letter] == [("refused", "error")]
    assert letter[0]["remedy"]
    assert done.returncode == 1


def test_the_text_says_how_to_get_the_rows_that_it_leaves_out(
    validate: Validate, faulty_return: Path, tmp_path: Path
) -> None:
    assert "--out" in validate(faulty_return, "--settings", GIVEN).stderr
    assert "--out" not in validate(EXAMPLE, "--settings", GIVEN).stderr
    with_list = validate(faulty_return, "--settings", GIVEN, "--out", tmp_path / "list.csv")
    assert "Not every row" not in with_list.stderr


def test_a_return_without_people_is_judged_and_not_taken_in(
    validate: Validate, tmp_path: Path, run_send: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    empty = tmp_path / "empty.xml"
    head = EXAMPLE.read_text(encoding="utf-8").partition("<Persons>")[0]
    empty.write_text(f"{head}<Persons></Persons></Message>", encoding="utf-8")
    assert "HDR-01" in rules_of(document(validate(empty, "--settings", GIVEN, "--json")))
    done = run_send(tmp_path / "workspace", "ingest", str(empty))
    assert done.returncode == 2
    assert "there is no person in it" in done.stderr
    assert not list((tmp_path / "workspace" / "landing").glob("*/*.parquet"))
    assert not list((tmp_path / "workspace" / "raw").glob("*/*"))


def test_a_return_without_year_and_day_is_judged_where_its_year_is_said(
    validate: Validate, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.xml"
    text = EXAMPLE.read_text(encoding="utf-8")
    text = re.sub(r"<(Year|ReferenceDate)>[^<]*</\1>", "", text, count=2)
    bare.write_text(text, encoding="utf-8")
    refused = validate(bare, "--settings", GIVEN, "--json")
    assert refused.returncode == 2
    assert "--return-year" in refused.stderr
    found = document(validate(bare, "--settings", GIVEN, "--return-year", "2026", "--json"))
    assert {"HDR-03", "HDR-04"} <= rules_of(found).keys()


def test_a_return_of_another_year_than_is_said_breaks_the_rule_of_the_year_and_is_not_filed(
    validate: Validate, tmp_path: Path, run_send: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    said = ("--return-year", "2025")
    found = document(validate(EXAMPLE, "--settings", GIVEN, *said, "--json"))
    assert {"HDR-03", "HDR-04"} <= rules_of(found).keys()
    assert found["year"] == 2025
    done = run_send(tmp_path / "workspace", "ingest", str(EXAMPLE), *said)
    assert done.returncode == 2
    assert "its header says 2026, and --return-year says 2025" in done.stderr
    assert not list((tmp_path / "workspace" / "landing").glob("*/*.parquet"))
    assert not list((tmp_path / "workspace" / "raw").glob("*/*"))


# ---- ten thousand faults ------------------------------------------------------------------------

CANARY = {
    "Surname": "Zqsurname",
    "Forename": "Zqforename",
    "PostCode": "ZQ9 9ZQ9",
    "UPN": "Q123456789012",
    "UniqueLearnerNumber": "Zqlearner",
    "PersonBirthDate": "2017-13-133",
    "SENSettingOther": "Zqfreetext",
    "RequestOutcomeDate": "03/04/2025 Zq",
}


def faulty_person(number: int) -> str:
    """A person with a fault in every module, whose every text could be told from all others."""
    own = {name: f"{text[:-1]}{number}" for name, text in CANARY.items()}
    cells = "".join(f"<{name}>{own[name]}</{name}>" for name in list(CANARY)[:6])
    return (
        f"<Person>{cells}<Sex>{own['Surname']}</Sex><Ethnicity>{own['Forename']}</Ethnicity>"
        f"<Requests><RequestOutcome>{own['Surname']}</RequestOutcome>"
        f"<RequestOutcomeDate>{own['RequestOutcomeDate']}</RequestOutcomeDate>"
        "<Assessment><AssessmentOutcome>X</AssessmentOutcome><NamedPlan>"
        f"<PlanDetail><URN>{own['UPN']}</URN><SENSettingOther>{own['SENSettingOther']}"
        "</SENSettingOther></PlanDetail></NamedPlan></Assessment>"
        f"<ActivePlans><SENneed><SENtype>{own['Surname']}</SENtype></SENneed></ActivePlans>"
        "</Requests></Person>\n"
    )


@pytest.fixture(scope="module")
def faulty_return(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faulty") / "return.xml"
    head = EXAMPLE.read_text(encoding="utf-8").partition("<Persons>")[0]
    people = "".join(faulty_person(number) for number in range(FAULTY_PEOPLE))
    path.write_text(f"{head}<Persons>{people}</Persons></Message>", encoding="utf-8")
    return path


def test_no_finding_holds_any_text_of_a_person(
    validate: Validate, faulty_return: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    done = validate(faulty_return, "--settings", GIVEN, "--json", "--out", listed)
    found = document(done)
    assert done.returncode == 1
    assert len(found["findings"]) > 10 * FAULTY_PEOPLE, "a fault in every module of every person"
    said = done.stdout + listed.read_text(encoding="utf-8")
    for text in CANARY.values():
        assert text[:-1] not in said
    assert not re.search(r"[A-Z]\d{12}", said)


def test_ten_thousand_faults_stay_readable(
    validate: Validate, faulty_return: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    done = validate(faulty_return, "--settings", GIVEN, "--out", listed)
    lines = done.stdout.splitlines()
    assert len(lines) < 250
    assert "error PER-02, 1,000 times:" in done.stdout
    assert "and 997 more" in done.stdout
    with listed.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert Counter(row["rule"] for row in rows)["PER-02"] == FAULTY_PEOPLE
    assert not [
        row for row in rows if any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    ]
