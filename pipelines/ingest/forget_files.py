"""The files of an erasure: where a person is, and a file written anew without some of its rows.

The kept bytes come first, then every landed table, the file's record last, so that an erasure that
was interrupted can be done again from the start. Who is erased is the work of forget.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import bundles, case_files, landing, raw_store
from pipelines.ingest.bundles import Bundle
from pipelines.ingest.keys import Keys
from pipelines.ingest.reading import without_rows as reading_without
from pipelines.registry.landing import landing_tables
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

ASIDE = "quarantined_row"
# Table and its rows -> which of them go; None where none can.
Going = Callable[[str, "pa.Table"], "pa.ChunkedArray | None"]


@dataclass(frozen=True)
class _Change:
    """What is different in a file.

    Attributes:
        kept: the file as it is kept now.
        going: the rows that go out of landing.
        drops_aside: whether the rows that had been put aside are gone too.
    """

    kept: Bundle
    going: Going
    drops_aside: bool


def kept_of(settings: Settings, file_id: str) -> Bundle:
    """The kept files that landed under an id.

    Raises:
        InputError: it is not written down what they are.
    """
    row = next(row for row in landing.received(settings) if row["file_id"] == file_id)
    kept = bundles.as_kept(settings, row["sha256"], row["archive_name"])
    if kept is None:
        raise InputError(
            "what the file was made of is not written down",
            where=file_id,
            remedy="Ingest the file again, so that it is written down, and ask again.",
        )
    return kept


def without_person(
    settings: Settings, keys: Keys, file_id: str, pseudonym: str, *, is_put_aside: bool = False
) -> tuple[int, list[str]]:
    """Write a file anew without a person; gives the rows taken out of landing, and notes."""
    kept = kept_of(settings, file_id)
    new, notes = case_files.without(settings, keys, kept, pseudonym, is_put_aside=is_put_aside)
    bundles.write_down(settings, new)
    change = _Change(new, lambda _, content: _of_person(content, pseudonym), new is not kept)
    return _land(settings, file_id, pseudonym, change), notes


def without_rows(
    settings: Settings, keys: Keys, file_id: str, module: str, numbers: set[int]
) -> None:
    """Write a CSV of one module anew without some rows."""
    new = case_files.without_rows(settings, keys, kept_of(settings, file_id), module, numbers)
    bundles.write_down(settings, new)
    change = _Change(
        new, lambda table, content: _numbered(content, numbers) if table == module else None, False
    )
    _land(settings, file_id, str(sorted(numbers)), change)


def _of_person(content: pa.Table, pseudonym: str) -> pa.ChunkedArray | None:
    import pyarrow.compute as pc

    if "pseudonym" not in content.column_names:
        return None
    return pc.fill_null(pc.equal(content.column("pseudonym"), pseudonym), False)


def _numbered(content: pa.Table, numbers: set[int]) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(content.column("row_number"), pa.array(sorted(numbers), pa.int64()))


def _land(settings: Settings, file_id: str, salt: str, change: _Change) -> int:
    """Write every table of a file anew without the rows that go, the file's record last."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    records = [row for row in landing.received(settings) if row["file_id"].startswith(file_id)]
    # Another reading than the one that lies there, so that `sweep` can tell old from new.
    reading = reading_without(records[0]["reading_version"], salt)
    place = landing.Place(settings, file_id, reading, is_replacing=True)
    removed: dict[str, int] = {}
    for path in _tables_of(settings, file_id):
        table, content = path.parent.name, pq.read_table(path)
        gone = change.going(table, content)
        if gone is not None:
            removed[table] = pc.sum(gone).as_py() or 0
            content = content.filter(pc.invert(gone))
        if table == ASIDE and change.drops_aside:
            content = content.slice(0, 0)
        landing.write_table(place.path(table, path.stem), content)
    landing.commit(place, [_record(row, removed, change, place) for row in records])
    return sum(removed.values())


def _record(
    row: Mapping[str, Any], removed: Mapping[str, int], change: _Change, place: landing.Place
) -> dict[str, Any]:
    """The record of one module after the erasure: what came in is what is still kept."""
    module, kept = row["dataset"], change.kept
    names = (module, f"sen2_{module}", *case_files.TABLES.get(module, ()))
    gone = next((removed[name] for name in names if name in removed), 0)
    aside = row["row_count_quarantined"] if change.drops_aside else 0
    piece = kept.piece_of(case_files.parts_of(place.settings, kept.family, module))
    return dict(row) | {
        "row_count_in": row["row_count_in"] - gone - aside,
        "row_count_accepted": row["row_count_accepted"] - gone,
        "row_count_quarantined": row["row_count_quarantined"] - aside,
        "kept_sha256": piece.sha256,
        "reading_version": place.reading,
        "size_bytes": raw_store.size_of(place.settings, piece.sha256),
    }


def drop_orphans(settings: Settings) -> None:
    """Sealed objects that no file rests on any more."""
    arrived = {row["sha256"] for row in landing.received(settings)}
    wanted = bundles.objects_of(settings, arrived)
    for path in (settings.workspace / "raw").glob("*/*"):
        if path.name not in wanted and raw_store.is_sealed(settings, path.name):
            path.unlink()


def drop_warehouse(settings: Settings) -> None:
    """The build's own database holds rows; the next build makes it anew."""
    for path in settings.warehouse.parent.glob(f"{settings.warehouse.name}*"):
        path.unlink()


# ---- where the person is -----------------------------------------------------------------------


def _tables_of(settings: Settings, file_id: str) -> list[Path]:
    found = settings.landing.glob(f"*/{file_id}*.parquet")
    return sorted(path for path in found if path.parent.name != landing.COMMIT_TABLE)


def files_of(settings: Settings, pseudonym: str) -> list[str]:
    """Files with a row of the person in any table."""
    import pyarrow.dataset as ds

    found = set()
    for paths in _with_pseudonyms(settings):
        table = ds.dataset(paths, format="parquet").to_table(
            ["file_id"], filter=ds.field("pseudonym") == pseudonym
        )
        found.update(table.column("file_id").unique().to_pylist())
    return sorted(found)


def pseudonyms(settings: Settings) -> set[str]:
    """Everybody's who is in any table."""
    import pyarrow.dataset as ds

    found: set[str] = set()
    for paths in _with_pseudonyms(settings):
        table = ds.dataset(paths, format="parquet").to_table(["pseudonym"])
        found.update(text for text in table.column("pseudonym").unique().to_pylist() if text)
    return found


def _with_pseudonyms(settings: Settings) -> Iterable[list[Path]]:
    for table, columns in landing_tables(settings.project_root / "sql").items():
        paths = sorted((settings.landing / table).glob("*.parquet"))
        if "pseudonym" in columns and paths:
            yield paths
