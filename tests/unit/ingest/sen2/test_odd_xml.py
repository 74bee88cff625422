"""What a return may hold and has no place in it: told of, put aside, never lost in silence."""

from __future__ import annotations

import pytest

from pipelines.errors import InputError
from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import DESCRIBED, EXAMPLE, accounted, same

RAW = EXAMPLE.read_bytes()


def changed(old: str, new: str) -> bytes:
    text = RAW.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def rules(modules: Modules) -> list[str]:
    return sorted(finding.rule for finding in modules.findings)


# ---- what is odd --------------------------------------------------------------------------------


def test_an_unknown_element_is_told_once_with_its_first_line_and_count() -> None:
    raw = RAW.replace(b"<Sex>", b"<Shoe>large</Shoe><Sex>")
    (finding,) = read_xml(raw, DESCRIBED).findings
    assert (finding.rule, finding.column_name, finding.row_count) == ("unknown_element", "Shoe", 9)
    assert finding.first_row_number == 25
    assert "in Person" in finding.message
    assert "large" not in finding.message


def test_ten_thousand_kinds_of_unknown_elements_stay_readable() -> None:
    many = "".join(f"<Odd{number}/>" for number in range(10_000))
    findings = read_xml(changed("<Sex>M</Sex>", many), DESCRIBED).findings
    assert len(findings) <= 102
    assert sum(finding.row_count for finding in findings) == 10_000


def test_a_value_in_the_wrong_record_is_told_of() -> None:
    raw = changed("<PlacementRank>1", "<SENtype>ASD</SENtype><PlacementRank>1")
    (finding,) = read_xml(raw, DESCRIBED).findings
    assert (finding.rule, finding.severity) == ("misplaced_element", "error")
    assert "SENtype does not belong in PlanDetail" in finding.message


def test_a_record_in_the_wrong_place_is_counted_and_put_aside_with_what_lies_in_it() -> None:
    """ActivePlans directly in Person, as when two levels of nesting are swapped."""
    plans = "<ActivePlans><SENneed><SENtype>ASD</SENtype></SENneed></ActivePlans>"
    modules = read_xml(changed("<Sex>M</Sex>", plans + "<Sex>M</Sex>"), DESCRIBED)
    accounted(modules)
    assert modules.row_counts_in["active_plan"] == 5
    assert modules.row_counts_in["sen_need"] == 6
    assert [row.reason for row in modules.quarantined["active_plan"]] == [
        "ActivePlans does not belong in Person"
    ]
    assert [row.reason for row in modules.quarantined["sen_need"]] == [
        "the ActivePlans that it lies in was not loaded"
    ]
    assert rules(modules) == ["misplaced_element"]
    assert modules.tables["person"].num_rows == 9


def test_a_person_within_a_person_is_put_aside_and_the_outer_one_is_read() -> None:
    inner = "<Person><Surname>Inner</Surname></Person>"
    modules = read_xml(changed("<Sex>M</Sex>", inner + "<Sex>M</Sex>"), DESCRIBED)
    accounted(modules)
    assert modules.tables["person"].column("surname").to_pylist()[:2] == ["Alder", "Birch"]
    assert modules.row_counts_in["person"] == 10


def test_a_value_twice_in_a_record_puts_it_aside_with_all_that_lies_in_it() -> None:
    modules = read_xml(changed("<Sex>M</Sex>", "<Sex>M</Sex><Sex>F</Sex>"), DESCRIBED)
    accounted(modules)
    (row,) = modules.quarantined["person"]
    assert (row.reason, row.row_number) == ("Sex stands in it more than once", 23)
    assert {name: len(rows) for name, rows in modules.quarantined.items()} == {
        "person": 1,
        "request": 1,
        "assessment": 1,
        "named_plan": 1,
        "plan_detail": 1,
        "active_plan": 1,
        "placement_detail": 1,
        "sen_need": 2,
    }
    assert modules.tables["person"].column("record").to_pylist() == [2, 3, 4, 5, 6, 7, 8, 9]


