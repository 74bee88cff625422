"""What is said of the records that break rules: where each stands, and the words of the rules.

A finding names its place by counting: 'person 3, request 1'. No cell of the file enters it;
messages are those of the rules, word for word, and held once however many findings there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipelines.registry.record_rules import RecordRule, RuleBook

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

# The record_key of the line that counts the records which are not listed.
MORE = "further records"
# In place of the record, where a row at fault is of none: a return without a header.
NO_RECORD = -1
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
class Judged:
    """A rule in one frame, and where it stands in the list of all."""

    place: int
    rule: RecordRule
    frame: str
    severity: str

    @property
    def module(self) -> str:
        """Whose record is at fault, where the row does not say it."""
        return self.rule.module_in(self.frame)


@dataclass(frozen=True)
class Marks:
    """The records of one module that break one rule.

    Attributes:
        place: of the rule in the list of all.
        column_name: the column at fault, where the row itself says it.
        records: ascending, each once, LISTED_MAX at most.
        further: how many more there are.
    """

    place: int
    module: str
    column_name: str | None
    records: NDArray[np.int64]
    further: int

    def texts(self, judged: Judged) -> tuple[str, ...]:
        """In the order of TEXTS."""
        rule = judged.rule
        columns = ", ".join(rule.columns) if self.column_name is None else self.column_name
        return (rule.id, judged.severity, self.module, columns, rule.message, rule.remedy)


class _Lines(NamedTuple):
    """The findings that are listed, in order: which marks, which module of the family, record."""

    mark: NDArray[np.int64]
    module: NDArray[np.int64]
    record: NDArray[np.int64]


def told(
    connection: duckdb.DuckDBPyConnection,
    rules: RuleBook,
    judged: Sequence[Judged],
    marks: Sequence[Marks],
) -> pa.Table:
    """The findings, in the order of modules, records and rules; see `judge`."""
    import numpy as np
    import pyarrow as pa

    known = [each for each in marks if each.module in rules.modules]
    listed = _lines(rules, known)
    # In the order in which the lines of one record are: by rule, then by column.
    more = np.asarray([at for at in _by_rule(known) if known[at].further], dtype=np.int64)
    places = _places(connection, rules, listed)
    rest = pa.table(
        {
            "row_number": pa.nulls(len(more), pa.int64()),
            "record_key": pa.array([MORE] * len(more), pa.string()),
            "person_record": pa.nulls(len(more), pa.int64()),
        }
    )
    further = np.asarray([known[at].further for at in more], dtype=np.int64)
    counts = np.concatenate([np.ones(len(listed.mark), np.int64), further])
    said = pa.concat_tables([places, rest]).append_column("row_count", pa.array(counts))
    of_mark = pa.array(np.concatenate([listed.mark, more]).astype(np.int32))
    texts = [each.texts(judged[each.place]) for each in known]
    columns = {name: said[name] for name in said.column_names}
    columns |= {
        name: pa.DictionaryArray.from_arrays(
            of_mark, pa.array([row[number] for row in texts], pa.string())
        )
        for number, name in enumerate(TEXTS)
    }
    return pa.table({name: columns[name] for name in COLUMNS})


def _by_rule(marks: Sequence[Marks]) -> list[int]:
    """The places of the marks by rule, then by column, none last."""
    return sorted(
        range(len(marks)),
        key=lambda at: (marks[at].place, marks[at].column_name is None, marks[at].column_name),
    )


def _lines(rules: RuleBook, marks: Sequence[Marks]) -> _Lines:
    """A line for each record and rule; a record that is none stands before the others."""
    import numpy as np

    nothing = np.empty(0, np.int64)
    by_rule = _by_rule(marks)
    counts = [len(marks[at].records) for at in by_rule]
    modules = [rules.modules.index(marks[at].module) for at in by_rule]
    record = np.concatenate([nothing, *(marks[at].records for at in by_rule)])
    module = np.repeat(np.asarray(modules, np.int64), counts)
    mark = np.repeat(np.asarray(by_rule, np.int64), counts)
    # The sort is stable: lines of one record stay in the order of the rules.
    order = np.lexsort((record, module))
    return _Lines(mark[order], module[order], record[order])


# ---- where they stand ----------------------------------------------------------------------------

_PLAIN_KEY = """
select module, record, replace(module, '_', ' ') || ' ' || record as record_key
from located_mark
"""


def _places(connection: duckdb.DuckDBPyConnection, rules: RuleBook, lines: _Lines) -> pa.Table:
    """Row number, key and person of each line: looked up once a record."""
    import numpy as np
    import pyarrow as pa

    starts = np.ones(len(lines.mark), bool)
    starts[1:] = np.diff(lines.module).astype(bool) | np.diff(lines.record).astype(bool)
    met = {number: rules.modules[number] for number in np.unique(lines.module).tolist()}
    asked = pa.table({"place": lines.module[starts], "record": lines.record[starts]})
    connection.register("asked", asked)
    connection.execute(
        "create or replace temp table located_mark as select place, "
        "(?)[place + 1] as module, nullif(record, ?) as record from asked",
        [list(rules.modules), NO_RECORD],
    )
    connection.unregister("asked")
    key_sql = rules.key_sql or _PLAIN_KEY
    connection.execute(f"create or replace temp table record_key as {key_sql}")
    if not met:
        return connection.execute(_NOWHERE).to_arrow_table()
    found = connection.execute(_located_sql(met)).to_arrow_table()
    return found.take(pa.array(np.cumsum(starts) - 1))


_NOWHERE = """
select
    cast(null as bigint) as row_number, cast(null as varchar) as record_key,
    cast(null as bigint) as person_record
where false
"""


def _located_sql(modules: dict[int, str]) -> str:
    """What each record asked for is called, in the order in which they were asked for."""
    each = [
        "select mark.place, mark.record, mark.module, found.row_number, found.person_record "  # noqa: S608
        f"from located_mark as mark left join parsed.{module} as found "
        f"on mark.record = found.record where mark.place = {number}"
        for number, module in modules.items()
    ]
    return (
        "select located.row_number, key.record_key, located.person_record "  # noqa: S608
        f"from ({' union all '.join(each)}) as located left join record_key as key "
        "on located.module = key.module and located.record = key.record "
        "order by located.place, located.record nulls first"
    )
