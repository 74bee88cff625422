"""The register of schools on small files: what is read, what is put aside, what the rules find."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from pipelines.errors import InputError, RegistryError
from pipelines.ingest import gias as reader
from pipelines.ingest.kinds_of_school import establishment_types
from pipelines.ingest.parcel import Parcel
from pipelines.ingest.strict_csv import read as read_csv
from pipelines.registry.gias import gias
from pipelines.settings import PROJECT_ROOT

SOURCE = gias(PROJECT_ROOT)
OTHERS = ("LA (name)", "HeadFirstName", "HeadLastName", "Postcode", "SEN1 (name)")
SCHOOL = {
    "URN": "900001",
    "LA (code)": "999",
    "EstablishmentNumber": "4001",
    "EstablishmentName": "Collège of the first school",
    "TypeOfEstablishment (code)": "34",
    "TypeOfEstablishment (name)": "Academy converter",
    "EstablishmentStatus (name)": "Open",
    "PhaseOfEducation (name)": "Secondary",
    "OpenDate": "01-09-2012",
    "CloseDate": "",
    "StatutoryLowAge": "11",
    "StatutoryHighAge": "16",
    "UKPRN": "10999999",
    "TypeOfResourcedProvision (name)": "Not applicable",
    "ResourcedProvisionCapacity": "",
    "SenUnitCapacity": "",
    "DistrictAdministrative (code)": "X99000001",
    "HeadFirstName": "Zzyzx",
}


def register(*schools: dict[str, str], without: str = "") -> bytes:
    """The register as its publisher writes it: Windows-1252, quoted, 140 columns or so."""
    headings = [*(column.heading for column in SOURCE.columns.values()), *OTHERS]
    headings = [heading for heading in headings if heading != without]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    for school in schools:
        row = SCHOOL | school
        writer.writerow([row.get(heading, "") for heading in headings])
    return text.getvalue().encode("cp1252")


def parcel(*schools: dict[str, str], without: str = "") -> Parcel:
    return reader.read(read_csv(register(*schools, without=without)), PROJECT_ROOT)


def rows(found: Parcel) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = found.tables["establishment"].to_pylist()
    return listed


def test_a_school_lands_with_its_dates_ages_and_accents() -> None:
    found = parcel({})
    (school,) = rows(found)
    assert school["establishment_name"] == "Collège of the first school"
    assert (school["open_date"], school["close_date"]) == (date(2012, 9, 1), None)
    assert (school["low_age"], school["high_age"]) == (11, 16)
    assert (school["urn"], school["ukprn"], school["la_code"]) == ("900001", "10999999", "999")
    assert school["row_number"] == 2
    assert (found.row_count_in, found.row_count_accepted, found.findings) == (1, 1, ())


def test_the_head_teachers_name_stays_in_the_file() -> None:
    found = parcel({}, {"URN": ""}, {"URN": "900002"}, {"URN": "900002", "UKPRN": "1"})
    assert "Zzyzx" not in repr([table.to_pylist() for table in found.tables.values()])
    assert "Zzyzx" not in repr(found.quarantined) + repr(found.findings)


@pytest.mark.parametrize(
    ("kind", "unit_places", "provision_places", "expected"),
    [
        ("SEN unit", "8", "", (True, False)),
        ("Resourced provision", "", "10", (False, True)),
        ("Resourced provision and SEN unit", "8", "10", (True, True)),
        ("Not applicable", "", "", (False, False)),
        # The kind is not told: the number of places speaks.
        ("", "8", "0", (True, False)),
        ("", "0", "10", (False, True)),
    ],
)
def test_units_and_resourced_provision_are_told_by_their_kind_or_their_places(
    kind: str, unit_places: str, provision_places: str, expected: tuple[bool, bool]
) -> None:
    (school,) = rows(
        parcel(
            {
                "TypeOfResourcedProvision (name)": kind,
                "SenUnitCapacity": unit_places,
                "ResourcedProvisionCapacity": provision_places,
            }
        )
    )
    assert (school["has_sen_unit"], school["has_resourced_provision"]) == expected


def test_rows_without_a_urn_of_their_own_are_put_aside_and_counted() -> None:
    found = parcel(
        {},
        {"URN": "Total"},
        {"URN": "900002"},
        {"URN": "900002", "EstablishmentName": "Another"},
        {},
    )
    assert [school["urn"] for school in rows(found)] == ["900001"]
    assert {row.row_number: row.reason for row in found.quarantined} == {
        3: "its URN is not six digits",
        4: "another row has the same URN and says something else",
        5: "another row has the same URN and says something else",
        6: "it repeats an earlier row, which is used",
    }
    assert found.row_count_in == found.row_count_accepted + found.row_count_quarantined == 5


def test_a_needed_column_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match=r"no column TypeOfEstablishment \(code\)"):
        parcel({}, without="TypeOfEstablishment (code)")


def test_a_useful_column_that_is_missing_is_a_finding() -> None:
    found = parcel({}, without="UKPRN")
    assert [(item.rule, item.column_name) for item in found.findings] == [
        ("missing_column", "UKPRN")
    ]
    assert rows(found)[0]["ukprn"] is None


def test_the_rules_find_what_would_spoil_the_counting_of_placements() -> None:
    found = parcel(
        {},
        {"URN": "900002", "TypeOfEstablishment (code)": "99"},
        {"URN": "900003", "CloseDate": "31-08-2012", "EstablishmentStatus (name)": "Closed"},
        {"URN": "900004", "EstablishmentStatus (name)": "Closed"},
    )
    assert [(item.rule, item.row_count, item.first_row_number) for item in found.findings] == [
        ("GIA-01", 1, 3),
        ("GIA-03", 1, 4),
        ("GIA-04", 1, 5),
    ]
    landed = found.tables["record_finding"].to_pylist()
    assert [(row["rule"], row["record_key"]) for row in landed] == [
        ("GIA-01", "establishment 2"),
        ("GIA-03", "establishment 3"),
        ("GIA-04", "establishment 4"),
    ]


def test_every_type_has_a_placement_setting_of_its_group() -> None:
    types = establishment_types(PROJECT_ROOT, {}, SOURCE)
    assert len(types) == 41
    for kind in types:
        assert SOURCE.group_of[kind["placement_setting"]] == kind["placement_group"]
        question = kind["open_question"]
        assert not question or kind["placement_setting"] in SOURCE.placement_choices[question]
    assert {kind["open_question"] for kind in types} - {""} == set(SOURCE.placement_choices)


def test_a_council_may_choose_where_no_source_tells() -> None:
    chosen = {"university_technical_college": "general_fe_tertiary_colleges"}
    types = {
        kind["establishment_type_code"]: kind
        for kind in establishment_types(PROJECT_ROOT, chosen, SOURCE)
    }
    assert types["40"]["placement_setting"] == "general_fe_tertiary_colleges"
    assert types["40"]["placement_group"] == "further_education"
    assert types["41"]["placement_setting"] == "mainstream_free_school"


@pytest.mark.parametrize(
    ("question", "setting", "words"),
    [
        ("studio_schools", "mainstream_academy", "did you mean 'studio_school'"),
        ("studio_school", "academy", "not offered for studio_school"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused(question: str, setting: str, words: str) -> None:
    with pytest.raises(RegistryError, match=words):
        establishment_types(PROJECT_ROOT, {question: setting}, SOURCE)
