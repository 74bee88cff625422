"""Runs the record rules of a family over the typed tables of one desk.

All rules of a frame are judged in one pass, which gives for each row at fault one number whose bits
are the rules; nothing is unrolled in the engine. What is said of the records is telling.py. Of a
rule that most of a large file breaks, the first records are listed and the others counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Any

from pipelines.errors import SendError
from pipelines.ingest.telling import MORE, NO_RECORD, Judged, Marks, told
from pipelines.registry.record_rules import RecordRule, RuleBook
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["LISTED_MAX", "MORE", "judge"]

MARK_SQL = PROJECT_ROOT / "expectations" / "rules" / "mark_records.sql"
# So many records of one rule and file are listed; the next line says how many more there are.
LISTED_MAX = 10_000
# Rules that one number holds: its sign bit stays unused.
BITS = 62
MASK = "mask_"
# What a telling frame says of each of its rows.
TOLD = ("module", "column_name")


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
    marks: list[Marks] = []
    for frame in rules.frames:
        own = [each for each in judged if each.frame == frame]
        if own:
            marks += _marks(_Pass(rules, frame, own, year), connection)
    return told(connection, rules, judged, marks)


def _return_year(connection: duckdb.DuckDBPyConnection) -> int | None:
    row = connection.execute("select return_year from reference.setting").fetchone()
    return row[0] if row else None


def _judged(rules: RuleBook, year: int | None) -> list[Judged]:
    holding = [(rule, frame) for rule in rules.rules if rule.holds_in(year) for frame in rule.frame]
    return [
        Judged(place, rule, frame, rule.severity_in(year))
        for place, (rule, frame) in enumerate(holding)
    ]


# ---- one frame -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pass:
    """The rules of one frame, judged together."""

    rules: RuleBook
    frame: str
    judged: Sequence[Judged]
    year: int | None

    @property
    def tells(self) -> bool:
        """Whether each row says itself which module, record and column it means."""
        return self.frame in self.rules.telling_frames

    def key_of(self, rule: RecordRule) -> str:
        """Which column of the frame holds the record that a rule is about."""
        return "record" if self.tells else f"{rule.module_in(self.frame)}_record"

    def sql(self) -> str:
        """The statement that judges them."""
        words = self.rules.words_in(self.year)
        predicates = [Template(each.rule.predicate).substitute(words) for each in self.judged]
        keys = dict.fromkeys(self.key_of(each.rule) for each in self.judged)
        carried = [f"coalesce({key}, {NO_RECORD}) as {key}" for key in keys]
        return Template(MARK_SQL.read_text(encoding="utf-8")).substitute(
            frame=Template(self.rules.frames[self.frame]).substitute(words),
            carried=", ".join([*carried, *(TOLD if self.tells else ())]),
            marks=",\n    ".join(_mask_sql(predicates)),
        )

    def broken(self, found: Mapping[str, NDArray[Any]]) -> Iterator[tuple[Judged, NDArray[Any]]]:
        """Each rule that something breaks, and which of the rows found do."""
        import numpy as np

        for first in range(0, len(self.judged), BITS):
            mask = found[_mask_name(first)]
            met = int(np.bitwise_or.reduce(mask)) if len(mask) else 0
            for bit, each in enumerate(self.judged[first : first + BITS]):
                if met >> bit & 1:
                    yield each, np.flatnonzero(mask & (1 << bit))


def _mask_sql(predicates: Sequence[str]) -> Iterator[str]:
    """As many rules in each number as it has bits."""
    for first in range(0, len(predicates), BITS):
        bits = [
            f"case when {predicate} then cast({1 << bit} as bigint) else 0 end"
            for bit, predicate in enumerate(predicates[first : first + BITS])
        ]
        yield "\n    | ".join(f"({each})" for each in bits) + f" as {_mask_name(first)}"


def _mask_name(first: int) -> str:
    return f"{MASK}{first}"


def _marks(judging: _Pass, connection: duckdb.DuckDBPyConnection) -> Iterator[Marks]:
    """The records of a frame that break rules, by rule and by what the row says of itself."""
    found = _found(judging, connection)
    for each, rows in judging.broken(found):
        records = found[judging.key_of(each.rule)]
        if not judging.tells:
            yield _listed(each, None, None, records[rows])
            continue
        for module, column, own in _by_place(found, rows):
            yield _listed(each, module, column, records[own])


def _found(judging: _Pass, connection: duckdb.DuckDBPyConnection) -> dict[str, NDArray[Any]]:
    """The rows at fault, as columns."""
    import duckdb
    import numpy as np

    try:
        rows: dict[str, Any] = connection.execute(judging.sql()).fetchnumpy()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        # The engine quotes the cell that it could not take; only its kind may be told.
        kind = type(error).__name__
        place = f"expectations/rules/{judging.rules.family}/frames/{judging.frame}.sql"
        raise SendError(
            f"the engine refuses the rules ({kind})",
            where=place,
            remedy="This is a fault of the product; please report it, without the file.",
        ) from None
    masks = [column for name, column in rows.items() if name.startswith(MASK)]
    at_fault = np.flatnonzero(np.bitwise_or.reduce(masks))
    return {name: column[at_fault] for name, column in rows.items()}


def _by_place(
    found: Mapping[str, NDArray[Any]], rows: NDArray[np.int64]
) -> Iterator[tuple[str | None, str | None, NDArray[np.int64]]]:
    """The rows by the module and column that they name."""
    import numpy as np

    places: dict[tuple[str | None, str | None], list[int]] = {}
    named = [np.ma.asarray(found[name])[rows].tolist() for name in TOLD]
    for row, module, column in zip(rows.tolist(), *named, strict=True):
        places.setdefault((module, column), []).append(row)
    for (module, column), own in places.items():
        yield module, column, np.asarray(own)


def _listed(
    each: Judged, module: str | None, column: str | None, records: NDArray[np.int64]
) -> Marks:
    """The first records that break a rule, each once, and how many more do."""
    import numpy as np

    # As they come from the file, nearly always: sorting them would cost more than judging them.
    is_in_order = bool(np.all(records[1:] > records[:-1]))
    distinct = records if is_in_order else np.unique(records)
    further = max(0, len(distinct) - LISTED_MAX)
    return Marks(each.place, module or each.module, column, distinct[:LISTED_MAX], further)
