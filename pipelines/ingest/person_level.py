"""A person-level file, or files that belong together -> pseudonymised rows in landing/.

Kept sealed, read, laid on the desk, matched, selected, judged, written; one record a module comes
last and says that the rest is there. Names, birth dates, UPNs, ULNs and postcodes are in memory
only, and no message here holds a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import (
    bundles,
    door_tables,
    forget_log,
    identity,
    identity_told,
    landing,
    raw_store,
)
from pipelines.ingest.accounts import counted_modules, unaccounted
from pipelines.ingest.bundles import Bundle
from pipelines.ingest.families import family_of
from pipelines.ingest.intake import AGAIN, HELD, LANDED, Run
from pipelines.ingest.memory import enough_memory
from pipelines.ingest.ownership import require_named_own, require_own
from pipelines.ingest.parcel import Finding, Receipt
from pipelines.ingest.runnable import runnable
from pipelines.ingest.setting import require_own_year, said_of
from pipelines.ingest.taking import (
    SOURCE,
    Taking,
    kind_of,
    later_edition,
    other_kind,
    placed,
    receipt_of,
    records_of,
    release_unused,
    write,
    write_aside,
    write_findings,
)
from pipelines.ingest.words import counted

if TYPE_CHECKING:
    import duckdb

    from pipelines.ingest.desk_reference import Setting
    from pipelines.ingest.modules import Modules

__all__ = ["SOURCE", "read_again", "take"]


def take(run: Run, bundle: Bundle) -> Receipt:
    """Keep, read and land one bundle; bytes that are held and read as now are passed over.

    Raises:
        InputError: the files cannot be read, are of another authority, or may not lie beside what
            the workspace holds. They are not kept then. Or they are said to be of another kind
            than they were taken in as, and not why.
    """
    earlier = run.held(bundle.sha256)
    is_other_kind = bool(earlier) and run.asked.contradicts(earlier[0])
    if is_other_kind and not run.asked.reason:
        raise _no_reason(earlier[0], bundle)
    if earlier:
        _put_back(run, bundle)
    is_read_as_now = all(row.get("reading_version") == run.reading for row in earlier)
    if earlier and is_read_as_now and not is_other_kind:
        return receipt_of(earlier, bundle, HELD)
    run.keys()
    if earlier:
        # Somebody may have been erased since: what is kept is read, not what is offered.
        kept = bundles.as_kept(run.settings, bundle.sha256, bundle.archive_name) or bundle
        return _landed(run, kept, earlier)
    new = _keep(run, bundle)
    try:
        bundles.write_down(run.settings, bundle)
        kept = bundles.as_kept(run.settings, bundle.sha256, bundle.archive_name) or bundle
        return _landed(run, kept, earlier)
    except InputError:
        landing.sweep(run.settings)
        for sha256 in new:
            raw_store.drop(run.settings, sha256)
        raise


def read_again(run: Run, kept: Bundle) -> Receipt:
    """Read what is kept of a bundle once more, under the keys of the run, in the place of before.

    Raises:
        InputError: it cannot be read.
    """
    earlier = run.held(kept.sha256)
    # What an interruption leaves of this reading may not pass for that of the one before.
    landing.outdate(run.settings, kept.file_id, earlier)
    return _landed(run, kept, earlier)


def _no_reason(record: Mapping[str, Any], bundle: Bundle) -> InputError:
    return InputError(
        f"it was taken in as {kind_of(record)}, and is now said to be the other kind",
        where=bundle.name,
        remedy="Say why with --reason, and it will count as that. If it only lies in the wrong "
        "folder (inbox/in-year is for extracts), move it.",
    )


def _put_back(run: Run, bundle: Bundle) -> None:
    """Keep again what was lost of the kept bytes, unless somebody was erased from them since."""
    kept = bundles.as_kept(run.settings, bundle.sha256)
    if kept is None or kept.is_written_anew:
        return
    if not all(raw_store.holds(run.settings, piece.sha256) for piece in kept.pieces):
        _keep(run, bundle)


def _keep(run: Run, bundle: Bundle) -> list[str]:
    """Seal every file of a bundle; gives the hashes of those that were not there."""
    new = []
    for piece in bundle.pieces:
        with piece.member.opening() as stream:
            if raw_store.keep(run.settings, stream, piece.sha256, run.keys().raw):
                new.append(piece.sha256)
    return new


def _landed(run: Run, bundle: Bundle, earlier: Sequence[Mapping[str, Any]]) -> Receipt:
    """Read a kept bundle and write all of it, its record last."""
    with enough_memory():
        return _read_and_landed(run, bundle, earlier)


def _read_and_landed(run: Run, bundle: Bundle, earlier: Sequence[Mapping[str, Any]]) -> Receipt:
    family = family_of(bundle.family, run.settings.project_root)
    asked = run.asked.or_else(said_of(earlier[0] if earlier else None))
    modules = family.read(bundle.form, bundle.pieces, asked.return_year)
    require_named_own(run.settings, modules)
    counts = counted_modules(family, modules, bundle.name, may_be_empty=bundle.is_written_anew)
    setting = family.setting(modules, run.settings.council, bundle.file_id, asked)
    require_own_year(modules, setting)
    release, kind = family.release(modules, setting), family.kind(bundle.form, setting)
    before = kind_of(earlier[0]) if earlier and run.asked.contradicts(earlier[0]) else None
    if before:
        landing.outdate(run.settings, bundle.file_id, earlier)
    place = landing.Place(run.settings, bundle.file_id, run.reading, bool(earlier))
    taking = Taking(run, bundle, family, place, counts, list(modules.findings))
    write_aside(taking, modules)
    _desk_work(taking, modules, setting)
    rows = records_of(taking, kind, release)
    taking.findings += later_edition(run, rows)
    if before:
        taking.findings.append(other_kind(before, rows[0]))
    write_findings(taking)
    landing.commit(place, rows)
    run.replace(bundle.sha256, rows)
    told = receipt_of(rows, bundle, AGAIN if earlier else LANDED, tuple(taking.findings))
    return replace(told, taken_before_as=before)


# ---- on the desk -------------------------------------------------------------------------------


def _desk_work(taking: Taking, modules: Modules, setting: Setting) -> None:
    """All that needs names and birth dates: match, select, judge. What leaves is written."""
    from pipelines.ingest.desk import desk, held_reference
    from pipelines.ingest.judge import judge

    family, settings = taking.family, taking.run.settings
    reference = held_reference(settings)
    described, patterns = family.modules, family.patterns
    with desk(modules, described, patterns, reference, setting, is_moved=True) as connection:
        file = (taking.bundle.file_id, modules.form, taking.run.keys().pseudonym.id)
        door_tables.lay_out_door(connection, settings, family, file)
        _let_go(modules)
        _identify(taking, connection, setting)
        _write_tables(taking, connection)
        if family.rules is None:
            return
        rules, not_run = runnable(family.rules, described, modules.not_held, setting.return_year)
        judged = judge(connection, rules)
        taking.findings += [
            placed(taking, item) for item in door_tables.grouped(connection, judged)
        ]
        taking.findings += not_run
        found = door_tables.record_findings(connection, settings, judged, taking.bundle.file_id)
        write(taking, door_tables.RECORD_FINDING, found)


def _let_go(modules: Modules) -> None:
    """What lies on the desk need not lie in memory twice: a large return fills half of it."""
    if isinstance(modules.tables, dict):
        modules.tables.clear()
    release_unused()


def _identify(taking: Taking, connection: duckdb.DuckDBPyConnection, setting: Setting) -> None:
    """Pseudonyms for the people of the file, and what was found of them."""
    settings, file_id = taking.run.settings, taking.bundle.file_id
    sql = door_tables.identifier_sql(settings, taking.family.name)
    order = identity.arrival_order_of(settings, file_id)
    key = taking.run.keys().pseudonym.of_council(setting.la_code or settings.council)
    matched = identity.identify(
        connection, sql or door_tables.NOBODY, settings, key, order, taking.run.met
    )
    if matched.people:
        taking.findings += identity_told.findings_of(matched)
        taking.findings += _come_back(connection, forget_log.erased(settings))
        pieces = door_tables.person_identity(connection, settings, file_id, order)
        landing.write_pieces(taking.place.path(identity.TABLE, file_id), pieces)
    identity.let_go(connection)


def _come_back(connection: duckdb.DuckDBPyConnection, marks: set[str]) -> list[Finding]:
    """People who were erased and stand in this file: how many, not who."""
    if not marks:
        return []
    (count,) = connection.execute(
        "select count(distinct pseudonym) from identity.person "
        "where substr(sha256(? || pseudonym), 1, ?) in (select unnest(?))",
        [forget_log.MARK, forget_log.DIGITS, sorted(marks)],
    ).fetchone() or (0,)
    if not count:
        return []
    return [
        Finding(
            rule="erased_before",
            severity="warning",
            message=f"{counted(count, 'person record')} in it of somebody who was erased here "
            "before: with this file they are held again.",
            remedy="Ask who answers for the data whether they may be; if not, erase them again "
            "with `send forget`, and have the system that the file comes from changed.",
            row_count=count,
        )
    ]


def _write_tables(taking: Taking, connection: duckdb.DuckDBPyConnection) -> None:
    """The landing tables of the family, once it is known that they are the council's own."""
    settings, file_id = taking.run.settings, taking.bundle.file_id
    owners = door_tables.owners(connection, settings, taking.family.name)
    require_own(settings, owners, file_id)
    for table, pieces in door_tables.selected(connection, settings, taking.family.name, file_id):
        landed = landing.write_pieces(taking.place.path(table, file_id), pieces)
        _require_all(taking, table, landed)
        release_unused()


def _require_all(taking: Taking, table: str, landed: int) -> None:
    """A table of one module has a row for each record of it that was accepted."""
    module = table.removeprefix(f"{taking.family.name}_")
    counts = taking.modules.get(module)
    if counts is not None and counts.row_count_accepted != landed:
        raise unaccounted(taking.bundle.name, module, counts.row_count_accepted, landed)
