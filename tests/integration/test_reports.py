"""`send report`: the one page, the workbook and the evidence pack of real small releases."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from dashboards import formats
from dashboards.words.sources import SAMPLE
from pipelines.release.reader import Release, connect, current_release
from pipelines.settings import SAMPLE_COUNTY

Send = Callable[..., subprocess.CompletedProcess[str]]
ENDINGS = {"one-page": "pdf", "workbook": "xlsx", "audit": "zip"}
HOME = "E10000028"


@dataclass(frozen=True)
class Made:
    """A release, and the reports that the command made of it."""

    release: Release
    is_sample: bool
    reports: dict[str, bytes]


def made(send: Send, workspace: Path, folder: Path, *, is_sample: bool) -> Made:
    reports = {}
    for kind, ending in ENDINGS.items():
        out = folder / f"report.{ending}"
        done = send(workspace, "report", "--kind", kind, "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("\n") == 1, "the command says one thing, and nothing warns"
        reports[kind] = out.read_bytes()
    release = current_release(workspace)
    assert release is not None
    return Made(release, is_sample, reports)


@pytest.fixture(scope="module")
def facts(run_send: Send, sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(run_send, sample_workspace, tmp_path_factory.mktemp("facts"), is_sample=False)


@pytest.fixture(scope="module")
def county(
    run_send: Send, county_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> Made:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
        return made(run_send, county_workspace, tmp_path_factory.mktemp("county"), is_sample=True)


@pytest.fixture(params=["facts", "county"])
def each(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


def rows_of(release: Release, path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


# The one page.


def pdf_of(found: Made) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(found.reports["one-page"]))


def elements(node: Any) -> Iterator[Any]:
    """Every element of the tree of tags, in the order in which it is read."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for part in node:
            yield from elements(part)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_the_report_is_one_tagged_page_that_says_its_title_and_language(each: Made) -> None:
    pdf = pdf_of(each)
    root = pdf.trailer["/Root"]
    assert len(pdf.pages) == 1
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert str(pdf.metadata.title).endswith(": the position")
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_the_report_has_headings_in_order_and_a_text_for_every_picture(each: Made) -> None:
    tags = list(elements(pdf_of(each).trailer["/Root"]["/StructTreeRoot"]["/K"]))
    levels = [int(tag["/S"][2:]) for tag in tags if str(tag["/S"]) in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = [after - before for before, after in itertools.pairwise(levels)]
    assert max(steps) == 1
    pictures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert len(pictures) > 5
    assert all(str(tag["/Alt"]).startswith("From ") for tag in pictures)


def test_the_report_brings_its_own_fonts(each: Made) -> None:
    fonts = pdf_of(each).pages[0]["/Resources"]["/Font"]
    assert fonts
    for font in fonts.values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(inner.get_object())


def test_the_report_says_where_it_comes_from_and_that_a_sample_is_one(each: Made) -> None:
    text = " ".join(pdf_of(each).pages[0].extract_text().split())
    for part in (f"Release {each.release.id}", "Source: ", "Open Government Licence v3.0"):
        assert part in text
    assert (SAMPLE in text) == each.is_sample
    assert ("The county's time ends with January 2026" in text) == each.is_sample


# The workbook.


def book_of(found: Made) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(found.reports["workbook"]))