def test_an_empty_and_a_filled_value_are_twice_too() -> None:
    modules = read_xml(changed("<Sex>M</Sex>", "<Sex/><Sex>F</Sex>"), DESCRIBED)
    assert len(modules.quarantined["person"]) == 1


def test_an_element_within_a_value_puts_the_record_aside() -> None:
    modules = read_xml(changed("<Sex>M</Sex>", "<Sex>M<b>x</b></Sex>"), DESCRIBED)
    accounted(modules)
    assert modules.quarantined["person"][0].reason == "Sex holds another element"


def test_elements_of_another_year_are_told_of() -> None:
    modules = read_xml(changed("<Year>2026", "<Year>2023"), DESCRIBED)
    told = {finding.column_name: finding.row_count for finding in modules.findings}
    assert told["sex"] == 9
    assert told["request_source"] == 7
    assert {"sex", "request_source", "review_meeting_date", "residential"} <= told.keys()
    assert rules(modules) == ["element_of_another_year"] * len(told)


def test_a_namespace_is_tolerated_and_told_of() -> None:
    raw = changed("<Message>", '<m:Message xmlns:m="urn:x">').replace(
        b"</Message>", b"</m:Message>"
    )
    modules = read_xml(raw, DESCRIBED)
    same(modules, read_xml(RAW, DESCRIBED))
    assert set(rules(modules)) == {"namespace"}


def test_attributes_are_told_of_by_name_alone() -> None:
    raw = changed("<Surname>Alder", '<Surname kind="maiden">Alder')
    modules = read_xml(raw, DESCRIBED)
    same(modules, read_xml(RAW, DESCRIBED))
    (finding,) = modules.findings
    assert (finding.rule, finding.column_name) == ("attribute", "kind")
    assert "maiden" not in finding.message


def test_text_outside_the_values_is_told_of_and_not_shown() -> None:
    (finding,) = read_xml(changed("<Sex>M</Sex>", "Secret<Sex>M</Sex>"), DESCRIBED).findings
    assert finding.rule == "stray_text"
    assert "Secret" not in finding.message + finding.remedy


# ---- the top of the file ------------------------------------------------------------------------


HEADER = RAW.decode()[RAW.index(b"<Header>") : RAW.index(b"</Header>") + 9]


@pytest.mark.parametrize(
    ("old", "new", "header", "persons", "rows"),
    [
        (HEADER, "", "0", "1", 0),
        (HEADER, HEADER * 2, "2", "1", 2),
        ("</Message>", "<Persons/></Message>", "1", "2", 1),
        ("<Persons>", "<People>", "1", "0", 1),
    ],
    ids=["no-header", "header-twice", "persons-twice", "no-persons"],
)
def test_the_message_counts_headers_and_lists_of_people(
    old: str, new: str, header: str, persons: str, rows: int
) -> None:
    raw = changed(old, new)
    if new == "<People>":
        raw = raw.replace(b"</Persons>", b"</People>")
    modules = read_xml(raw, DESCRIBED)
    accounted(modules)
    message = modules.tables["message"].to_pylist()[0]
    assert (message["header_count"], message["persons_count"]) == (header, persons)
    assert modules.tables["header"].num_rows == rows
    if new == "<People>":
        assert len(modules.quarantined["person"]) == 9
    else:
        assert modules.tables["person"].num_rows == 9
        assert modules.tables["person"].column("parent").to_pylist() == [1 if rows else None] * 9


def test_another_root_is_no_return() -> None:
    raw = RAW.replace(b"<Message>", b"<Letter>").replace(b"</Message>", b"</Letter>")
    with pytest.raises(InputError, match="root of the file is 'Letter'") as error:
        read_xml(raw, DESCRIBED)
    assert error.value.where == "line 2"
    assert error.value.remedy


def test_a_header_with_two_years_is_put_aside_and_its_people_are_kept() -> None:
    modules = read_xml(
        changed("<Year>2026</Year>", "<Year>2026</Year><Year>2025</Year>"), DESCRIBED
    )
    accounted(modules)
    assert modules.tables["header"].num_rows == 0
    assert modules.tables["person"].num_rows == 9
