"""People on the desk -> pseudonyms: who in this file is somebody met before, and under which name.

Only HMACs of identifiers are remembered (landing table person_identity), so that nobody can look a
child up without the pseudonym key. How matching goes stands in sql/door/identity; here the steps
are run in order and given what they need. A file is matched with what landed before it and with
nothing later, so that reading it again gives the same pseudonyms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.ingest.keys import Key
from pipelines.ingest.met import COLUMNS, Met, order_in
from pipelines.settings import SAMPLE_COUNTY, Settings

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

TABLE = "person_identity"
POSTCODES = "postcode_district"
BLOCK_BYTES = 64
INNER, OUTER = 0x36, 0x5C
STEPS = (
    *("formed", "printed", "own_key", "known", "known_number", "claim", "child", "twice"),
    *("district", "person", TABLE),
)
# Before which step a table goes that it and all later ones do without.
LET_GO_BEFORE: Mapping[str, str] = {"printed": "identifier", "own_key": "formed"}
# What stays of them on the desk.
LEFT = ("own_key", "child", "twice", "person", TABLE)
# Steps that pick what they need from what has landed, read as a stream.
LANDED: Mapping[str, str] = {
    "known": "select distinct pseudonym, identifier_kind, identifier_hash from landed "
    "where identifier_hash in (select identifier_hash from identity.own_key)",
    # Only where a name is all that may lead to somebody: mostly nobody, and nothing is read.
    "known_number": "with numbered as (select child from identity.own_key "
    "inner join identity.known using (identifier_hash) "
    "where own_key.identifier_kind <> 'name'), "
    "asked as (select known.pseudonym from identity.own_key inner join identity.known "
    "using (identifier_hash) where own_key.identifier_kind = 'name' "
    "and own_key.child not in (select child from numbered)) "
    "select pseudonym, identifier_kind, identifier_hash from landed "
    "where identifier_kind in ('upn', 'uln') and pseudonym in (select pseudonym from asked)",
    "district": "select postcode, min(district_code) as district_code from landed "
    "where postcode in (select postcode from identity.printed) group by postcode",
}
ASKED = ("upn", "uln", "surname", "forename", "birth_date")
ASKED_SQL = """
create table identity.identifier as
select
    1 as person_record, cast($1 as varchar) as upn, cast(null as varchar) as former_upn,
    cast($2 as varchar) as uln, cast($3 as varchar) as surname, cast($4 as varchar) as forename,
    cast($5 as date) as birth_date, cast(null as varchar) as postcode
"""
HASHES_SQL = "select distinct identifier_hash from identity.own_key"
BASES = ("upn", "uln", "name", "new", "none")


@dataclass(frozen=True)
class Matched:
    """How the people of a file were matched with those met before.

    Attributes:
        counts: people (records of children) by basis: upn, uln, name, new, none.
        with_district: people whose postcode led to a district.
        has_lookup: whether a postcode lookup has landed.
    """

    counts: Mapping[str, int]
    with_district: int
    has_lookup: bool

    @property
    def people(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def identify(
    connection: duckdb.DuckDBPyConnection,
    identifier_sql: str,
    settings: Settings,
    key: Key,
    arrival_order: int,
    met: Met | None = None,
) -> Matched:
    """Make identity.person and identity.person_identity on a desk that has the schema door.

    identifier_sql: gives person_record, upn, former_upn, uln, surname, forename, birth_date and
        postcode of each person in the file.
    arrival_order: the file's place in the order of arrival; only earlier ones are matched with.
    met: keeps what landed before from file to file.
    """
    met = met or Met()
    connection.execute("create schema identity")
    connection.execute(f"create table identity.identifier as {identifier_sql}")
    connection.execute("insert into door.pad values (?, ?)", pads(key.secret))
    for step in STEPS:
        if step in LET_GO_BEFORE:
            # A large census would lie there three times over.
            connection.execute(f"drop table identity.{LET_GO_BEFORE[step]}")
        if step in LANDED:
            _pick(connection, step, _landed(settings, step, arrival_order, met))
        else:
            # The largest is written once, straight from what it is made of.
            kind = "view" if step == TABLE else "table"
            connection.execute(f"create {kind} identity.{step} as {_text(settings, step)}")
    connection.execute("delete from door.pad")
    for step in (step for step in STEPS if step not in (*LEFT, *LET_GO_BEFORE.values())):
        connection.execute(f"drop table identity.{step}")
    return _matched(connection, has_lookup=bool(_files(settings, POSTCODES)))


def let_go(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what only identity.person_identity is made of, once it has been written."""
    connection.execute(f"drop view identity.{TABLE}")
    for step in ("own_key", "child", "twice"):
        connection.execute(f"drop table identity.{step}")


def landed_as(
    connection: duckdb.DuckDBPyConnection, settings: Settings, file_id: str, pseudonym: str
) -> list[str]:
    """Pseudonyms on the desk of whoever bears one in the landed rows of the file."""
    import pyarrow as pa

    rows = _remembered(settings, "file_id", [file_id])
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS}
    connection.register("landed", pa.table(columns))
    connection.register("asked", pa.table({"pseudonym": [pseudonym]}))
    found = connection.execute(_text(settings, "landed_as")).fetchall()
    connection.unregister("landed")
    connection.unregister("asked")
    return [row[0] for row in found]


