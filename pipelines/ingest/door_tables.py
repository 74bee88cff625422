"""What leaves the desk: the selects of sql/door, and the findings of the rules with pseudonyms.

Only what stands in those selects and in sql/landing.yml is written; nothing else of a person-level
file reaches a disk in the clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest import identity, landing
from pipelines.ingest.families import Family
from pipelines.ingest.judge import MORE
from pipelines.ingest.parcel import Finding
from pipelines.registry.landing import landing_tables
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

IDENTIFIER = "identifier"
RECORD_FINDING = "record_finding"
ROWS_AT_ONCE = 250_000
OWN_COLUMN = "file_id"
OWNER_COLUMN = "la_code"
# A family without people.
NOBODY = """
select
    cast(null as bigint) as person_record, cast(null as varchar) as upn,
    cast(null as varchar) as former_upn, cast(null as varchar) as uln,
    cast(null as varchar) as surname, cast(null as varchar) as forename,
    cast(null as date) as birth_date, cast(null as varchar) as postcode
where false
"""


def lay_out_door(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    family: Family,
    file: tuple[str, str, str],
) -> None:
    """The schema door: the desk's functions, the codes that may leave, and what the file is.

    file: file id, form, id of the pseudonym key.
    """
    functions = settings.project_root / "sql" / "functions" / "desk.sql"
    connection.execute("create schema door")
    columns = "file_id varchar, file_form varchar, key_id varchar"
    connection.execute(f"create table door.file ({columns})")
    connection.execute("insert into door.file values (?, ?, ?)", file)
    connection.register("codes", _codes(family))
    connection.execute("create table door.code as select * from codes")
    connection.unregister("codes")
    # Filled while people are matched only.
    connection.execute("create table door.pad (inner_pad blob, outer_pad blob)")
    connection.execute(functions.read_text(encoding="utf-8"))


def _codes(family: Family) -> pa.Table:
    import pyarrow as pa

    lists = {name: {code: code for code in codes} for name, codes in family.codes.items()}
    for name, codes in family.rolls_up.items():
        lists.setdefault(name, {}).update(codes)
    columns = {"list_name": list(lists), "codes": [list(codes.items()) for codes in lists.values()]}
    kinds = [("list_name", pa.string()), ("codes", pa.map_(pa.string(), pa.string()))]
    return pa.table(columns, schema=pa.schema(kinds))


def identifier_sql(settings: Settings, family: str) -> str | None:
    """The select that gives what identifies people, where the family has people."""
    path = _folder(settings, family) / f"{IDENTIFIER}.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def tables_of(settings: Settings, family: str) -> list[str]:
    """The landing tables that a family fills."""
    paths = sorted(_folder(settings, family).glob("*.sql"))
    return [path.stem for path in paths if path.stem != IDENTIFIER]


def owners(
    connection: duckdb.DuckDBPyConnection, settings: Settings, family: str
) -> set[str | None]:
    """The authorities whose rows the file's tables hold."""
    columns = landing_tables(settings.project_root / "sql")
    found: set[str | None] = set()
    for table in tables_of(settings, family):
        if OWNER_COLUMN in columns[table]:
            sql = f"select distinct {OWNER_COLUMN} from ({_text(settings, family, table)})"  # noqa: S608
            found.update(row[0] for row in connection.execute(sql).fetchall())
    return found


def selected(
    connection: duckdb.DuckDBPyConnection, settings: Settings, family: str, file_id: str
) -> Iterator[tuple[str, Iterator[pa.Table]]]:
    """Each landing table of a file, some rows at a time; the next after all rows of the one before.

    Its columns are those that landing.yml declares.
    """
    for table in tables_of(settings, family):
        sql = _text(settings, family, table)
        yield table, (shaped(settings, table, piece, file_id) for piece in _pieces(connection, sql))


def person_identity(
    connection: duckdb.DuckDBPyConnection, settings: Settings, file_id: str, arrival_order: int
) -> Iterator[pa.Table]:
    """Landing table person_identity of one file, some rows at a time: it is the largest of all."""
    import pyarrow as pa

    sql = f"select * from identity.{identity.TABLE}"  # noqa: S608
    for piece in _pieces(connection, sql):
        order = pa.repeat(pa.scalar(arrival_order, pa.int32()), piece.num_rows)
        yield shaped(settings, identity.TABLE, piece.append_column("arrival_order", order), file_id)


def _pieces(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[pa.Table]:
    """What a select gives, as it comes: a large table never stands whole beside the desk."""
    import pyarrow as pa

    for batch in connection.execute(sql).to_arrow_reader(ROWS_AT_ONCE):
        if batch.num_rows:
            yield pa.Table.from_batches([batch])


def record_findings(
    connection: duckdb.DuckDBPyConnection, settings: Settings, judged: pa.Table, file_id: str
) -> pa.Table:
    """Landing table record_finding: what the rules found, whose record by pseudonym."""
    connection.register("judged", judged)
    found = connection.execute(
        "select judged.* exclude (person_record), person.pseudonym from judged "
        "left join identity.person on judged.person_record = person.person_record"
    ).to_arrow_table()
    connection.unregister("judged")
    return shaped(settings, RECORD_FINDING, found, file_id)


def grouped(connection: duckdb.DuckDBPyConnection, judged: pa.Table) -> list[Finding]:
    """One finding a rule and module, however many records break it: errors first."""
    connection.register("judged", judged)
    rows = connection.execute(
        """
        select
            rule, severity, message, remedy, nullif(column_names, ''),
            cast(sum(row_count) as bigint), min(row_number), module,
            coalesce(
                arg_min(record_key, row_number), min(record_key) filter (where record_key <> ?)
            )
        from judged
        group by rule, severity, message, remedy, column_names, module
        order by severity, sum(row_count) desc, rule
        """,
        [MORE],
    ).fetchall()
    connection.unregister("judged")
    return [Finding(*row) for row in rows]


def shaped(settings: Settings, table: str, content: pa.Table, file_id: str) -> pa.Table:
    """A table as landing.yml declares it: its columns in order, in their types, with the file."""
    import pyarrow as pa

    wanted = landing.schema(settings, table)
    columns: list[Any] = []
    for field in wanted:
        if field.name == OWN_COLUMN and OWN_COLUMN not in content.column_names:
            columns.append(pa.repeat(pa.scalar(file_id, pa.string()), content.num_rows))
        else:
            columns.append(content.column(field.name).cast(field.type))
    return pa.table(columns, schema=wanted)


def _text(settings: Settings, family: str, table: str) -> str:
    return (_folder(settings, family) / f"{table}.sql").read_text(encoding="utf-8")


def _folder(settings: Settings, family: str) -> Path:
    return settings.project_root / "sql" / "door" / family
