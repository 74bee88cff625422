"""The gates of a release: what must hold of its frozen files before anybody may read them.

Each is asked of the files as they lie there, not of the build that wrote them, and what it found is
kept with the approval. One that fails stops the release; the others are asked all the same, so that
a reader is told of everything at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.duckdb import attach
from pipelines.errors import SendError
from pipelines.ingest.words import counted
from pipelines.registry.suites import suites
from pipelines.release.as_ruled import unmatched, unruled
from pipelines.release.present_rules import asked_of
from pipelines.release.reader import EVIDENCE, PUBLIC, Release, connect
from pipelines.release.rounding import BASE, LEAST_POSSIBLE
from pipelines.release.rule_tables import write_rule_tables
from pipelines.release.sealed import verify
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.release.attack.verdict import Verdict

# A figure of ours is what it is about and where it was read.
FIGURE = "kpi, area_code, period_kind, period, breakdown_topic, breakdown, source, vintage"
CLOSED = "no hidden count can be worked out from public figures."


@dataclass(frozen=True)
class Gate:
    """How one gate ended.

    Attributes:
        name: files, suites, rules, rows, disclosure, agreement, or one that was asked for besides.
        passed: whether the release may go on.
        found: what was counted, as a sentence for a reader.
    """

    name: str
    passed: bool
    found: str

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the approval."""
        return asdict(self)


# A gate of an upper floor, which knows what is made for readers: given settings and release.
Besides = Callable[[Settings, Release], Gate]


def run_gates(
    settings: Settings,
    release: Release,
    before: Release | None,
    besides: Sequence[Besides] = (),
) -> tuple[Gate, ...]:
    """Ask every gate of a release; where its files are not as built, that one alone.

    before: the release that people read now, which a reader may lay beside the new one.
    besides: gates that are asked after those of this floor.
    """
    files = _files(settings, release)
    if not files.passed:
        return (files,)
    asked: tuple[Callable[[], Gate], ...] = (
        lambda: _suites(settings, release),
        lambda: _rules(settings, release),
        lambda: _rows(release),
        lambda: _disclosure(settings, release, before),
        lambda: _agreement(settings, release),
        *(partial(gate, settings, release) for gate in besides),
    )
    return (files, *(ask() for ask in asked))


def _files(settings: Settings, release: Release) -> Gate:
    """The files are those that the build wrote, by the manifest and by the audit log."""
    faults = verify(settings, release)
    count = len(release.manifest["files"])
    found = "; ".join(faults) or f"{counted(count, 'file')}, each as the build wrote it."
    return Gate("files", not faults, found)


def _suites(settings: Settings, release: Release) -> Gate:
    """Every table with a suite was judged, and nothing critical failed."""
    root = settings.project_root
    wanted = set(suites(root / "expectations", root / "sql"))
    rows = _evidence(release, "select table_name, severity, passed from {}.check_result")
    unjudged = sorted(wanted - {table for table, _, _ in rows})
    failed = sorted({t for t, severity, passed in rows if severity == "critical" and not passed})
    warned = sum(severity != "critical" and not passed for _, severity, passed in rows)
    found = f"{len(rows):,} checks of {len(wanted)} tables ran; {counted(warned, 'warning')}."
    if unjudged:
        found = f"not judged: {counted(len(unjudged), 'table')}, the first {unjudged[0]}."
    if failed:
        found = f"critical checks failed of {', '.join(failed)}."
    return Gate("suites", not (unjudged or failed), found)


def _rules(settings: Settings, release: Release) -> Gate:
    """Every rule set that judged what is held is the present one; what they found stops nothing."""
    asked = asked_of(release, settings.project_root)
    return Gate("rules", not asked.fault, asked.fault or asked.found)


def _rows(release: Release) -> Gate:
    """Rows in are rows accepted and rows put aside, for every file."""
    rows = _evidence(
        release,
        "select file_id, row_count_in, row_count_accepted + row_count_quarantined from {}.file",
    )
    lost = sorted(str(name) for name, came, told in rows if came is None or came != told)
    total = sum(came or 0 for _, came, _ in rows)
    found = f"{counted(total, 'row')} in {counted(len(rows), 'table')} received, all accounted for."
    if lost:
        found = f"not accounted for: rows of {counted(len(lost), 'file')}, the first {lost[0]}."
    return Gate("rows", not lost, found)


