"""One person-level file on its way in, and what is written of it beside its rows.

Records that were put aside, findings, the rows of received_file, the receipt: counts and names, and
nothing of what a record says. The way itself stands in person_level.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.ingest import landing, raw_store
from pipelines.ingest.bundles import Bundle
from pipelines.ingest.families import Family
from pipelines.ingest.intake import Run, vintage
from pipelines.ingest.parcel import Counts, Finding, Receipt, told_of
from pipelines.ingest.setting import IN_YEAR

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules

SOURCE = "council"
COUNTS = ("row_count_in", "row_count_accepted", "row_count_quarantined")


@dataclass
class Taking:
    """One bundle on its way through."""

    run: Run
    bundle: Bundle
    family: Family
    place: landing.Place
    modules: Mapping[str, Counts]
    findings: list[Finding]


def write(taking: Taking, table: str, content: Any) -> None:
    """A table that lies in memory whole; of one without rows there is no file."""
    if content.num_rows:
        landing.write_table(taking.place.path(table, taking.bundle.file_id), content)
        release_unused()


def release_unused() -> None:
    """Give back what pyarrow keeps for its next table: there may be none as large."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def write_aside(taking: Taking, modules: Modules) -> None:
    """The records that were put aside, by module: where and why, never their text."""
    records = []
    for module in taking.modules:
        rows = [replace(row, text="") for row in modules.quarantined.get(module, ())]
        records += landing.quarantine_records(_id_of(taking, module), rows)
        taking.findings += [_of_module(taking, module, found) for found in told_of(rows)]
    if records:
        content = landing.records_table(taking.place.settings, "quarantined_row", records)
        write(taking, "quarantined_row", content)


def _of_module(taking: Taking, module: str, found: Finding) -> Finding:
    return placed(taking, replace(found, message=f"{module}: {found.message}", module=module))


def placed(taking: Taking, found: Finding) -> Finding:
    """A finding with the file or sheet in which its rows stand."""
    return replace(found, place=taking.family.place_of(taking.bundle, found.module))


def write_findings(taking: Taking) -> None:
    """What is to be said of the file as a whole; what the rules found stands in record_finding."""
    rules = taking.family.rules
    of_rules = {rule.id for rule in rules.rules} if rules else set()
    told = [each for each in taking.findings if each.rule not in of_rules]
    records = landing.finding_records(taking.bundle.file_id, told)
    if records:
        content = landing.records_table(taking.place.settings, "finding", records)
        write(taking, "finding", content)


def _id_of(taking: Taking, module: str) -> str:
    """The first module bears the file's own id, as its rows do; the others say which they are."""
    first = next(iter(taking.modules))
    return taking.bundle.file_id if module == first else f"{taking.bundle.file_id}-{module}"


def records_of(taking: Taking, kind: str, release: str | None) -> list[dict[str, Any]]:
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


def later_edition(run: Run, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
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


def kind_of(record: Mapping[str, Any]) -> str:
    """What a SEN2 file was taken in as, in words, by its row of received_file."""
    words = "an in-year extract" if record["kind"] == IN_YEAR else "a yearly return"
    return f"{words} ({record['vintage']})"


def other_kind(before: str, record: Mapping[str, Any]) -> Finding:
    """Somebody has taken back what was said of the file; the reason stands in the log."""
    return Finding(
        rule="taken_back",
        severity="info",
        message=f"It was taken in as {before} and counts as {kind_of(record)} from now on.",
        remedy="",
    )


def receipt_of(
    rows: Sequence[Mapping[str, Any]],
    bundle: Bundle,
    status: str,
    findings: tuple[Finding, ...] = (),
) -> Receipt:
    """What the rows of received_file of one bundle say, for a reader."""
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
