"""Every row of a child under another pseudonym key: the kept files are read again, one by one.

In the order in which they arrived, each matched with those before it, so that whoever was one
person stays one. Before a file is read again it is written down where in it each old pseudonym
stood; from the same places in the new rows follows which pseudonym became which. Nothing here
needs the old key.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import bundles, identity, landing, person_level, raw_store
from pipelines.ingest.bundles import Bundle
from pipelines.ingest.intake import FILE_ID_DIGITS, Run
from pipelines.ingest.met import order_in
from pipelines.registry.landing import landing_tables
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

OnFile = Callable[[int, int], None]
KEY_ID, PSEUDONYM = "key_id", "pseudonym"
PLACES = "key_change"
LAST = 1 << 62
# No key has this id.
NO_KEY = ""
OLD_AND_NEW = """
select distinct old_places.pseudonym as old, new_places.pseudonym as new
from old_places
inner join new_places using (table_name, place)
where old_places.pseudonym is not null and new_places.pseudonym is not null
"""
# Somebody who was one and is two now, or the other way round where the places were read otherwise.
SURE = "select old, min(new) from pairs group by old having count(distinct new) = 1 order by old"


def prepare(settings: Settings) -> None:
    """See that every file with people in it can be read again, before anything is changed.

    The folder of places is made: while it is there, releases may hold old pseudonyms.

    Raises:
        InputError: the kept bytes of a file are missing or damaged, or its key is not here.
    """
    for row in _waiting(settings, NO_KEY):
        for piece in kept_of(settings, row).pieces:
            with raw_store.opened(settings, piece.sha256) as stream:
                if raw_store.digest_of(stream) != piece.sha256:
                    raise cannot(row)
    places_folder(settings).mkdir(parents=True, mode=0o700)


def read_again(run: Run, new_id: str, on_file: OnFile) -> int:
    """Read again whatever is not under the key of that id yet; gives the number of files.

    on_file: is told how many of how many are done.
    """
    rows = _waiting(run.settings, new_id)
    for number, row in enumerate(rows):
        on_file(number, len(rows))
        _write_places(run.settings, row["sha256"][:FILE_ID_DIGITS])
        person_level.read_again(run, kept_of(run.settings, row))
    on_file(len(rows), len(rows))
    return len(rows)


def places_folder(settings: Settings) -> Path:
    """Where it is kept, while the key is changed, in which places the old pseudonyms stood."""
    return settings.workspace / "log" / PLACES


def let_go(settings: Settings) -> None:
    """Forget the old pseudonyms; the folder loses its name first, so that no half of it is read."""
    folder = places_folder(settings)
    going = folder.with_name(f".{PLACES}.done")
    if folder.exists():
        shutil.rmtree(going, ignore_errors=True)
        folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)


def pairs(settings: Settings) -> dict[str, str]:
    """Old pseudonym -> the new one of the same person, wherever that is beyond doubt."""
    import duckdb
    import pyarrow.parquet as pq

    with duckdb.connect(":memory:") as connection:
        connection.execute("create table pairs (old varchar, new varchar)")
        for path in sorted(places_folder(settings).glob("*.parquet")):
            connection.register("old_places", pq.read_table(path))
            connection.register("new_places", _places(settings, path.stem))
            connection.execute(f"insert into pairs {OLD_AND_NEW}")
        return dict(connection.sql(SURE).fetchall())


# ---- which files -------------------------------------------------------------------------------


def _waiting(settings: Settings, new_id: str) -> list[Mapping[str, Any]]:
    """One row of received_file for each file with rows under another key, in order of arrival."""
    files = {
        path.stem.partition("-")[0]
        for table in _tables_with(settings, KEY_ID)
        for path in (settings.landing / table).glob("*.parquet")
        if _has_other_key(path, new_id)
    }
    by_file = {row["sha256"][:FILE_ID_DIGITS]: row for row in landing.received(settings)}
    order = {file: arrival(settings, file) for file in files & by_file.keys()}
    return [by_file[file] for file in sorted(order, key=lambda file: (order[file], file))]


def _tables_with(settings: Settings, *columns: str) -> list[str]:
    tables = landing_tables(settings.project_root / "sql")
    return [name for name, has in tables.items() if all(column in has for column in columns)]


def _has_other_key(path: Path, new_id: str) -> bool:
    import pyarrow.parquet as pq

    found = pq.read_table(path, columns=[KEY_ID]).column(KEY_ID).unique().to_pylist()
    return any(key_id not in (None, new_id) for key_id in found)


def arrival(settings: Settings, file_id: str) -> int:
    """Whoever holds nobody depends on no other file and comes last."""
    path = settings.landing / identity.TABLE / f"{file_id}.parquet"
    order = order_in(path) if path.is_file() else -1
    return LAST if order < 0 else order


def kept_of(settings: Settings, row: Mapping[str, Any]) -> Bundle:
    """The kept files of one row of received_file.

    Raises:
        InputError: some are not there.
    """
    kept = bundles.as_kept(settings, row["sha256"], row["archive_name"])
    if kept is None or not all(raw_store.holds(settings, each.sha256) for each in kept.pieces):
        raise cannot(row)
    return kept


def cannot(row: Mapping[str, Any]) -> InputError:
    """What is said of a file that cannot be read again, by kind and edition."""
    return InputError(
        "the kept bytes of this file are missing or damaged, so it cannot be read again",
        where=f"{row['kind']} {row['vintage']} ({row['sha256'][:FILE_ID_DIGITS]})",
        remedy="Ingest the file again, or put back its object from a backup of the workspace.",
    )


# ---- where the pseudonyms stand ----------------------------------------------------------------


def _write_places(settings: Settings, file_id: str) -> None:
    """Once only: a file that was interrupted may hold new rows by now."""
    target = places_folder(settings) / f"{file_id}.parquet"
    if not target.exists():
        landing.write_table(target, _places(settings, file_id))


def _places(settings: Settings, file_id: str) -> pa.Table:
    """table_name, place, pseudonym: of each row that says who a record of the file is."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in ("table_name", "place", PSEUDONYM)])
    tables = _tables_with(settings, PSEUDONYM, KEY_ID, "row_number")
    found = [_places_in(settings, table, file_id) for table in tables]
    return pa.concat_tables(
        [schema.empty_table(), *(each.cast(schema) for each in found if each is not None)]
    )


def _places_in(settings: Settings, table: str, file_id: str) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = settings.landing / table / f"{file_id}.parquet"
    if not path.is_file():
        return None
    names = list(_place_columns(landing_tables(settings.project_root / "sql")[table]))
    rows = pq.read_table(path, columns=[*names, PSEUDONYM])
    texts = [pc.fill_null(rows.column(name).cast(pa.string()), "") for name in names]
    place = pc.binary_join_element_wise(*texts, "/")
    listed = pa.array([table] * rows.num_rows, pa.string())
    return pa.table({"table_name": listed, "place": place, PSEUDONYM: rows.column(PSEUDONYM)})


def _place_columns(columns: Iterable[str]) -> Iterator[str]:
    """Row and record: several people may stand on one line of an XML."""
    return (name for name in columns if name == "row_number" or name.endswith("_record"))
