"""The desk: texts in their types, what is not of its type named, and nothing of it on a disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from string import Template
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.errors import InputError, RegistryError
from pipelines.ingest import judge as judging
from pipelines.ingest.desk import Reference, Setting, desk
from pipelines.ingest.judge import judge
from pipelines.ingest.memory import enough_memory
from pipelines.ingest.modules import Modules
from pipelines.registry.record_rules import sen2_rules
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT

SEN2 = sen2(PROJECT_ROOT)
NOTHING = Reference(*(pa.table({}) for _ in dataclasses.fields(Reference)))
RETURN = Setting("860", "file", 2026, date(2026, 1, 15), False)


def table(module: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A module as a reader gives it; elements left out are empty."""
    columns: dict[str, pa.Array] = {
        "record": pa.array(range(1, len(rows) + 1), pa.int64()),
        "parent": pa.array([row.get("parent", 1) for row in rows], pa.int64()),
        "row_number": pa.array([10 * number for number in range(1, len(rows) + 1)], pa.int64()),
    }
    for name in SEN2.modules[module].columns:
        columns[name] = pa.array([row.get(name) for row in rows], pa.string())
    return pa.table(columns)


def opened(setting: Setting = RETURN, **rows: Sequence[Mapping[str, Any]]) -> Any:
    tables = {name: table(name, own) for name, own in rows.items()}
    modules = Modules("sen2", "xml", tables, {})
    return desk(modules, SEN2.modules, SEN2.patterns, NOTHING, setting)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-09-28", date(2025, 9, 28)),
        ("2025-09-2x", None),
        ("2025-9-28", None),
        ("2025/09/28", None),
        ("2025-02-30", None),
        ("28-09-2025", None),
        ("infinity", None),
        ("epoch", None),
        (" 2025-09-28", None),
        ("2025-09-28 00:00:00", None),
    ],
)
def test_a_date_must_read_back_as_it_was_written(text: str, expected: date | None) -> None:
    with opened(request=[{"received_date": text}]) as connection:
        (read,) = connection.execute("select received_date from parsed.request").fetchone()
        lost = connection.execute("select module, column_name from parsed.unreadable_cell")
        assert read == expected
        assert lost.fetchall() == ([] if expected else [("request", "received_date")])


@pytest.mark.parametrize(
    ("text", "expected"), [("1", True), ("0", False), ("true", None), ("2", None), ("01", None)]
)
def test_a_flag_is_one_or_nought(text: str, expected: bool | None) -> None:
    with opened(request=[{"has_request_mediation": text}]) as connection:
        found = connection.execute("select has_request_mediation from parsed.request").fetchone()
        assert found == (expected,)


def test_codes_and_patterns_stay_as_they_are() -> None:
    """Rules judge them; what is wrong about them would be lost if they were nulled."""
    with opened(person=[{"upn": "nonsense", "sex": "?"}]) as connection:
        found = connection.execute("select upn, sex from parsed.person").fetchone()
        assert found == ("nonsense", "?")
        assert connection.execute("select count(*) from parsed.unreadable_cell").fetchone() == (0,)


def test_every_row_says_whose_it_is() -> None:
    people = [{"upn": "a"}, {"upn": "b"}]
    requests = [{"parent": 2}, {"parent": 1}, {"parent": 2}]
    plans = [{"parent": 3}]
    placements = [{"parent": 1}]
    with opened(
        person=people, request=requests, active_plan=plans, placement_detail=placements
    ) as connection:
        whose = connection.execute("select person_record from parsed.request order by record")
        assert whose.fetchall() == [(2,), (1,), (2,)]
        place = "select person_record, request_record from parsed.placement_detail"
        assert connection.execute(place).fetchone() == (2, 3)


def test_the_desk_is_locked_and_opens_no_file(tmp_path: Path) -> None:
    with opened(person=[{}]) as connection:
        with pytest.raises(duckdb.Error, match="locked"):
            connection.execute(f"set temp_directory = '{tmp_path}'")
        with pytest.raises(duckdb.Error, match="disabled by configuration"):
            connection.execute("select * from read_text('/etc/hostname')")
        with pytest.raises(duckdb.Error, match="disabled by configuration"):
            connection.execute(f"copy parsed.person to '{tmp_path / 'person.csv'}'")
        folder = connection.execute("select current_setting('temp_directory')").fetchone()
        assert folder == ("",)


