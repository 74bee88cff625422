"""The XML of a return: the example, what is odd in it, and what is put aside."""

from __future__ import annotations

import io

import pytest

from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import DESCRIBED, EXAMPLE, accounted, same

RAW = EXAMPLE.read_bytes()


def changed(old: str, new: str) -> bytes:
    text = RAW.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def test_the_example_is_read_whole() -> None:
    modules = read_xml(RAW, DESCRIBED)
    accounted(modules)
    counts = {name: table.num_rows for name, table in modules.tables.items()}
    assert counts == {
        "header": 1,
        "person": 9,
        "request": 10,
        "assessment": 8,
        "named_plan": 5,
        "plan_detail": 5,
        "active_plan": 4,
        "placement_detail": 5,
        "sen_need": 5,
        "message": 1,
    }
    assert (modules.quarantined, modules.findings) == ({}, ())
    assert modules.tables["message"].to_pylist()[0] | {"record": 0} == {
        "record": 0,
        "parent": None,
        "row_number": 1,
        "header_count": "1",
        "persons_count": "1",
    }
    fir = modules.tables["person"].to_pylist()[4]
    assert (fir["surname"], fir["sex"], fir["upn"], fir["upn_unknown"]) == ("Fir", "U", None, "UN8")


def test_row_numbers_are_the_lines_of_the_file() -> None:
    modules = read_xml(RAW, DESCRIBED)
    lines = RAW.decode().splitlines()
    compared = 0
    for name, module in DESCRIBED.modules.items():
        for row in modules.tables[name].to_pylist():
            assert f"<{module.element}>" in lines[row["row_number"] - 1]
            compared += 1
    assert compared == 52


def test_a_line_number_beyond_65_535_is_right() -> None:
    modules = read_xml(changed("<Persons>", "<Persons>" + "\n" * 200_000), DESCRIBED)
    assert modules.tables["person"].to_pylist()[0]["row_number"] == 23 + 200_000


def test_requests_lie_in_their_people() -> None:
    modules = read_xml(RAW, DESCRIBED)
    assert modules.tables["request"].column("parent").to_pylist() == [1, 2, 3, 3, 4, 5, 6, 7, 8, 9]
    assert set(modules.tables["person"].column("parent").to_pylist()) == {1}


@pytest.mark.parametrize("kind", ["bytes", "path", "stream"])
def test_every_source_gives_the_same(kind: str) -> None:
    source = {"bytes": RAW, "path": EXAMPLE, "stream": io.BytesIO(RAW)}[kind]
    same(read_xml(source, DESCRIBED), read_xml(RAW, DESCRIBED))  # type: ignore[arg-type]


@pytest.mark.parametrize("change", ["lower", "upper"])
def test_names_are_read_without_regard_to_case(change: str) -> None:
    import re

    raw = re.sub(rb"</?[A-Za-z0-9]+>", lambda tag: getattr(tag[0], change)(), RAW)
    same(read_xml(raw, DESCRIBED), read_xml(RAW, DESCRIBED))


def test_an_alias_is_the_element_itself() -> None:
    raw = changed("<PlanRes>A</PlanRes>", "<PlanRES>A</PlanRES>")
    same(read_xml(raw, DESCRIBED), read_xml(RAW, DESCRIBED))


@pytest.mark.parametrize(
    "sort", ["comment", "instruction", "cdata", "crlf", "bom", "utf-16", "latin-1"]
)
def test_what_xml_allows_changes_nothing(sort: str) -> None:
    text = RAW.decode()
    raw = {
        "comment": changed("<Surname>Alder", "<Surname>Al<!-- a comment -->der"),
        "instruction": changed("<Persons>", "<?note this?><Persons>"),
        "cdata": changed("<Surname>Alder", "<Surname><![CDATA[Alder]]>"),
        "crlf": RAW.replace(b"\n", b"\r\n"),
        "bom": b"\xef\xbb\xbf" + RAW,
        "utf-16": text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
        "latin-1": text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1"),
    }[sort]
    same(read_xml(raw, DESCRIBED), read_xml(RAW, DESCRIBED))


def test_cells_are_trimmed_and_booleans_are_1_and_0() -> None:
    raw = changed("<RYA>0</RYA>", "<RYA> TRUE\n</RYA>").replace(
        b"<Sex>M</Sex>", b"<Sex>  </Sex>", 1
    )
    modules = read_xml(raw, DESCRIBED)
    assert modules.tables["request"].to_pylist()[0]["is_in_youth_accommodation"] == "1"
    assert modules.tables["person"].to_pylist()[0]["sex"] is None


def test_an_unreadable_date_stays_as_printed() -> None:
    modules = read_xml(changed("2018-05-11", "11/05/2018"), DESCRIBED)
    assert modules.tables["person"].to_pylist()[0]["birth_date"] == "11/05/2018"