def _disclosure(settings: Settings, release: Release, before: Release | None) -> Gate:
    """Nobody can work out a small number from this release and the one that people read now."""
    told = _not_as_ruled(release, settings.project_root)
    if told:
        return Gate("disclosure", False, told)
    beside = before if before and before.id != release.id else None
    try:
        verdict = _attacked(settings, release, beside)
    except SendError as error:
        return Gate("disclosure", False, f"not to be attacked: {error.what} ({error.where}).")
    if verdict is None:
        return Gate("disclosure", True, "no row of the council's own is in this release.")
    if not verdict.narrow:
        return Gate("disclosure", True, f"{CLOSED}{_outdated(verdict)}")
    first = verdict.narrow[0].variable
    return Gate(
        "disclosure",
        False,
        f"at least {len(verdict.narrow)} hidden counts could be worked out to fewer than "
        f"{LEAST_POSSIBLE} values, the first of them in the return {first.vintage}: "
        f"{', '.join(first.counted[:4])}" + (f", read beside {beside.id}." if beside else "."),
    )


def _not_as_ruled(release: Release, root: Path) -> str:
    """Which figures the rule would not print, or marts.kpi_value does not hold; '' if none."""
    if told := unruled(release.public_path, root):
        return (
            "not as the rule for small numbers prints them: "
            f"{counted(told.count, 'figure')} of the council's own, the first of {told.first}."
        )
    if told := unmatched(release.public_path, root):
        return (
            "not as the table of figures or the rule for files has them: "
            f"{counted(told.count, 'figure')} in other columns, the first in {told.first}."
        )
    return ""


def _outdated(verdict: Verdict) -> str:
    """What the release before tells of figures that have changed since (docs/adr/0032)."""
    if not verdict.outdated:
        return ""
    return (
        " Left out, because files or queries have changed since: "
        f"{counted(verdict.outdated, 'figure')} of the release before. All its others were read "
        "beside the new ones."
    )


def _attacked(settings: Settings, release: Release, beside: Release | None) -> Verdict | None:
    from pipelines.release.attack.gate import attacked

    return attacked(
        release.folder / PUBLIC,
        release.folder / EVIDENCE,
        beside.folder / PUBLIC if beside else None,
        settings.project_root,
    )


def _agreement(settings: Settings, release: Release) -> Gate:
    """What anybody reads agrees with the exact figures: published ones are the same, ours round.

    Our exact totals, and our means, are the same too.
    """
    import duckdb

    with closing(duckdb.connect()) as connection:
        connection.execute("create schema kpi")
        write_rule_tables(connection, settings.project_root)
        for name, path in (("shown", release.public_path), ("exact", release.officer_path)):
            attach(connection, path, name, read_only=True)
        compared, apart, first = connection.execute(AGREEMENT, [BASE / 2]).fetchone() or (0, 0, "")
    found = f"{compared:,} public figures agree with the exact ones."
    if apart:
        count = counted(apart, "public figure")
        found = f"contradicting the exact ones: {count}, the first of {first}."
    return Gate("agreement", not apart, found)


AGREEMENT = f"""
    with paired as (
        select
            shown.kpi,
            exact.kpi is null
            or (
                shown.source <> 'council'
                and (shown.value, shown.symbol) is distinct from (exact.value, exact.symbol)
            )
            or (shown.numerator is not null and exact.numerator is null)
            or (shown.denominator is not null and exact.denominator is null)
            or abs(shown.numerator - exact.numerator)
                > case when rule.is_exact and topic.breakdown_topic is not null then 0 else $1 end
            or abs(shown.denominator - exact.denominator) > $1
            or (
                shown.source = 'council' and rule.unit not in ('count', 'percent', 'per_1000')
                and shown.value is not null and shown.value is distinct from exact.value
            ) as is_apart
        from shown.marts.kpi_value as shown
        left join exact.marts.kpi_value as exact using ({FIGURE})
        left join kpi.disclosure_rule as rule on shown.kpi = rule.kpi
        left join kpi.exact_topic as topic on shown.breakdown_topic = topic.breakdown_topic
    )
    select count(*), count(*) filter (is_apart), min(kpi) filter (is_apart) from paired
"""  # noqa: S608


def _evidence(release: Release, text: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a query finds in the release's evidence; {} stands for its schema."""
    with closing(connect(release.evidence_path)) as connection:
        schema = f"{release.evidence_path.stem}.evidence"
        rows: list[tuple[Any, ...]] = connection.execute(
            text.format(schema), list(values)
        ).fetchall()
    return rows
