"""From which tables and columns of a file each column of a rule's frame comes.

Read from the frame's own select, so that a rule whose records or columns a form does not have can
be left out. Nothing is run or judged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from typing import TYPE_CHECKING

from pipelines.registry.parsed import column_types
from pipelines.registry.record_rule import RecordRule, RuleBook
from pipelines.registry.selects import qualified

if TYPE_CHECKING:
    from sqlglot import exp

    from pipelines.registry.sen2 import Module

# A module and its column; the column is '' where it matters which rows the module has.
Source = tuple[str, str]
ROWS = ""
FILE_SCHEMA = "parsed"


class Frame:
    """One frame, in which columns are traced to the tables of the file."""

    def __init__(self, book: RuleBook, name: str, modules: Mapping[str, Module]) -> None:
        """modules: of the family's description."""
        from sqlglot import exp

        self._words = book.words_in(None)
        sql = Template(book.frames[name]).substitute(self._words)
        self._query = qualified(sql, column_types(modules), f"{book.family}/frames/{name}.sql")
        self._named = {each.alias: each.this for each in self._query.find_all(exp.CTE)}

    def sources_of(self, rule: RecordRule) -> frozenset[Source]:
        """What of the file decides whether a record breaks the rule."""
        found: set[Source] = set()
        for name in rule.columns_read(self._words):
            found |= self._of_column(self._query, name)
        return frozenset(found)

    def _of_column(self, query: exp.Expr, name: str) -> set[Source]:
        """What decides a column that a select gives."""
        from sqlglot import exp

        if isinstance(query, exp.SetOperation):
            return self._of_column(query.left, name) | self._of_column(query.right, name)
        if not isinstance(query, exp.Select):
            return set()
        made = next((each for each in query.selects if each.alias_or_name == name), None)
        return self._of_expression(made, query) if made is not None else set()

    def _of_expression(self, made: exp.Expr, query: exp.Select) -> set[Source]:
        """What decides an expression: its columns, and the rows that it counts or looks for."""
        from sqlglot import exp

        places = {each.alias_or_name: each for each in _outer(query) if _is_place(each)}
        found: set[Source] = set()
        for column in made.find_all(exp.Column):
            found |= self._of_place(places.get(column.table), column.name)
        for inner in made.find_all(exp.Select):
            found |= self._of_rows(inner)
        if made.find(exp.AggFunc) is not None and made.find(exp.Select) is None:
            found |= self._of_rows(query)
        return found

    def _of_place(self, place: exp.Expr | None, column: str) -> set[Source]:
        """What decides a column of a table, of a named select or of one in brackets."""
        from sqlglot import exp

        if isinstance(place, exp.Subquery):
            return self._of_column(place.this, column) if column else self._of_rows(place.this)
        if not isinstance(place, exp.Table):
            return set()
        if place.db == FILE_SCHEMA:
            return {(place.name, column)}
        inner = None if place.db else self._named.get(place.name)
        if inner is None:
            return set()
        return self._of_column(inner, column) if column else self._of_rows(inner)

    def _of_rows(self, query: exp.Expr) -> set[Source]:
        """What decides how many rows a select gives; what a left join adds does not."""
        from sqlglot import exp

        if not isinstance(query, exp.Select):
            return set()
        joins = [each for each in query.args.get("joins") or () if each.side != "LEFT"]
        first = query.find(exp.From)
        found: set[Source] = set()
        for place in (*([first] if first else []), *joins):
            found |= self._of_place(place.this, ROWS)
        where = query.args.get("where")
        return found | self._of_expression(where, query) if where else found


def _outer(query: exp.Select) -> list[exp.Expr]:
    """All of a select but the selects that it names."""
    from sqlglot import exp

    return list(query.walk(prune=lambda each: isinstance(each, exp.With)))


def _is_place(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Table | exp.Subquery)