def table_rows(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet's one table by their headings, notes to a heading left out."""
    (table,) = sheet.tables.values()
    head, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_begins_with_cover_contents_and_notes(each: Made) -> None:
    book = book_of(each)
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    listed = [row["Sheet name"] for row in table_rows(book["Contents"])]
    assert listed == book.sheetnames[3:]
    cover = " ".join(str(cell.value) for cell in book["Cover"]["A"])
    assert each.release.id in cover
    assert "Open Government Licence" in cover
    assert (SAMPLE in cover) == each.is_sample


def test_each_sheet_has_one_marked_table_from_its_first_column(each: Made) -> None:
    book = book_of(each)
    sheets = [book[name] for name in book.sheetnames[1:]]
    assert len(sheets) > 10
    for sheet in sheets:
        (table,) = sheet.tables.values()
        assert sheet["A1"].value
        assert table.ref.startswith("A")
        assert int(table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) == (
            sheet.max_row
        )
        assert not sheet.merged_cells.ranges
        assert not [row for row, shape in sheet.row_dimensions.items() if shape.hidden]


def test_no_cell_of_a_table_is_empty_or_runs(each: Made) -> None:
    book, seen = book_of(each), 0
    for name in book.sheetnames[1:]:
        (table,) = book[name].tables.values()
        for row in book[name][table.ref]:
            for cell in row:
                seen += 1
                assert cell.value not in (None, ""), f"{name} {cell.coordinate}"
                assert cell.data_type in ("s", "n")
    assert seen > 400


def test_every_symbol_on_a_sheet_is_explained_above_its_table(each: Made) -> None:
    book, seen = book_of(each), 0
    for name in book.sheetnames[3:]:
        sheet = book[name]
        (table,) = sheet.tables.values()
        top = int(table.ref.split(":")[0].lstrip("A"))
        above = [str(sheet.cell(row, 1).value) for row in range(1, top)]
        cells = " ".join(str(cell.value) for row in sheet[table.ref] for cell in row)
        for symbol in formats.SYMBOLS:
            if f"[{symbol}]" in cells:
                seen += 1
                assert any(line.startswith(f"[{symbol}] ") for line in above), (name, symbol)
    assert seen


def test_the_workbook_holds_the_public_figures_of_send_kpi(
    facts: Made, run_send: Send, sample_workspace: Path
) -> None:
    done = run_send(sample_workspace, "kpi", "--area", HOME, "--role", "public", "--json")
    assert done.returncode == 0, done.stderr
    stated: dict[str, dict[str, Any]] = {}
    for value in json.loads(done.stdout)["values"]:
        shown = value["value"] if value["value"] is not None else f"[{value['symbol']}]"
        stated.setdefault(value["title"], {})[value["period_label"]] = shown
    book = book_of(facts)
    found = {}
    for name in book.sheetnames[3:]:
        rows = table_rows(book[name])
        column = next((head for head in rows[0] if head.startswith("Staffordshire (")), None)
        if column is not None:
            title = str(book[name]["A1"].value).partition(", Staffordshire")[0]
            found[title] = {row["Period"]: row[column] for row in rows}
    assert len(found) == 8
    assert found == {title: stated[title] for title in found}


# The evidence pack.


def pack_of(found: Made) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(found.reports["audit"])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def csv_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_pack_has_the_sql_of_every_published_measure_as_it_was_run(each: Made) -> None:
    pack, path = pack_of(each), each.release.evidence_path
    listed = csv_of(pack["measures.csv"])
    sql = "select distinct kpi from marts.kpi_value"
    published = {kpi for (kpi,) in rows_of(each.release, each.release.public_path, sql)}
    assert {row["kpi"] for row in listed} == published
    texts = dict(
        rows_of(each.release, path, "select table_name, sql from evidence.evidence.model_sql")
    )
    for row in listed:
        assert pack[row["sql"]].decode() == texts[f"kpi.{row['kpi']}"]


def test_the_pack_holds_manifest_and_approval_as_they_stand(each: Made) -> None:
    pack = pack_of(each)
    beside = {path.name for path in each.release.folder.glob("*.json")}
    assert {"manifest.json", "approval.json"} <= beside
    for name in beside & {"manifest.json", "approval.json", "diff.json"}:
        assert pack[f"release/{name}"] == (each.release.folder / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("files.csv", "file"),
        ("findings.csv", "finding"),
        ("rules.csv", "rule_finding"),
        ("record_rules.csv", "record_finding_summary"),
        ("checks.csv", "check_result"),
        ("lineage.csv", "lineage"),
    ],
)
def test_the_pack_holds_every_row_of_the_evidence(each: Made, name: str, table: str) -> None:
    sql = f"select count(*) from evidence.evidence.{table}"  # noqa: S608
    ((count,),) = rows_of(each.release, each.release.evidence_path, sql)
    assert len(csv_of(pack_of(each)[name])) == count


def test_the_pack_says_how_small_numbers_were_protected_or_that_none_had_to_be(
    facts: Made, county: Made
) -> None:
    verdict = csv_of(pack_of(county)["disclosure.csv"])
    assert int(verdict[0]["sought"]) > 0
    assert len(csv_of(pack_of(county)["withheld.csv"])) == int(verdict[0]["withheld"])
    assert "disclosure.csv" not in pack_of(facts)
    assert b"no small number had to be protected" in pack_of(facts)["README.md"]


def test_the_crate_describes_each_file_of_the_pack_with_its_hash(each: Made) -> None:
    pack = pack_of(each)
    crate = json.loads(pack.pop("ro-crate-metadata.json"))
    found = {item["@id"]: item for item in crate["@graph"] if item["@type"] == "File"}
    assert set(found) == set(pack)
    for name, content in pack.items():
        assert found[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert found[name]["description"]


def test_no_child_and_no_name_of_the_councils_files_is_in_any_report(county: Made) -> None:
    release = county.release
    people = rows_of(release, release.officer_path, "select distinct pseudonym from cases.person")
    files = rows_of(
        release,
        release.evidence_path,
        "select distinct unnest([file_name, archive_name]) from evidence.evidence.file "
        "where source = 'council'",
    )
    secret = {text for (text,) in [*people, *files] if text}
    assert len(people) > 100
    assert len(files) > 10
    texts = [*pack_of(county).values(), pdf_of(county).pages[0].extract_text().encode()]
    with zipfile.ZipFile(io.BytesIO(county.reports["workbook"])) as archive:
        texts += [archive.read(name) for name in archive.namelist()]
    everything = b"\n".join(texts).decode("utf-8", errors="replace")
    assert [text for text in sorted(secret) if text in everything] == []


# The command.


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_report_of_the_same_release_has_the_same_bytes(
    facts: Made, run_send: Send, sample_workspace: Path, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / f"again.{ENDINGS[kind]}"
    done = run_send(
        sample_workspace,
        *("report", "--kind", kind, "--out", str(out), "--release", facts.release.id),
    )
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == facts.reports[kind]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "workbook", "--out", "report.pdf"), "ends with .xlsx"),
        (("--kind", "audit", "--out", "a.zip", "--release", "2020-01-01-none"), "no release"),
    ],
    ids=["wrong-ending", "unknown-release"],
)
def test_a_wrong_use_is_named_with_its_remedy(
    run_send: Send, sample_workspace: Path, words: tuple[str, ...], said: str
) -> None:
    done = run_send(sample_workspace, "report", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "What to do: " in done.stderr


def test_without_a_release_the_command_says_what_to_run(run_send: Send, tmp_path: Path) -> None:
    done = run_send(tmp_path, "report", "--kind", "workbook", "--out", str(tmp_path / "a.xlsx"))
    assert done.returncode == 2
    assert "send build" in done.stderr
    assert not (tmp_path / "a.xlsx").exists()