def found_by(
    settings: Settings, key: Key, identifiers: Mapping[str, object]
) -> dict[str, set[str]]:
    """Pseudonyms that identifiers lead to, by kind of identifier: what `send forget` is asked.

    identifiers: upn; uln; or surname, forename and birth_date.
    """
    hashes = hashes_of(settings, key, identifiers)
    found: dict[str, set[str]] = {}
    for row in _remembered(settings, "identifier_hash", hashes):
        found.setdefault(row["identifier_kind"], set()).add(row["pseudonym"])
    return found


def hashes_of(settings: Settings, key: Key, identifiers: Mapping[str, object]) -> list[str]:
    """What identifiers would be remembered as, under the council's key and the sample's."""
    import duckdb

    hashes = []
    with duckdb.connect(":memory:") as connection:
        connection.execute("create schema door; create schema identity")
        connection.execute("create table door.pad (inner_pad blob, outer_pad blob)")
        connection.execute("create table door.code (list_name text, codes map(text, text))")
        functions = settings.project_root / "sql" / "functions" / "desk.sql"
        connection.execute(functions.read_text(encoding="utf-8"))
        given = [identifiers.get(name) for name in ASKED]
        connection.execute(ASKED_SQL, given)
        for step in ("formed", "printed"):
            connection.execute(f"create table identity.{step} as {_text(settings, step)}")
        for council in sorted({settings.council, SAMPLE_COUNTY}):
            secret = key.of_council(council).secret
            connection.execute("delete from door.pad")
            connection.execute("insert into door.pad values (?, ?)", pads(secret))
            own_key = _text(settings, "own_key")
            connection.execute(f"create or replace table identity.own_key as {own_key}")
            hashes += [row[0] for row in connection.execute(HASHES_SQL).fetchall()]
    return hashes


def namesakes(settings: Settings, pseudonyms: Collection[str]) -> set[str]:
    """Other pseudonyms with a name and birth date that one of these has had."""
    own = _remembered(settings, "pseudonym", pseudonyms)
    names = {row["identifier_hash"] for row in own if row["identifier_kind"] == "name"}
    rows = _remembered(settings, "identifier_hash", names)
    return {row["pseudonym"] for row in rows} - set(pseudonyms)


def _remembered(settings: Settings, column: str, values: Collection[str]) -> list[dict[str, str]]:
    """The identifiers that have landed, where a column has one of these values."""
    import pyarrow.dataset as ds

    paths = _files(settings, TABLE)
    if not paths or not values:
        return []
    wanted = ds.field(column).isin(sorted(values))
    rows = ds.dataset(paths, format="parquet").to_table(list(COLUMNS), filter=wanted)
    return list(rows.to_pylist())


def pads(secret: bytes) -> tuple[bytes, bytes]:
    """The inner and outer block of HMAC: sha256(outer || sha256(inner || text)), RFC 2104."""
    block = secret.ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ INNER for byte in block), bytes(byte ^ OUTER for byte in block)


def arrival_order_of(settings: Settings, file_id: str) -> int:
    """The file's place in the order of arrival: the one it had, or the one after the last."""
    orders = {path.stem: order_in(path) for path in _files(settings, TABLE)}
    had = orders.get(file_id, -1)
    return had if had >= 0 else max(orders.values(), default=-1) + 1


def _matched(connection: duckdb.DuckDBPyConnection, *, has_lookup: bool) -> Matched:
    rows = connection.execute(
        "select match_basis, count(*), count(district_code) from identity.person group by all"
    ).fetchall()
    counts = dict.fromkeys(BASES, 0) | {basis: count for basis, count, _ in rows}
    return Matched(counts, sum(row[2] for row in rows), has_lookup)


# ---- what has landed ---------------------------------------------------------------------------


def _pick(
    connection: duckdb.DuckDBPyConnection, step: str, reader: pa.RecordBatchReader | pa.Table
) -> None:
    """The rows of a landing table that a step needs; the rest streams past."""
    connection.register("landed", reader)
    connection.execute(f"create table identity.{step} as {LANDED[step]}")
    connection.unregister("landed")


def _landed(
    settings: Settings, step: str, arrival_order: int, met: Met
) -> pa.RecordBatchReader | pa.Table:
    import pyarrow as pa
    import pyarrow.dataset as ds

    if step == "district":
        names: tuple[str, ...] = ("postcode", "district_code")
        paths = _files(settings, POSTCODES)
        if paths:
            return ds.dataset(paths, format="parquet").scanner(columns=list(names)).to_reader()
    else:
        names = COLUMNS
        paths = [path for path in _files(settings, TABLE) if -1 < order_in(path) < arrival_order]
        if paths:
            return met.rows_of(paths)
    return pa.schema([(name, pa.string()) for name in names]).empty_table()


def _text(settings: Settings, step: str) -> str:
    path = settings.project_root / "sql" / "door" / "identity" / f"{step}.sql"
    return path.read_text(encoding="utf-8")


def _files(settings: Settings, table: str) -> list[Any]:
    return sorted((settings.landing / table).glob("*.parquet"))
