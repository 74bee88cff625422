"""A person-level file, or files that belong together -> pseudonymised rows in landing/.

Kept sealed, read, laid on the desk, matched, selected, judged, written; one record a module comes
last and says that the rest is there. Names, birth dates, UPNs, ULNs and postcodes are in memory
only, and no message here holds a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import bundles, door_tables, forget_log, identity, landing, raw_store
from pipelines.ingest.accounts import counted_modules, unaccounted
from pipelines.ingest.bundles import Bundle
from pipelines.ingest.families import Family, family_of
from pipelines.ingest.intake import AGAIN, HELD, LANDED, Run, vintage
from pipelines.ingest.memory import enough_memory
from pipelines.ingest.ownership import require_named_own, require_own
from pipelines.ingest.parcel import Counts, Finding, Receipt, told_of
from pipelines.ingest.runnable import runnable
from pipelines.ingest.setting import said_of
from pipelines.ingest.words import counted

if TYPE_CHECKING:
    import duckdb

    from pipelines.ingest.desk_reference import Setting
    from pipelines.ingest.modules import Modules

SOURCE = "council"
COUNTS = ("row_count_in", "row_count_accepted", "row_count_quarantined")


def take(run: Run, bundle: Bundle) -> Receipt:
    """Keep, read and land one bundle; bytes that are held and read as now are passed over.

    Raises:
        InputError: the files cannot be read, are of another authority, or may not lie beside what
            the workspace holds. They are not kept then.
    """
    earlier = run.held(bundle.sha256)
    if earlier and all(row.get("reading_version") == run.reading for row in earlier):
        return _receipt(earlier, bundle, HELD)
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


def _keep(run: Run, bundle: Bundle) -> list[str]:
    """Seal every file of a bundle; gives the hashes of those that were not there."""
    new = []
    for piece in bundle.pieces:
        with piece.member.opening() as stream:
            if raw_store.keep(run.settings, stream, piece.sha256, run.keys().raw):
                new.append(piece.sha256)
    return new


@dataclass
class _Taking:
    """One bundle on its way through."""

    run: Run
    bundle: Bundle
    family: Family
    place: landing.Place
    modules: Mapping[str, Counts]
    findings: list[Finding]


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
    release, kind = family.release(modules, setting), family.kind(bundle.form, setting)
    place = landing.Place(run.settings, bundle.file_id, run.reading, bool(earlier))
    taking = _Taking(run, bundle, family, place, counts, list(modules.findings))
    _write_aside(taking, modules)
    _desk_work(taking, modules, setting)
    rows = _records(taking, kind, release)
    taking.findings += _later_edition(run, rows)
    _write_findings(taking)
    landing.commit(place, rows)
    run.replace(bundle.sha256, rows)
    return _receipt(rows, bundle, AGAIN if earlier else LANDED, tuple(taking.findings))


# ---- on the desk -------------------------------------------------------------------------------


def _desk_work(taking: _Taking, modules: Modules, setting: Setting) -> None:
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
            _placed(taking, item) for item in door_tables.grouped(connection, judged)
        ]
        taking.findings += not_run
        found = door_tables.record_findings(connection, settings, judged, taking.bundle.file_id)
        _write(taking, door_tables.RECORD_FINDING, found)


def _let_go(modules: Modules) -> None:
    """What lies on the desk need not lie in memory twice: a large return fills half of it."""
    import pyarrow as pa

    if isinstance(modules.tables, dict):
        modules.tables.clear()
    pa.default_memory_pool().release_unused()


def _identify(taking: _Taking, connection: duckdb.DuckDBPyConnection, setting: Setting) -> None:
    """Pseudonyms for the people of the file, and what was found of them."""
    settings, file_id = taking.run.settings, taking.bundle.file_id
    sql = door_tables.identifier_sql(settings, taking.family.name)
    order = identity.arrival_order_of(settings, file_id)
    key = taking.run.keys().pseudonym.of_council(setting.la_code or settings.council)
    matched = identity.identify(
        connection, sql or door_tables.NOBODY, settings, key, order, taking.run.met
    )
    if matched.people:
        taking.findings += identity.findings_of(matched)
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


def _write_tables(taking: _Taking, connection: duckdb.DuckDBPyConnection) -> None:
    """The landing tables of the family, once it is known that they are the council's own."""
    settings, file_id = taking.run.settings, taking.bundle.file_id
    owners = door_tables.owners(connection, settings, taking.family.name)
    require_own(settings, owners, file_id)
    for table, content in door_tables.selected(connection, settings, taking.family.name, file_id):
        _require_all(taking, table, content.num_rows)
        _write(taking, table, content)
        # Else it lies there while the next one is selected.
        del content


