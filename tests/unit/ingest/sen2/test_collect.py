"""The COLLECT export: tables known by content, keys that tie them, and what cannot be tied."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.collect import read_collect
from pipelines.ingest.sen2.write_collect import write_collect
from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import DESCRIBED, EXAMPLE, accounted, refusal, returns, same

Files = dict[str, bytes]


def exported(modules: Modules, year: int) -> Files:
    with TemporaryDirectory() as folder:
        paths = write_collect(modules, year, Path(folder), date(2026, 2, 3))
        return {path.name: path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def example() -> Modules:
    return read_xml(EXAMPLE, DESCRIBED)


@pytest.fixture
def files(example: Modules) -> Files:
    return exported(example, 2026)


def name_of(table: str) -> str:
    return f"Blade-Export_03-02-2026_{table}.csv"


def edit(files: Files, table: str, old: str, new: str) -> Files:
    text = files[name_of(table)].decode()
    assert old in text
    return files | {name_of(table): text.replace(old, new, 1).encode()}


def reasons(modules: Modules, name: str) -> list[tuple[int, str]]:
    return [(row.row_number, row.reason) for row in modules.quarantined.get(name, ())]


def test_nine_files_are_named_as_collect_names_them(files: Files) -> None:
    tables = [module.collect_table for module in DESCRIBED.modules.values()]
    assert list(files) == [name_of(table) for table in tables]
    assert len(files) == 9


def test_the_header_and_the_dates_are_those_of_collect(files: Files) -> None:
    header, first, *_ = files[name_of("person")].decode().splitlines()
    assert header == (
        "persontableid,NativeId,personorderseqcolumn,sourceid,sen2tableid,surname,forename,"
        "personbirthdate,sex,ethnicity,postcode,upn,uniquelearnernumber,upnunknown"
    )
    assert '"2018-May-11 00:00:00"' in first
    assert "2026-Feb-02 09:30:00" in files[name_of("sen2")].decode()


def test_the_example_is_the_same_as_from_xml(files: Files, example: Modules) -> None:
    modules = read_collect(files, DESCRIBED)
    same(modules, example)
    accounted(modules)
    assert (modules.findings, modules.form) == ((), "collect_csv")
    assert modules.tables["message"].column("header_count").to_pylist() == ["1"]


def test_tables_are_known_by_content_and_order_means_nothing(
    files: Files, example: Modules
) -> None:
    renamed = {f"{n}.csv": files[key] for n, key in enumerate(reversed(list(files)))}
    same(read_collect(renamed, DESCRIBED), example)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_read_write_read_is_the_identity(year: int) -> None:
    @settings(max_examples=20)
    @given(returns(year))
    def check(modules: Modules) -> None:
        again = read_collect(exported(modules, year), DESCRIBED)
        same(again, modules)
        assert again.findings == ()
        accounted(again)

    check()


@pytest.mark.parametrize("table", ["sen2", "person", "requests", "assessment", "activeplans"])
def test_a_missing_table_in_which_others_lie_is_named(files: Files, table: str) -> None:
    del files[name_of(table)]
    with pytest.raises(InputError, match=f"lacks the table .*{table}") as error:
        read_collect(files, DESCRIBED)
    assert error.value.remedy


@pytest.mark.parametrize("table", ["plandetail", "placementdetail", "senneed"])
def test_a_missing_table_in_which_nothing_lies_is_a_finding(files: Files, table: str) -> None:
    del files[name_of(table)]
    modules = read_collect(files, DESCRIBED)
    (finding,) = modules.findings
    assert (finding.rule, finding.column_name) == ("missing_table", table)
    accounted(modules)


def test_a_table_that_is_there_twice_is_refused(files: Files) -> None:
    with pytest.raises(InputError, match="the table senneed is there twice"):
        read_collect(files | {"copy.csv": files[name_of("senneed")]}, DESCRIBED)


def test_a_file_that_is_no_table_is_refused(files: Files) -> None:
    with pytest.raises(InputError, match="no table of a SEN2 export") as error:
        read_collect(files | {"other.csv": b"a,b\n1,2\n"}, DESCRIBED)
    assert error.value.where == "other.csv"


def test_ids_as_fractions_are_the_same_ids(files: Files, example: Modules) -> None:
    text = files[name_of("requests")].decode().splitlines()
    lines = [text[0], *(line.replace(",", ".0,", 1) for line in text[1:])]
    same(read_collect(files | {name_of("requests"): "\n".join(lines).encode()}, DESCRIBED), example)


def test_an_orphan_is_put_aside_with_what_lies_in_it(files: Files) -> None:
    modules = read_collect(edit(files, "requests", "1,1,1,,1,", "1,1,1,,77,"), DESCRIBED)
    accounted(modules)
    assert reasons(modules, "request") == [(2, "its persontableid names no record of person")]
    assert reasons(modules, "assessment") == [(2, "the Requests that it lies in was not loaded")]
    assert len(modules.quarantined["sen_need"]) == 2
    assert modules.tables["person"].num_rows == 9


def test_an_id_that_stands_twice_puts_both_aside(files: Files) -> None:
    modules = read_collect(edit(files, "person", "\n2,2,2,", "\n1,2,2,"), DESCRIBED)
    accounted(modules)
    words = "its persontableid stands in more than one row"
    assert reasons(modules, "person") == [(2, words), (3, words)]
    assert modules.row_counts_in["person"] == 9


def test_a_row_of_totals_is_put_aside(files: Files) -> None:
    width = files[name_of("senneed")].decode().splitlines()[0].count(",")
    added = files[name_of("senneed")] + b"Total" + b"," * width + b"\n"
    modules = read_collect(files | {name_of("senneed"): added}, DESCRIBED)
    accounted(modules)
    assert reasons(modules, "sen_need") == [(7, "it has no activeplanstableid")]


def test_a_ragged_row_is_put_aside_without_its_text(files: Files) -> None:
    added = files[name_of("person")] + b"10,10,Secret\n"
    modules = read_collect(files | {name_of("person"): added}, DESCRIBED)
    accounted(modules)
    (row,) = modules.quarantined["person"]
    assert (row.row_number, row.text) == (11, "")
    assert "3 fields" in row.reason


def test_a_heading_that_stands_twice_is_refused(files: Files) -> None:
    with pytest.raises(InputError, match="surname of Person stands twice"):
        read_collect(edit(files, "person", "forename", "surname"), DESCRIBED)


def test_unknown_and_missing_columns_are_told_of(files: Files) -> None:
    modules = read_collect(edit(files, "person", "ethnicity", "shoesize"), DESCRIBED)
    assert sorted(finding.rule for finding in modules.findings) == [
        "missing_column",
        "unknown_column",
    ]
    assert "shoesize" in " ".join(finding.message for finding in modules.findings)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("2018-05-11 00:00:00", "2018-05-11"),
        ("2018-05-11", "2018-05-11"),
        ("2018-May-11", "2018-05-11"),
        ("2018-May-11 23:00:00", "2018-May-11 23:00:00"),
        ("11/05/2018", "11/05/2018"),
        ("2018-Mai-11 00:00:00", "2018-Mai-11 00:00:00"),
    ],
)
def test_dates_are_read_as_documented_and_never_guessed(
    files: Files, printed: str, read: str
) -> None:
    modules = read_collect(edit(files, "person", "2018-May-11 00:00:00", printed), DESCRIBED)
    assert modules.tables["person"].column("birth_date")[0].as_py() == read


def test_semicolons_are_no_table(files: Files) -> None:
    changed = files[name_of("person")].replace(b",", b";")
    with pytest.raises(InputError, match="no table of a SEN2 export"):
        read_collect(files | {name_of("person"): changed}, DESCRIBED)


@settings(max_examples=80)
@given(st.data())
def test_mutated_tables_are_read_or_refused(data: st.DataObject) -> None:
    files = exported(read_xml(EXAMPLE, DESCRIBED), 2026)
    name = data.draw(st.sampled_from(sorted(files)))
    raw = files[name]
    place = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 12))
    changed = raw[:place] + data.draw(st.binary(max_size=8)) + raw[place + length :]
    error = refusal(lambda: read_collect(files | {name: changed}, DESCRIBED))
    assert error is None or error.remedy


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_collect({"any.csv": raw}, DESCRIBED)
