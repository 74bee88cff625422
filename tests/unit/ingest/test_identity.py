"""Who is whom across files: by UPN, ULN, then name and birth date, and when not."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.ingest import identity
from pipelines.ingest.identity import Matched, identify, pads
from pipelines.ingest.identity_told import findings_of
from pipelines.ingest.keys import Key
from pipelines.settings import PROJECT_ROOT, Settings

CODES = "create table door.code (list_name text, codes map(text, text))"
KEY = Key("pseudonym", b"p" * 32)
COLUMNS = {
    "person_record": "bigint",
    "upn": "varchar",
    "former_upn": "varchar",
    "uln": "varchar",
    "surname": "varchar",
    "forename": "varchar",
    "birth_date": "date",
    "postcode": "varchar",
}
ONE, TWO = "A860400100001", "B860400100002"
TEMPORARY = "C86040010003D"
ULN_1, ULN_2 = "1000000001", "1000000002"
Person = dict[str, Any]


def person(**given: str | None) -> Person:
    usual = {"surname": "Alder", "forename": "Robin", "birth_date": "2012-05-11"}
    return usual | given


class House:
    """Files that arrive one after the other."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(workspace=folder)
        self.matched: Matched | None = None

    def take(self, name: str, *people: Person) -> list[tuple[str, str]]:
        """Pseudonym and basis of each person of a file."""
        with duckdb.connect(":memory:") as connection:
            self._lay_out(connection, name, people)
            order = identity.arrival_order_of(self.settings, name)
            text = "select * from parsed.person"
            self.matched = identify(connection, text, self.settings, KEY, order)
            found = connection.execute(
                "select pseudonym, match_basis from identity.person order by person_record"
            ).fetchall()
            keys = connection.execute("from identity.person_identity").to_arrow_table()
        target = self.settings.landing / identity.TABLE / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        import pyarrow as pa

        column = pa.array([order] * keys.num_rows, pa.int32())
        pq.write_table(keys.append_column("arrival_order", column), target)
        return [(pseudonym, basis) for pseudonym, basis in found]

    def _lay_out(
        self, connection: duckdb.DuckDBPyConnection, name: str, people: tuple[Person, ...]
    ) -> None:
        connection.execute("create schema parsed; create schema reference; create schema door")
        connection.execute(
            "create table reference.setting as "
            "select 2026 as return_year, date '2026-01-15' as reference_date"
        )
        connection.execute(f"create table door.file as select '{name}' as file_id, 'k' as key_id")
        connection.execute(CODES)
        connection.execute("create table door.pad (inner_pad blob, outer_pad blob)")
        connection.execute((PROJECT_ROOT / "sql" / "functions" / "desk.sql").read_text())
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"create table parsed.person ({columns})")
        for number, each in enumerate(people, start=1):
            values = [{"person_record": number, **each}.get(name) for name in COLUMNS]
            connection.execute("insert into parsed.person values (?, ?, ?, ?, ?, ?, ?, ?)", values)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_the_engine_makes_the_hmac_that_python_makes(house: House) -> None:
    ((found, basis),) = house.take("one", person(upn=ONE))
    assert found == hmac.new(KEY.secret, f"upn:{ONE}".encode(), hashlib.sha256).hexdigest()[:32]
    assert basis == "new"
    inner, outer = pads(KEY.secret)
    text = "Ðeira Ó Brien".encode()
    by_hand = hashlib.sha256(outer + hashlib.sha256(inner + text).digest()).hexdigest()
    assert by_hand == hmac.new(KEY.secret, text, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("first", "second", "basis"),
    [
        (person(upn=ONE), person(upn=ONE), "upn"),
        (person(upn=ONE), person(upn=f" {ONE.lower()} ", surname="Birch"), "upn"),
        (person(upn=ONE), person(upn=TWO, former_upn=ONE, surname="Birch"), "upn"),
        (person(upn=ONE, uln=ULN_1), person(uln=ULN_1, surname="Birch"), "uln"),
        (person(upn=ONE, uln=ULN_1), person(upn=TWO, uln=ULN_1, surname="Birch"), "uln"),
        (person(upn=TEMPORARY), person(upn=ONE), "name"),
        (person(), person(upn=ONE), "name"),
        (person(upn=ONE), person(uln=ULN_1), "name"),
        (person(surname="O'Brién"), person(surname="obrien"), "name"),
        (person(upn="not a upn"), person(upn=ONE), "name"),
    ],
    ids=[
        *("same UPN", "married name", "former UPN", "ULN alone", "UPN changed, ULN not"),
        *("temporary to permanent", "UPN appears", "ULN appears", "spelling", "a UPN that is none"),
    ],
)
def test_the_same_child_is_found_again(
    house: House, first: Person, second: Person, basis: str
) -> None:
    ((before, _),) = house.take("one", first)
    assert house.take("two", second) == [(before, basis)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (person(upn=ONE), person(upn=TWO)),
        (person(uln=ULN_1), person(uln=ULN_2)),
        (person(upn=ONE), person(upn=TWO, birth_date="2012-05-12")),
        (person(), person(forename="Rowan")),
        (person(), person(birth_date=None)),
        (person(surname=None), person(surname=None)),
    ],
    ids=["UPNs differ", "ULNs differ", "born later", "twin", "no birth date", "no surname"],
)
def test_different_children_stay_two(house: House, first: Person, second: Person) -> None:
    ((before, _),) = house.take("one", first)
    ((after, basis),) = house.take("two", second)
    assert after != before
    assert basis in {"new", "none"}


