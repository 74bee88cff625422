"""The gate for small numbers: what is public is attacked before anybody may read it.

When a build makes its public file, what the rule leaves too narrow is withheld (`repaired`), and
what the attacker was told is kept as evidence. When the release is to be published, its frozen file
is looked at again as it lies there, beside the one that people read now (`attacked`): what one of
them withholds the other may print. It is attacked again unless its numbers, and those of the other
file that still hold, are one by one those that the build has attacked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.registry.measures import COUNTED, Measure, measures
from pipelines.release.attack.beside import beyond, exact_figures, still_true
from pipelines.release.attack.knowledge import Knowledge, read_knowledge
from pipelines.release.attack.origins import origins
from pipelines.release.attack.printed import Group, Printed, as_row, printed
from pipelines.release.attack.repair import Repair, Table, attack_on, repair, without
from pipelines.release.attack.structure import facts, structure, sums_of_means
from pipelines.release.attack.verdict import Size, Verdict
from pipelines.release.reader import EVIDENCE, OFFICER

if TYPE_CHECKING:
    import duckdb


def repaired(
    connection: duckdb.DuckDBPyConnection,
    root: Path,
    numbers: Iterable[Printed],
    earlier: Sequence[Printed] = (),
) -> tuple[Repair, Knowledge]:
    """What has to be withheld of the numbers that the rule would print, and what was known.

    connection: the warehouse, current catalog; its core is read.
    earlier: what the release before prints and still holds.

    Raises:
        NoSolutionError: the numbers contradict each other.
        SendError: a measure does more than add counts.
    """
    public = public_measures(root)
    known = [*structure(connection, root / "sql"), *sums_of_means(connection, public)]
    knowledge = Knowledge(origins(connection, root, public), tuple(known), tuple(facts(connection)))
    found = repair(knowledge.origins, knowledge.known, tuple(numbers), knowledge.facts, earlier)
    return found, knowledge


def attacked(public: Path, evidence: Path, before: Path | None, root: Path) -> Verdict | None:
    """What somebody can know who holds a public file, the one before it, and the DfE's counts.

    public, before: public files of two releases. evidence: of the first, with what is known; that
    of the other lies beside its file. None is given back where nothing is known, because no row of
    a council is in the release.

    Raises:
        NoSolutionError: the numbers contradict each other.
    """
    knowledge = read_knowledge(evidence)
    if knowledge is None:
        return None
    own = _hidden_beyond_the_rule(_numbers(public, root), evidence)
    earlier = told_before(before, root) if before else []
    held = _still_true(earlier, public.with_name(OFFICER))
    outdated = len(earlier) - len(held)
    if (digest(own), digest(held)) == _attacked_digests(evidence):
        return Verdict((), frozenset(), (), Size(0, 0, 0), outdated)
    told = (knowledge.origins, knowledge.known, knowledge.facts)
    attack = attack_on(*told, own, held)
    verdict = beyond(attack, attack.sought, attack_on(*told, (), held))
    return replace(verdict, outdated=outdated)


def told_before(before: Path, root: Path) -> list[Printed]:
    """What an earlier public file prints: what it withholds, the evidence beside it says."""
    return _hidden_beyond_the_rule(_numbers(before, root), before.with_name(EVIDENCE))


def _still_true(earlier: Sequence[Printed], officer: Path) -> list[Printed]:
    from pipelines.release.reader import connect

    if not earlier:
        return []
    with closing(connect(officer)) as connection:
        return still_true(earlier, exact_figures(connection))


def digest(numbers: Iterable[Printed]) -> str:
    """SHA-256 of what is printed, as the attacker reads it: the same numbers are attacked once."""
    lines = sorted("\t".join(map(str, as_row(number))) for number in numbers)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _attacked_digests(evidence: Path) -> tuple[str, str] | None:
    """What the build attacked, and beside what; None where it could not mend everything."""
    from pipelines.release.reader import connect

    with closing(connect(evidence)) as connection:
        answer = connection.execute(f"from {evidence.stem}.evidence.disclosure_verdict")
        names = [column[0] for column in answer.description]
        kept = dict(zip(names, answer.fetchone() or (), strict=False))
    if kept.get("narrow", 0):
        return None
    # A build of an earlier version attacked its own numbers alone.
    return kept.get("numbers_sha256", ""), kept.get("beside_sha256", digest(()))


def read_withheld(evidence: Path) -> tuple[frozenset[Group], frozenset[Table]]:
    """Cells and whole tables that a release prints as hidden although they need not be small.

    None in a release from before the gate, or one that holds no row of a council.
    """
    from pipelines.release.reader import connect

    with closing(connect(evidence)) as connection:
        held = connection.execute("select table_name from duckdb_tables()").fetchall()
        if ("disclosure_withheld",) not in held:
            return frozenset(), frozenset()
        rows = connection.execute(
            f"from {evidence.stem}.evidence.disclosure_withheld order by all"
        ).fetchall()
    groups = frozenset(Group(*row[:5]) for row in rows if not row[5])
    return groups, frozenset(Table(row[0], row[1], row[3]) for row in rows if row[5])


def public_measures(root: Path) -> dict[str, Measure]:
    """Measures of which anything from the council's own rows may be public, by their ids."""
    return {name: it for name, it in measures(root / "sql").items() if _is_public(it)}


def _is_public(measure: Measure) -> bool:
    return bool(measure.publish) and "council" in measure.sources


def _numbers(public: Path, root: Path) -> list[Printed]:
    """The numbers of a frozen public file."""
    from pipelines.release.reader import connect

    rules = [
        (
            measure.id,
            "count" if measure.unit in COUNTED else measure.unit,
            measure.decimals,
            measure.disclosure == "exact_total",
        )
        for measure in measures(root / "sql").values()
    ]
    with closing(connect(public)) as connection:
        connection.execute(
            "create temp table rule (kpi varchar, unit varchar, decimals int, is_exact boolean)"
        )
        connection.executemany("insert into rule values (?, ?, ?, ?)", rules)
        table = (
            "(select kpi_value.*, value as published_value, rule.unit, rule.decimals, "
            "rule.is_exact from marts.kpi_value "
            "inner join rule using (kpi) where period_kind in ('stock', 'flow'))"
        )
        return list(printed(connection, table))


def _hidden_beyond_the_rule(numbers: Sequence[Printed], evidence: Path) -> list[Printed]:
    """The numbers as an attacker reads them: one that is withheld need not be small.

    Only where it is printed as hidden: a number that stands there is read, whatever was meant.
    """
    withheld, tables = read_withheld(evidence)
    shown = [number for number in numbers if not number.is_hidden]
    hidden = [number for number in numbers if number.is_hidden]
    return [*shown, *without(hidden, withheld, tables)]
