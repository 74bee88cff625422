"""The desk: one file's modules as typed tables in memory, where they are judged and matched.

Names, UPNs and birth dates lie here in clear, so nothing of it may reach a disk: no temporary
files, no access to files at all, and the settings are locked. What leaves the desk is decided by
the rules (judge.py), the identity step and the selects of sql/door. Nothing here knows a source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.errors import RegistryError
from pipelines.ingest.desk_reference import (
    Reference,
    Setting,
    held_reference,
    lay_out_reference,
)
from pipelines.ingest.memory import desk_bytes
from pipelines.ingest.modules import PARENT, RECORD, ROW_NUMBER, Modules
from pipelines.registry.parsed import (
    MESSAGE,
    MESSAGE_TYPES,
    PERSON_RECORD,
    TYPES,
    UNREADABLE,
    UNREADABLE_TYPES,
    owners_of,
    parents_first,
    type_of,
)
from pipelines.registry.sen2 import PLAIN_TYPES, Element, Module

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Reference", "Setting", "desk", "held_reference"]


@contextmanager
def desk(
    modules: Modules,
    described: Mapping[str, Module],
    patterns: Mapping[str, str],
    reference: Reference,
    setting: Setting,
    *,
    is_moved: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked database in memory with one file's typed tables; gone when the block ends.

    Schemas: parsed (a table for each described module, and unreadable_cell), reference (authority,
    establishment, establishment_type, setting). Texts that are not of their type are null in the
    table and named in parsed.unreadable_cell. Patterns and codes are kept as they stand.
    patterns: the types that are texts of a given form; a rule judges the form.
    is_moved: modules.tables gives each table up as it is laid out, so that none lies there twice.

    Raises:
        RegistryError: an element is of a type that nothing describes.
    """
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        # Not even what outgrows memory is written to a disk.
        connection.execute("set temp_directory = ''")
        room = desk_bytes(sum(table.nbytes for table in modules.tables.values()))
        connection.execute(f"set memory_limit = '{room} B'")
        connection.execute("create schema parsed; create schema reference")
        _require_types(described, patterns)
        _lay_out(connection, modules, described, is_moved=is_moved)
        lay_out_reference(connection, reference, setting)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


# ---- the file's own tables --------------------------------------------------------------------


def _lay_out(
    connection: duckdb.DuckDBPyConnection,
    modules: Modules,
    described: Mapping[str, Module],
    *,
    is_moved: bool,
) -> None:
    """parsed.<module> for each module, parents first, and what could not be read in them."""
    _lay_out_message(connection, modules)
    listed = ", ".join(f"{name} {kind}" for name, kind in UNREADABLE_TYPES.items())
    connection.execute(f"create table {UNREADABLE} ({listed})")
    for name in parents_first(described):
        printed = modules.tables.get(name)
        connection.register("printed", printed if printed is not None else _no_rows())
        held = set(printed.column_names) if printed is not None else set()
        connection.execute(_table_sql(described, name, held))
        if printed is not None:
            _note_unreadable(connection, described[name], name, printed)
        connection.unregister("printed")
        del printed
        if is_moved and isinstance(modules.tables, dict):
            modules.tables.pop(name, None)


def _lay_out_message(connection: duckdb.DuckDBPyConnection, modules: Modules) -> None:
    """parsed.message: how often the file has a header and a list of people; may be empty."""
    listed = ", ".join(f"{name} {kind}" for name, kind in MESSAGE_TYPES.items())
    connection.execute(f"create table parsed.{MESSAGE} ({listed})")
    printed = modules.tables.get(MESSAGE)
    if printed is not None:
        connection.register("printed", printed.select(list(MESSAGE_TYPES)))
        connection.execute(f"insert into parsed.{MESSAGE} by name from printed")
        connection.unregister("printed")


def _require_types(described: Mapping[str, Module], patterns: Mapping[str, str]) -> None:
    known = TYPES.keys() | PLAIN_TYPES | patterns.keys()
    for name, module in described.items():
        for item in module.elements:
            if item.type not in known:
                raise RegistryError(
                    f"no type '{item.type}'",
                    where=f"{name}.{item.column}",
                    remedy=f"Give it one of: {', '.join(sorted(known))}.",
                )


def _no_rows() -> pa.Table:
    """What stands in for a module that the file does not have."""
    import pyarrow as pa

    keys = (RECORD, PARENT, ROW_NUMBER)
    return pa.table({name: pa.array([], pa.int64()) for name in keys})


def _table_sql(described: Mapping[str, Module], name: str, held: set[str]) -> str:
    """The text that types one module; the names in it are the description's own."""
    owners = {PERSON_RECORD: None} | owners_of(described, name)
    parts = [f"printed.{key}" for key in (RECORD, PARENT, ROW_NUMBER)]
    parts += [_owner_sql(column, owner, name) for column, owner in owners.items()]
    parts += [
        f"{_typed_sql(item)} as {item.column}"
        if item.column in held
        else f"cast(null as {type_of(item)}) as {item.column}"
        for item in described[name].elements
    ]
    parent = described[name].parent
    above = f" left join parsed.{parent} as above on printed.parent = above.record"
    is_below = any(owner not in (None, name) for owner in owners.values())
    chosen = ", ".join(parts)
    return (
        f"create table parsed.{name} as select {chosen} from printed"  # noqa: S608
        f"{above if is_below else ''}"
    )


def _owner_sql(column: str, owner: str | None, name: str) -> str:
    if owner is None:
        return f"cast(null as bigint) as {column}"
    return f"printed.record as {column}" if owner == name else f"above.{column}"


def _typed_sql(item: Element) -> str:
    """An element in its type, null where its text is not of it."""
    column = f"printed.{item.column}"
    if item.type == "boolean":
        return f"case {column} when '1' then true when '0' then false end"
    if item.type not in TYPES:
        return column
    kind, test = TYPES[item.type]
    # 2026-02-02T09:30:00 casts with and without its T.
    return f"case when {test.format(column)} then cast({column} as {kind}) end"


def _note_unreadable(
    connection: duckdb.DuckDBPyConnection, module: Module, name: str, printed: pa.Table
) -> None:
    """Name the cells that lost their text; columns that lost none are not read again."""
    typed = [
        item
        for item in module.elements
        if item.type in TYPES and item.column in printed.schema.names
    ]
    if not typed:
        return
    counts = ", ".join(f"count({item.column})" for item in typed)
    row = connection.execute(f"select {counts} from parsed.{name}").fetchone() or ()  # noqa: S608
    for item, kept in zip(typed, row, strict=True):
        column = printed.column(item.column)
        if len(column) - column.null_count != kept:
            connection.execute(_unreadable_sql(name, item.column), [name, item.column])


def _unreadable_sql(name: str, column: str) -> str:
    return (
        f"insert into {UNREADABLE} "  # noqa: S608
        "select ?, typed.record, typed.row_number, typed.person_record, ? "
        f"from printed inner join parsed.{name} as typed on printed.record = typed.record "
        f"where printed.{column} is not null and typed.{column} is null"
    )