def test_the_setting_of_a_return_and_of_an_extract() -> None:
    wanted = "select return_year, census_date, activity_start, activity_end from reference.setting"
    with opened() as connection:
        assert connection.execute(wanted).fetchone() == (
            *(2026, date(2026, 1, 15)),
            *(date(2025, 1, 1), date(2025, 12, 31)),
        )
    extract = Setting("860", "file", None, date(2025, 9, 30), True)
    with opened(extract) as connection:
        assert connection.execute(wanted).fetchone() == (
            *(2026, date(2026, 1, 15)),
            *(date(2025, 1, 1), date(2025, 9, 30)),
        )


def test_a_type_that_nothing_describes_is_refused() -> None:
    person = SEN2.modules["person"]
    first = person.elements[0].model_copy(update={"type": "colour"})
    strange = person.model_copy(update={"elements": (first,)})
    modules = Modules("sen2", "xml", {}, {})
    described = {**SEN2.modules, "person": strange}
    with (
        pytest.raises(RegistryError, match="no type 'colour'"),
        desk(modules, described, SEN2.patterns, NOTHING, RETURN),
    ):
        pass


# ---- what the frames compute ---------------------------------------------------------------------


def fired(**rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Rule and key of every finding."""
    with opened(**rows) as connection:
        found = judge(connection, sen2_rules(PROJECT_ROOT))
    return list(zip(found["rule"].to_pylist(), found["record_key"].to_pylist(), strict=True))


@pytest.mark.parametrize(
    ("upn", "is_sound"),
    [
        # The letter follows from the digits; the first four are known to be right.
        ("B801200005001", True),
        ("L999400122101", True),
        ("Z999400119045", True),
        ("U99940012410A", True),
        ("A801200005001", False),
        ("B801200005002", False),
        ("U99940012410B", False),
        ("B80120000500I", False),
        ("B8012000050 1", False),
        ("B12345678e011", False),
        ("b801200005001", False),
    ],
)
def test_the_check_letter_of_a_upn(upn: str, is_sound: bool) -> None:
    assert (("PER-07", "person 1") not in fired(person=[{"upn": upn}])) == is_sound


def test_people_who_look_alike_are_told_by_their_texts() -> None:
    person = {"surname": "Alder", "forename": "Robin", "birth_date": "2018-05-11"}
    people = [
        person | {"upn": "B801200005001"},
        person | {"upn": "A801200005001"},
        {"surname": "Birch", "forename": "Robin", "birth_date": "2018-05-11"},
        {"surname": "Birch", "uln": "1234567899"},
        {"surname": "Cedar", "uln": "1234567899", "upn": "B801200005001"},
    ]
    found = fired(person=people)
    assert [key for rule, key in found if rule == "PER-14"] == ["person 1", "person 5"]
    alike = ["person 1", "person 2", "person 4", "person 5"]
    assert [key for rule, key in found if rule == "PER-15"] == alike


def test_a_request_beside_another_of_the_same_person() -> None:
    requests = [
        {"received_date": "2025-10-01", "request_outcome": "A"},
        {"received_date": "2025-10-01", "request_outcome": "A"},
        {"received_date": "2025-10-01", "request_outcome": "A", "parent": 2},
    ]
    found = fired(person=[{}, {}], request=requests)
    both = ["person 1, request 1", "person 1, request 2"]
    assert [key for rule, key in found if rule == "REQ-18"] == both
    assert [key for rule, key in found if rule == "REQ-19"] == both


def test_an_unreadable_cell_names_its_column_and_nothing_else() -> None:
    with opened(person=[{}], request=[{"received_date": "Zq 2025"}]) as connection:
        found = judge(connection, sen2_rules(PROJECT_ROOT)).to_pylist()
    (cell,) = [row for row in found if row["rule"] == "SEN-01"]
    assert (cell["module"], cell["row_number"]) == ("request", 10)
    assert (cell["record_key"], cell["column_names"]) == ("person 1, request 1", "received_date")
    assert "Zq" not in str(found)


def test_a_block_that_stands_twice_is_told_once() -> None:
    found = fired(person=[{}], request=[{}], assessment=[{}, {}], active_plan=[{}])
    assert [key for rule, key in found if rule == "SEN-03"] == ["person 1, request 1"]
    assert len([key for rule, key in found if rule == "REQ-01"]) == 1


def test_the_year_decides_which_rules_hold() -> None:
    def rules_in(year: int) -> set[str]:
        setting = Setting("860", "file", year, SEN2.census_dates[year], False)
        request = {"request_outcome": "A", "received_date": f"{year - 1}-12-20"}
        with opened(setting, person=[{}], request=[request], header=[{}]) as connection:
            found = judge(connection, sen2_rules(PROJECT_ROOT)).to_pylist()
        return {f"{row['rule']} {row['severity']} {row['column_names']}" for row in found}

    assert "REQ-16 error request_source" in rules_in(2026)
    assert "REQ-16 query request_source" in rules_in(2025)
    assert not [rule for rule in rules_in(2024) if rule.startswith("REQ-16")]
    assert "PER-03 error gender_current" in rules_in(2023)
    assert "PER-03 error sex" in rules_in(2024)


def test_the_desk_may_take_memory_by_the_size_of_the_file() -> None:
    wanted = "select current_setting('memory_limit')"
    with opened(person=[{}]) as connection:
        (small,) = connection.execute(wanted).fetchone()
    with opened(person=[{"surname": "x" * 40_000_000}]) as connection:
        (large,) = connection.execute(wanted).fetchone()
    assert small.endswith("MiB")
    assert 500 < float(small.split()[0]) < 700
    assert float(large.split()[0]) > float(small.split()[0]) + 150


def test_want_of_memory_is_an_error_in_words() -> None:
    too_much = "create table t as select repeat('x', 900) || i as text from range(9000000) r(i)"
    with pytest.raises(InputError, match="more memory") as error, enough_memory():  # noqa: SIM117
        with opened(person=[{}]) as connection:
            connection.execute(too_much)
    assert error.value.remedy
    with pytest.raises(InputError, match="more memory"), enough_memory():
        raise MemoryError


@pytest.mark.parametrize("more", [0, 1, 500])
def test_of_a_rule_that_very_many_break_the_first_are_listed_and_all_counted(
    more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "LISTED_MAX", 20)
    people = [{"surname": "", "sex": "Q"} for _ in range(20 + more)]
    with opened(header=[{}], person=people) as connection:
        found = judge(connection, sen2_rules(PROJECT_ROOT)).to_pylist()
    own = [row for row in found if row["rule"] == "PER-03"]
    assert sum(row["row_count"] for row in own) == 20 + more
    assert [row["record_key"] for row in own[:20]] == [f"person {n}" for n in range(1, 21)]
    assert [(row["record_key"], row["row_count"]) for row in own[20:]] == (
        [(judging.MORE, more)] if more else []
    )
    assert {row["module"] for row in own} == {"person"}


# ---- what the engine is asked --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2016-02-29", "2026-02-27", 9),
        # Where there is no 29 February, a birthday of that day is kept on the 28th.
        ("2016-02-29", "2026-02-28", 10),
        ("2016-02-29", "2024-02-28", 7),
        ("2016-02-29", "2024-02-29", 8),
        ("2018-09-30", "2025-09-30", 7),
        ("2018-10-01", "2025-09-30", 6),
        ("2018-10-31", "2025-10-31", 7),
        ("2026-03-01", "2026-02-28", 0),
        ("2028-03-01", "2026-02-28", -2),
        (None, "2026-02-28", None),
    ],
)
@pytest.mark.parametrize("frame", ["person", "request_case"])
def test_ages_are_those_of_the_calendar(
    frame: str, born: str | None, on: str, age: int | None
) -> None:
    book = sen2_rules(PROJECT_ROOT)
    setting = Setting("860", "file", 2026, date.fromisoformat(on), True)
    with opened(setting, person=[{"birth_date": born}], request=[{}]) as connection:
        sql = Template(book.frames[frame]).substitute(book.words_in(2026))
        found = connection.execute(f"select age_at_reference_date from ({sql})").fetchall()  # noqa: S608
        (engine,) = connection.execute(
            "select date_sub('year', cast(? as date), cast(? as date))", [born, on]
        ).fetchone()
    assert found == [(age,)]
    assert engine == age, "the engine's own count, which costs seven times as much"


def test_more_rules_than_one_number_has_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules beyond the bits of one number are judged in the next, with the same findings."""
    people = [{"sex": "Q", "upn": "nonsense"}, {"surname": "Alder", "birth_date": "2018-05-11"}]
    rows = {"person": people, "request": [{"received_date": "2031-01-01"}]}
    whole = fired(**rows)
    monkeypatch.setattr(judging, "BITS", 3)
    assert fired(**rows) == whole
    assert len(whole) > 5
