"""Runs the record rules of a family over the typed tables of one desk.

All rules of a frame are judged in one pass, and a finding names its place by counting: 'person 3,
request 1'. No cell of the file enters it; messages are those of the rules, word for word. Of a rule
that most of a large file breaks, the first records are listed and the others counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING

from pipelines.errors import SendError
from pipelines.registry.record_rules import RecordRule, RuleBook
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MARK_SQL = PROJECT_ROOT / "expectations" / "rules" / "mark_records.sql"
MARKS = "record_mark"
# So many records of one rule and file are listed; the next line says how many more there are.
LISTED_MAX = 10_000
MORE = "further records"
_MARKS = (
    f"create or replace temp table {MARKS}"
    " (rule integer, record bigint, module varchar, column_name varchar)"
)
_FURTHER = (
    "create or replace temp table further_mark"
    " (rule integer, module varchar, column_name varchar, row_count bigint)"
)
_FRAME_MARKS = (
    "create or replace temp table frame_mark"
    " (rule integer, record bigint, module varchar, column_name varchar)"
)
_MANY = """
select rule, module, column_name
from frame_mark
group by all
having count(*) > ?
"""
_OF_ONE = """
from frame_mark
where rule = ? and module is not distinct from ? and column_name is not distinct from ?
"""
# What the rules say of a finding; the texts are held once however many findings there are.
TEXTS = ("rule", "severity", "module", "column_names", "message", "remedy")
COLUMNS = (
    "rule",
    "severity",
    "module",
    "row_number",
    "record_key",
    "person_record",
    "column_names",
    "message",
    "remedy",
    "row_count",
)


@dataclass(frozen=True)
class _Judged:
    """A rule in one frame, and where it stands in the list of all."""

    place: int
    rule: RecordRule
    frame: str
    severity: str

    @property
    def module(self) -> str:
        return self.rule.module_in(self.frame)

    def texts(self) -> tuple[str, ...]:
        """In the order of TEXTS."""
        names = ", ".join(self.rule.columns)
        rule = self.rule
        return (rule.id, self.severity, self.module, names, rule.message, rule.remedy)


def judge(connection: duckdb.DuckDBPyConnection, rules: RuleBook) -> pa.Table:
    """Every finding of the family's rules, in the order of modules, records and rules.

    Columns: rule, severity, module, row_number, record_key, person_record (null where the record
    is nobody's), column_names, message, remedy, row_count (1). Texts are dictionary-encoded. Of a
    rule that more than LISTED_MAX records break, the first are listed; a line with the record_key
    MORE and the number of the others as its row_count follows at the end.

    Raises:
        SendError: the engine refuses a rule; names the frame.
    """
    year = _return_year(connection)
    judged = _judged(rules, year)
    connection.execute(_MARKS)
    connection.execute(_FURTHER)
    for frame in rules.frames:
        own = [each for each in judged if each.frame == frame]
        if own:
            _mark(connection, rules, frame, own, year)
    return _told(connection, rules, judged)


def _return_year(connection: duckdb.DuckDBPyConnection) -> int | None:
    row = connection.execute("select return_year from reference.setting").fetchone()
    return row[0] if row else None


def _judged(rules: RuleBook, year: int | None) -> list[_Judged]:
    holding = [(rule, frame) for rule in rules.rules if rule.holds_in(year) for frame in rule.frame]
    return [
        _Judged(place, rule, frame, rule.severity_in(year))
        for place, (rule, frame) in enumerate(holding)
    ]


def _mark(
    connection: duckdb.DuckDBPyConnection,
    rules: RuleBook,
    frame: str,
    judged: Sequence[_Judged],
    year: int | None,
) -> None:
    """Note which records of a frame break which rules."""
    import duckdb

    sql = mark_sql(rules, frame, [(each.place, each.rule) for each in judged], year)
    try:
        connection.execute(_FRAME_MARKS)
        connection.execute(f"insert into frame_mark {sql}")
        _list_first(connection)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        # The engine quotes the cell that it could not take; only its kind may be told.
        kind = type(error).__name__
        place = f"expectations/rules/{rules.family}/frames/{frame}.sql"
        raise SendError(
            f"the engine refuses the rules ({kind})",
            where=place,
            remedy="This is a fault of the product; please report it, without the file.",
        ) from None


def _list_first(connection: duckdb.DuckDBPyConnection) -> None:
    """Move the marks of a frame to those of all; of a rule with too many the first of them."""
    many = connection.execute(_MANY, [LISTED_MAX]).fetchall()
    for key in many:
        connection.execute(
            f"insert into {MARKS} select distinct * {_OF_ONE} order by record limit {LISTED_MAX}",
            key,
        )
        connection.execute(
            "insert into further_mark select ?, ?, ?, further.row_count from "  # noqa: S608
            f"(select count(distinct record) - {LISTED_MAX} as row_count {_OF_ONE}) as further "
            "where further.row_count > 0",
            [*key, *key],
        )
        connection.execute(f"delete {_OF_ONE}", key)
    connection.execute(f"insert into {MARKS} select distinct * from frame_mark")  # noqa: S608
    connection.execute("drop table frame_mark")


def mark_sql(
    rules: RuleBook, frame: str, numbered: Sequence[tuple[int, RecordRule]], year: int | None
) -> str:
    """The statement that judges several rules in one pass over their frame."""
    words = rules.words_in(year)
    predicates = [Template(rule.predicate).substitute(words) for _, rule in numbered]
    marks = [
        f"case when {predicate} then {place} end"
        for (place, _), predicate in zip(numbered, predicates, strict=True)
    ]
    tells = frame in rules.telling_frames
    keys = {
        place: "record" if tells else f"{rule.module_in(frame)}_record" for place, rule in numbered
    }
    told = ["module", "column_name"]
    return Template(MARK_SQL.read_text(encoding="utf-8")).substitute(
        frame=Template(rules.frames[frame]).substitute(words),
        marks=",\n        ".join(marks),
        any_rule="\n        or ".join(f"({predicate})" for predicate in predicates),
        record=_record_of(keys),
        told=", ".join(told if tells else [f"cast(null as varchar) as {name}" for name in told]),
        carried=", ".join([*dict.fromkeys(keys.values()), *(told if tells else [])]),
    )


def _record_of(keys: Mapping[int, str]) -> str:
    """Which column of the frame holds the record that a rule is about; keys: by the rule's place.

    Rules are noted as numbers, and records found by them afterwards: a list of numbers is unrolled
    ten times as fast as a list of structs.
    """
    places: dict[str, list[str]] = {}
    for place, key in keys.items():
        places.setdefault(key, []).append(str(place))
    cases = [f"when rule in ({', '.join(own)}) then {key}" for key, own in places.items()]
    return f"case {' '.join(cases)} end"


# ---- telling ------------------------------------------------------------------------------------


def _told(
    connection: duckdb.DuckDBPyConnection, rules: RuleBook, judged: Sequence[_Judged]
) -> pa.Table:
    """The marks with the place of their record, and what the rules say of them."""
    import pyarrow as pa

    _locate(connection, rules, judged)
    places = connection.execute(_SORTED, [MORE]).to_arrow_table()
    texts = [each.texts() for each in judged]
    columns = {
        name: _coded(places.column("rule"), [row[number] for row in texts])
        for number, name in enumerate(TEXTS)
    }
    columns |= {name: places.column(name) for name in OF_THE_ROW}
    for name, told in (("module", "module"), ("column_names", "column_name")):
        columns[name] = _told_by_row(places.column(told), columns[name])
    return pa.table({name: columns[name] for name in COLUMNS})


OF_THE_ROW = ("row_number", "record_key", "person_record", "row_count")
_SORTED = """
select
    located.rule,
    located.row_number,
    key.record_key,
    located.person_record,
    located.told_module as module,
    located.column_name,
    1 as row_count,
    located.module_place,
    located.record
from located_mark as located
left join record_key as key on located.module = key.module and located.record = key.record
union all
select rule, null, ?, null, module, column_name, row_count, null, null
from further_mark
order by module_place nulls last, record nulls first, rule, column_name
"""
_LOCATED = (
    "create or replace temp table located_mark (rule integer, module varchar, module_place integer,"
    " record bigint, row_number bigint, person_record bigint, told_module varchar,"
    " column_name varchar)"
)


def _locate(
    connection: duckdb.DuckDBPyConnection, rules: RuleBook, judged: Sequence[_Judged]
) -> None:
    """Say of every mark which row of the file it is about, and what that row is called."""
    connection.execute(_LOCATED)
    for number, module in enumerate(rules.modules):
        own = [each.place for each in judged if each.module == module]
        connection.execute(_located_sql(module), [module, number, own, module])
    key_sql = rules.key_sql or _PLAIN_KEY
    connection.execute(f"create or replace temp table record_key as {key_sql}")


_PLAIN_KEY = """
select distinct module, record, replace(module, '_', ' ') || ' ' || record as record_key
from located_mark
"""


def _located_sql(module: str) -> str:
    return (
        "insert into located_mark "  # noqa: S608
        "select mark.rule, ?, ?, mark.record, found.row_number, found.person_record, "
        "mark.module, mark.column_name "
        f"from {MARKS} as mark left join parsed.{module} as found on mark.record = found.record "
        "where (mark.module is null and mark.rule in (select unnest(?))) or mark.module = ?"
    )


def _told_by_row(told: pa.ChunkedArray, usual: pa.DictionaryArray) -> pa.Array:
    """What the row itself says, and the rule's own text where it says nothing."""
    import pyarrow.compute as pc

    if told.null_count == len(told):
        return usual
    return pc.coalesce(told.combine_chunks(), usual.cast(told.type))


def _coded(places: pa.ChunkedArray, texts: Sequence[str]) -> pa.DictionaryArray:
    """A text for every finding, held once for each rule."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(places.combine_chunks(), pa.array(texts, pa.string()))