def _require_all(taking: _Taking, table: str, landed: int) -> None:
    """A table of one module has a row for each record of it that was accepted."""
    module = table.removeprefix(f"{taking.family.name}_")
    counts = taking.modules.get(module)
    if counts is not None and counts.row_count_accepted != landed:
        raise unaccounted(taking.bundle.name, module, counts.row_count_accepted, landed)


def _write(taking: _Taking, table: str, content: Any) -> None:
    import pyarrow as pa

    if content.num_rows:
        landing.write_table(taking.place.path(table, taking.bundle.file_id), content)
        pa.default_memory_pool().release_unused()


# ---- what is written beside --------------------------------------------------------------------


def _write_aside(taking: _Taking, modules: Modules) -> None:
    """The records that were put aside, by module: where and why, never their text."""
    records = []
    for module in taking.modules:
        rows = [replace(row, text="") for row in modules.quarantined.get(module, ())]
        records += landing.quarantine_records(_id_of(taking, module), rows)
        taking.findings += [_of_module(taking, module, found) for found in told_of(rows)]
    if records:
        content = landing.records_table(taking.place.settings, "quarantined_row", records)
        _write(taking, "quarantined_row", content)


def _of_module(taking: _Taking, module: str, found: Finding) -> Finding:
    return _placed(taking, replace(found, message=f"{module}: {found.message}", module=module))


def _placed(taking: _Taking, found: Finding) -> Finding:
    """A finding with the file or sheet in which its rows stand."""
    return replace(found, place=taking.family.place_of(taking.bundle, found.module))


def _write_findings(taking: _Taking) -> None:
    """What is to be said of the file as a whole; what the rules found stands in record_finding."""
    rules = taking.family.rules
    of_rules = {rule.id for rule in rules.rules} if rules else set()
    told = [each for each in taking.findings if each.rule not in of_rules]
    records = landing.finding_records(taking.bundle.file_id, told)
    if records:
        content = landing.records_table(taking.place.settings, "finding", records)
        _write(taking, "finding", content)


def _id_of(taking: _Taking, module: str) -> str:
    """The first module bears the file's own id, as its rows do; the others say which they are."""
    first = next(iter(taking.modules))
    return taking.bundle.file_id if module == first else f"{taking.bundle.file_id}-{module}"


def _records(taking: _Taking, kind: str, release: str | None) -> list[dict[str, Any]]:
    """The rows of received_file: one a module."""
    run, bundle = taking.run, taking.bundle
    edition, order = vintage(run.editions(SOURCE, kind, release), bundle.sha256, release)
    shared = {
        "source": SOURCE,
        "kind": kind,
        "archive_name": bundle.archive_name,
        "sha256": bundle.sha256,
        "reading_version": run.reading,
        "release": release,
        "vintage": edition,
        "vintage_order": order,
    }
    rows = []
    for module, counts in taking.modules.items():
        piece = bundle.piece_of(taking.family.parts_of(module))
        own = {
            "file_id": _id_of(taking, module),
            "dataset": module,
            "file_name": piece.member.name,
            "kept_sha256": piece.sha256,
            "size_bytes": raw_store.size_of(run.settings, piece.sha256),
        }
        rows.append(shared | own | vars(counts))
    return rows


def _later_edition(run: Run, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """A restated return stands beside the one before it and counts from now on."""
    first = rows[0]
    same = run.editions(SOURCE, first["kind"], first["release"])
    orders = {row["vintage_order"]: row["vintage"] for row in same}
    before = [order for order in orders if order < first["vintage_order"]]
    if not before:
        return []
    return [
        Finding(
            rule="later_edition",
            severity="info",
            message=f"It restates {orders[max(before)]}, which stays; figures follow the new one.",
            remedy="",
        )
    ]


def _receipt(
    rows: Sequence[Mapping[str, Any]],
    bundle: Bundle,
    status: str,
    findings: tuple[Finding, ...] = (),
) -> Receipt:
    modules = {row["dataset"]: Counts(*(row[name] for name in COUNTS)) for row in rows}
    sums = {name: sum(row[name] for row in rows) for name in COUNTS}
    return Receipt(
        file_name=bundle.name,
        archive_name=bundle.archive_name,
        kind=rows[0]["kind"],
        dataset=None,
        vintage=rows[0]["vintage"],
        status=status,
        findings=findings,
        modules=modules,
        file_id=bundle.file_id,
        **sums,
    )
