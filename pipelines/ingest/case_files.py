"""Kept person-level files written anew without one person.

A CSV loses the person's records and stays as it is otherwise, to the byte. An XML is written anew
from what was read of it; a workbook becomes such an XML too, because its cells cannot be taken out
without leaving them in the file. Records that were put aside are in no table, so nobody can say
whose they are: they go with the old form, and it is said how many they were.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.ingest import door_tables, identity, landing, raw_store, strict_csv
from pipelines.ingest.archive import Member
from pipelines.ingest.bundles import Bundle, Piece
from pipelines.ingest.families import Family, family_of
from pipelines.ingest.keys import Keys
from pipelines.ingest.modules import RECORD, Modules
from pipelines.ingest.setting import Asked, said_of
from pipelines.ingest.words import counted
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

# By module: record and row number; a record that was put aside has no number of its own.
Rows = dict[str, Sequence[tuple[int | None, int]]]

XML = "sen2_xml"
WHOLE_FORMS = frozenset({XML, "sen2_template", "sen2_presubmission"})
# Module -> landing tables whose rows are its records, where the name does not say so.
TABLES: Mapping[str, tuple[str, ...]] = {
    "pupil_on_roll": ("census_pupil",),
    "sen_need": ("census_sen_need",),
    "ap_pupil": ("ap_census_pupil",),
}
# Any year will do where a file has none: nothing but its records is asked for.
ANY_YEAR = 2026


def parts_of(settings: Settings, family: str, module: str) -> Collection[str]:
    """The parts of a bundle that may hold a module."""
    return family_of(family, settings.project_root).parts_of(module)


def without(
    settings: Settings,
    keys: Keys,
    kept: Bundle,
    pseudonym: str,
    *,
    is_put_aside: bool = False,
) -> tuple[Bundle, list[str]]:
    """Write the files of a bundle without one person; gives the bundle as it is then, and notes.

    The files that are replaced stay until nothing rests on them. is_put_aside: the person stands in
    the records that were put aside, so that the files are written anew whoever else is in them.
    """
    family = family_of(kept.family, settings.project_root)
    said = _said(settings, kept)
    modules = family.read(kept.form, kept.pieces, said.return_year)
    rows = _rows_of(settings, keys, kept, family, modules, pseudonym) if pseudonym else {}
    if not is_put_aside and not any(rows.values()):
        return kept, []
    lost = sum(len(aside) for aside in modules.quarantined.values())
    notes = [f"{kept.name}: {_went(lost)}"] if lost else []
    if kept.form in WHOLE_FORMS:
        notes = [f"{kept.name}: written anew as XML from what was read of it.", *notes]
        return _as_xml(settings, keys, kept, modules, rows, said), notes
    for module, aside in modules.quarantined.items():
        rows[module] = [*rows.get(module, ()), *((None, row.row_number) for row in aside)]
    return _without_rows(settings, keys, kept, family, rows), notes


def without_rows(
    settings: Settings, keys: Keys, kept: Bundle, module: str, numbers: Collection[int]
) -> Bundle:
    """Write the CSV of a bundle without some rows of a module."""
    family = family_of(kept.family, settings.project_root)
    rows: Rows = {module: [(None, number) for number in numbers]}
    return _without_rows(settings, keys, kept, family, rows)


def identifiers_in(
    settings: Settings, keys: Keys, kept: Bundle, pseudonym: str
) -> list[dict[str, object]]:
    """What a person is known by in the files of a bundle: in memory only."""
    family = family_of(kept.family, settings.project_root)
    sql = door_tables.identifier_sql(settings, family.name)
    if sql is None:
        return []
    modules = family.read(kept.form, kept.pieces, _said(settings, kept).return_year)
    with _matched(settings, keys, kept, family, modules) as connection:
        people = identity.landed_as(connection, settings, kept.file_id, pseudonym)
        found = connection.execute(
            f"select identifier.* from ({sql}) as identifier inner join identity.person "  # noqa: S608
            "using (person_record) where pseudonym in (select unnest(?::varchar[]))",
            [people],
        ).to_arrow_table()
    return list(found.to_pylist())


def _said(settings: Settings, kept: Bundle) -> Asked:
    """What was said of a bundle when it came."""
    landed = (row for row in landing.received(settings) if row["sha256"] == kept.sha256)
    return said_of(next(landed, None), otherwise=ANY_YEAR)


def _went(lost: int) -> str:
    return f"{counted(lost, 'record')} that could not be read went with it."


@contextmanager
def _matched(
    settings: Settings, keys: Keys, kept: Bundle, family: Family, modules: Modules
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The records of a bundle on a desk, with the pseudonyms that the door gave their people."""
    from pipelines.ingest.desk import desk, held_reference

    said = _said(settings, kept)
    setting = family.setting(modules, settings.council, kept.file_id, said)
    key = keys.pseudonym.of_council(setting.la_code or settings.council)
    reference = held_reference(settings)
    with desk(modules, family.modules, family.patterns, reference, setting) as connection:
        file = (kept.file_id, modules.form, keys.pseudonym.id)
        door_tables.lay_out_door(connection, settings, family, file)
        sql = door_tables.identifier_sql(settings, family.name) or door_tables.NOBODY
        order = identity.arrival_order_of(settings, kept.file_id)
        identity.identify(connection, sql, settings, key, order)
        yield connection


