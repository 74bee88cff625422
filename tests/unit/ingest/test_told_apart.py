"""Which records of a file are one child's: the engine answers as the rule in plain words does."""

from __future__ import annotations

import random
from collections import Counter

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT

STEPS = ("formed", "printed")
UPNS = ("A860400100001", "B860400100002", "C860400100003", "D86040010004E", None)
ULNS = ("1000000001", "1000000002", None)
BORN = ("2010-01-01", "2011-02-02", None)
# Of a record: UPN, ULN, birth date.
Record = tuple[str | None, str | None, str | None]


def file_of(seed: int) -> list[Record]:
    """A few records that share their numbers more often than any real file."""
    draw = random.Random(seed)  # noqa: S311
    size = draw.randrange(1, 14)
    return [(draw.choice(UPNS), draw.choice(ULNS), draw.choice(BORN)) for _ in range(size)]


def answered(records: list[Record]) -> list[tuple[int, bool, str | None]]:
    """Child, whether its number repeats, and the number, of each record, by sql/door/identity."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("create schema door; create schema identity")
        connection.execute("create table door.pad (inner_pad blob, outer_pad blob)")
        connection.execute("create table door.code (list_name text, codes map(text, text))")
        connection.execute((PROJECT_ROOT / "sql" / "functions" / "desk.sql").read_text())
        connection.execute(
            "create table identity.identifier (person_record bigint, upn text, former_upn text, "
            "uln text, surname text, forename text, birth_date date, postcode text)"
        )
        connection.executemany(
            "insert into identity.identifier values (?, ?, null, ?, 'A', 'B', ?, null)",
            [(number, *record) for number, record in enumerate(records, start=1)],
        )
        for step in STEPS:
            path = PROJECT_ROOT / "sql" / "door" / "identity" / f"{step}.sql"
            connection.execute(f"create table identity.{step} as {path.read_text()}")
        return connection.execute(
            "select child, is_repeated, number_text from identity.printed order by person_record"
        ).fetchall()


def expected(records: list[Record]) -> list[tuple[int, bool, str | None]]:
    """The same without the engine."""
    numbers = [number_of(record, records) for record in records]
    counts = Counter(number for number in numbers if number)
    return [
        (numbers.index(number) + 1 if number else place, counts[number or ""] > 1, number)
        for place, number in enumerate(numbers, start=1)
    ]


def number_of(record: Record, records: list[Record]) -> str | None:
    """A UPN of one birth date, also by a ULN that is one child's; else that ULN."""
    upn, uln, _ = record
    of_uln = {(other[0], other[2]) for other in records if uln and other[1] == uln}
    permanent = {other for other, _ in of_uln if other and other[-1].isdigit()}
    is_of_one = bool(uln) and len(permanent) < 2 and len({born for _, born in of_uln if born}) < 2
    is_permanent = bool(upn) and str(upn)[-1].isdigit()
    is_mixed = len({other[2] for other in records if upn and other[0] == upn and other[2]}) > 1
    if is_permanent and not is_mixed:
        return f"upn:{upn}"
    if not is_permanent and is_of_one and permanent:
        return f"upn:{permanent.pop()}"
    if is_of_one:
        return f"uln:{uln}"
    return f"upn:{upn}" if upn and not is_permanent and not is_mixed else None


@pytest.mark.parametrize("seed", range(60))
def test_records_are_one_childs_as_the_rule_says(seed: int) -> None:
    records = file_of(seed)
    assert answered(records) == expected(records)


def test_the_files_have_children_with_several_records_and_numbers_that_tell_nobody_apart() -> None:
    rows = [row for seed in range(60) for row in expected(file_of(seed))]
    assert sum(is_repeated for _, is_repeated, _ in rows) > 50
    assert sum(number is None for *_, number in rows) > 50