def test_two_children_of_one_name_and_birth_date_are_two_and_match_nobody(house: House) -> None:
    one, two = house.take("one", person(), person())
    assert one[0] != two[0]
    assert {one[1], two[1]} == {"none"}
    ((third, basis),) = house.take("two", person())
    assert third not in {one[0], two[0]}
    assert basis == "none"


def test_a_child_without_upn_and_uln_is_found_again_in_every_later_file(house: House) -> None:
    ((first, basis),) = house.take("one", person())
    assert basis == "new"
    for name in ("two", "three", "four"):
        assert house.take(name, person()) == [(first, "name")]
    # Not where two here bear the name of one there.
    assert first not in {pseudonym for pseudonym, _ in house.take("five", person(), person())}


def test_a_name_does_not_lead_to_somebody_whom_another_child_is(house: House) -> None:
    ((known, _),) = house.take("one", person(upn=ONE))
    first, second = house.take("two", person(upn=ONE, forename="Rob"), person())
    assert first == (known, "upn")
    assert second[0] != known


def test_records_of_one_upn_in_a_file_are_one_child(house: House) -> None:
    one, two = house.take("one", person(upn=ONE), person(upn=ONE, forename="Bob"))
    assert one == two


def test_an_identifier_leads_to_a_pseudonym_once_however_many_records_have_it(
    house: House,
) -> None:
    ((known, _),) = house.take("one", person(upn=ONE, uln=ULN_1))
    people = (person(upn=ONE), person(upn=ONE), person(upn=TWO, former_upn=ONE))
    assert house.take("two", *people) == [(known, "upn")] * 3
    landed = pq.read_table(house.settings.landing / identity.TABLE / "two.parquet")
    kinds = [row["identifier_kind"] for row in landed.to_pylist()]
    assert sorted(kinds) == ["former_upn", "name", "upn", "upn"]
    hashes = landed["identifier_hash"].to_pylist()
    # A former UPN is hashed as the UPN that it was.
    assert len(set(hashes)) == 3


def test_a_upn_at_two_birth_dates_is_nobodys(house: House) -> None:
    one, two = house.take(
        "one", person(upn=ONE), person(upn=ONE, forename="Kim", birth_date="2015-01-01")
    )
    assert one[0] != two[0]


def test_matching_again_gives_the_same_whatever_came_since(house: House) -> None:
    files = {
        "one": [person(upn=TEMPORARY), person(forename="Kim"), person(forename="Jo", uln=ULN_1)],
        "two": [person(upn=ONE), person(forename="Kim", upn=TWO), person(forename="Jo")],
        "three": [person(forename="Kim"), person(forename="Kim"), person(uln=ULN_1)],
    }
    first = {name: house.take(name, *people) for name, people in files.items()}
    for order in itertools.permutations(files):
        assert {name: house.take(name, *files[name]) for name in order} == first


def test_the_order_of_people_in_a_file_does_not_matter(house: House) -> None:
    people = [person(upn=ONE), person(uln=ULN_1), person(forename="Kim"), person(forename="Jo")]
    forwards = house.take("one", *people)
    assert house.take("one", *reversed(people)) == list(reversed(forwards))


def test_ages_month_and_numbers_are_what_leaves(house: House) -> None:
    with duckdb.connect(":memory:") as connection:
        house._lay_out(
            connection, "one", (person(upn=TEMPORARY, birth_date="2008-02-29"), person(uln=ULN_1))
        )
        identify(connection, "select * from parsed.person", house.settings, KEY, 0)
        rows = connection.execute(
            "select has_upn, is_upn_temporary, has_uln, birth_month, age_at_31_august, "
            "age_at_reference_date, district_code from identity.person order by person_record"
        ).fetchall()
    assert rows == [
        (True, True, False, "2008-02", 17, 17, None),
        (False, False, True, "2012-05", 13, 13, None),
    ]


@pytest.mark.parametrize(
    ("birth", "at", "years"),
    [
        ("2012-05-11", "2025-05-10", 12),
        ("2012-05-11", "2025-05-11", 13),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2025-01-01", "2024-12-31", -1),
    ],
)
def test_whole_years(birth: str, at: str, years: int) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"create schema door; {CODES}; create table door.pad (inner_pad blob, outer_pad blob)"
        )
        connection.execute((PROJECT_ROOT / "sql" / "functions" / "desk.sql").read_text())
        row = connection.execute("select full_years(?::date, ?::date)", [birth, at]).fetchone()
    assert row == (years,)


def test_match_rates_are_counts(house: House) -> None:
    house.take("one", person(upn=ONE), person(forename="Kim"))
    house.take("two", person(upn=ONE), person(forename="Kim"), person(forename="Jo", upn=TWO))
    assert house.matched is not None
    assert house.matched.counts == {"upn": 1, "uln": 0, "name": 1, "new": 1, "none": 0}
    (rates, district) = findings_of(house.matched)
    assert "3 person records: 1 matched with earlier files by UPN" in rates.message
    assert "district of every person is [x]" in district.message
