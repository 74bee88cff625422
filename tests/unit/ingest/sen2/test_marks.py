"""A file's form by its content, and what one that is none of them is told."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.sen2.marks import form_of, nearest_of
from pipelines.ingest.sen2.write_collect import write_collect
from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import (
    DESCRIBED,
    EXAMPLE,
    five_files_of,
    template_of,
    workbook_of,
)

RAW = EXAMPLE.read_bytes()
MODULES = read_xml(RAW, DESCRIBED)


def test_a_return_as_xml_is_known_by_its_head_alone() -> None:
    assert form_of(RAW, DESCRIBED) == "sen2_xml"
    assert form_of(RAW[:800], DESCRIBED) == "sen2_xml"
    assert form_of(RAW.decode().encode("utf-16"), DESCRIBED) == "sen2_xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [(b">SEN2<", b">SEN3<"), (b"Message>", b"Letter>"), (b"<Message>", b"<!DOCTYPE m><Message>")],
    ids=["other-collection", "other-root", "doctype"],
)
def test_a_faulty_return_is_still_one_so_that_its_reader_can_say_why(
    old: bytes, new: bytes
) -> None:
    assert form_of(RAW.replace(old, new), DESCRIBED) == "sen2_xml"


def test_each_table_of_collect_is_known_by_its_columns(tmp_path: Path) -> None:
    paths = write_collect(MODULES, 2026, tmp_path, date(2026, 2, 3))
    forms = [form_of(path.read_bytes(), DESCRIBED) for path in paths]
    assert forms == [
        f"sen2_collect:{table}"
        for table in (
            *("sen2", "person", "requests", "assessment", "namedplan", "plandetail"),
            *("activeplans", "placementdetail", "senneed"),
        )
    ]


def test_workbooks_are_known_by_their_sheets() -> None:
    assert form_of(template_of(MODULES, 2026), DESCRIBED) == "sen2_template"
    assert form_of(workbook_of(MODULES, 2026), DESCRIBED) == "sen2_presubmission"


def test_the_five_files_are_known_by_their_headings() -> None:
    forms = {name: form_of(raw, DESCRIBED) for name, raw in five_files_of(MODULES).items()}
    assert forms == {f"m{n}.csv": f"sen2_five_file:m{n}" for n in range(1, 6)}


def sheets(*names: str) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = names[0]
    for name in names[1:]:
        book.create_sheet(name)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


OTHERS = {
    "empty": b"",
    "spaces": b" \n",
    "published": b"time_period,time_identifier,geographic_level\n2025,Academic year,National\n",
    "census table": b"pupilonrolltableid,NativeId,schoolcensustableid,upn\n1,1,1,A\n",
    "annex a": b"Surname,Forename,Date of Birth\nA,B,2010-01-01\n",
    "other xml": b"<Message><Header><Collection>CIN</Collection></Header><Children/></Message>",
    "page": b"<html><body>Requests</body></html>",
    "json": b'{"type": "FeatureCollection"}',
    "workbook": sheets("Sheet1"),
    "half a zip": sheets("Sheet1")[:300],
    "two sheets": sheets("Person", "Requests"),
}


@pytest.mark.parametrize("sort", sorted(OTHERS))
def test_other_files_are_none_of_them(sort: str) -> None:
    assert form_of(OTHERS[sort], DESCRIBED) is None


@given(st.binary(max_size=200))
def test_random_bytes_are_none_of_them(raw: bytes) -> None:
    assert form_of(raw, DESCRIBED) is None
    assert nearest_of(raw, DESCRIBED) == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OTHERS["other xml"], "most like a SEN2 return as XML; missing: 'SEN2' in Collection"),
        (b"<Letter><a/></Letter>", "XML whose root is 'Letter'"),
        (OTHERS["two sheets"], "missing sheets: Assessments, Named Plan"),
        (
            b"senneedtableid;activeplanstableid;sentype;sentyperank\n",
            "",
        ),
        (
            b"senneedtableid,sentype,sentyperank\n1,ASD,1\n",
            "",
        ),
        (
            b"surname,forename,personbirthdate,sex,ethnicity,postcode,upn,uniquelearnernumber\n",
            "most like the COLLECT table person; missing columns: persontableid, sen2tableid",
        ),
        (b"Person ID,Surname,Forename\n", "most like the five-file table m1; missing columns: Dob"),
        (b"a,b\n", ""),
    ],
    ids=["xml", "root", "sheets", "semicolons", "half-table", "no-keys", "five-file", "nothing"],
)
def test_the_nearest_form_says_what_is_missing(content: bytes, words: str) -> None:
    said = nearest_of(content, DESCRIBED)
    assert words in said
    assert bool(words) == bool(said) or form_of(content, DESCRIBED) is not None