def _rows_of(
    settings: Settings,
    keys: Keys,
    kept: Bundle,
    family: Family,
    modules: Modules,
    pseudonym: str,
) -> Rows:
    """By module, record and row number of all that is the person's."""
    with _matched(settings, keys, kept, family, modules) as connection:
        people = identity.landed_as(connection, settings, kept.file_id, pseudonym)
        return {
            module: connection.execute(
                f"select record, row_number from parsed.{module} where person_record in "  # noqa: S608
                "(select person_record from identity.person "
                "where pseudonym in (select unnest(?::varchar[])))",
                [people],
            ).fetchall()
            for module in family.modules
        }


def _without_rows(
    settings: Settings, keys: Keys, kept: Bundle, family: Family, rows: Rows
) -> Bundle:
    pieces = [_as_csv(settings, keys, kept, piece, family, rows) for piece in kept.pieces]
    return replace(kept, pieces=tuple(pieces))


def _as_csv(
    settings: Settings,
    keys: Keys,
    kept: Bundle,
    piece: Piece,
    family: Family,
    rows: Rows,
) -> Piece:
    """One CSV without some of its records; one that has none of them stays as it is."""
    numbers: set[int] = set()
    for module, found in rows.items():
        if kept.piece_of(family.parts_of(module)) is piece:
            numbers.update(number for _, number in found)
    if not numbers:
        return piece
    body = strict_csv.decode(piece.member.content())
    texts = (text for number, _, text in strict_csv.records(body) if number not in numbers)
    return _kept(settings, keys, piece, "\r\n".join([*texts, ""]).encode("utf-8"))


def _as_xml(
    settings: Settings, keys: Keys, kept: Bundle, modules: Modules, rows: Rows, said: Asked
) -> Bundle:
    """A SEN2 return as XML, from what was read of it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from pipelines.ingest.sen2.write_xml import write_xml
    from pipelines.ingest.setting import setting_of

    tables = {}
    for module, table in modules.tables.items():
        gone = pa.array([record for record, _ in rows.get(module, ())], pa.int64())
        tables[module] = table.filter(pc.invert(pc.is_in(table.column(RECORD), gone)))
    year = setting_of(modules, settings.council, kept.file_id, said).return_year
    target = io.BytesIO()
    write_xml(replace(modules, tables=tables), year or ANY_YEAR, target)
    piece = _kept(settings, keys, kept.pieces[0], target.getvalue())
    return replace(kept, form=XML, pieces=(piece,))


def _kept(settings: Settings, keys: Keys, piece: Piece, content: bytes) -> Piece:
    """Seal new bytes in the place of a file's."""
    sha256 = raw_store.digest(content)
    raw_store.keep(settings, io.BytesIO(content), sha256, keys.raw)
    member = Member(
        piece.member.name,
        piece.member.archive_name,
        lambda: raw_store.opened(settings, sha256),
        len(content),
    )
    return Piece(member, piece.part, sha256)
