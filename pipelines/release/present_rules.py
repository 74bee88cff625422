"""Whether every rule set that judged what a release holds is the one that stands here now.

Rules for published files and across returns run in the build, as two models whose texts are kept in
the evidence. A file's own rules run at the door, when it is read: the version with which it was
read says by which.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingest.gias import KIND as REGISTER
from pipelines.ingest.person_level import SOURCE as COUNCIL
from pipelines.ingest.reading import rules_of, rules_version
from pipelines.ingest.words import counted
from pipelines.registry.across_rules import ACROSS_FINDING, across_finding_sql, across_rules
from pipelines.registry.rules import RULE_FINDING, rule_finding_sql, rule_sets
from pipelines.release.reader import Release, connect

AGAIN = "Run send ingest --again, which reads what is kept; then send build, and publish."
# Files with rules of their own: all of the council's, and the register of schools.
AT_THE_DOOR = """
    select concat_ws(' ', kind, vintage), reading_version
    from {}.evidence.file where source = ? or kind = ? group by all order by all
"""


@dataclass(frozen=True)
class Asked:
    """What is known of the rules of a release.

    Attributes:
        fault: what did not run, or not as it stands here, with what to do; '' where all did.
        found: what ran, as a sentence for a reader.
    """

    fault: str
    found: str


def asked_of(release: Release, root: Path) -> Asked:
    """Hold the rules that a release was judged by against those of the project at `root`."""
    expectations, sql = root / "expectations", root / "sql"
    published = [rule.id for each in rule_sets(expectations, sql).values() for rule in each.rules]
    across = [f"{rule.id} {rule.module}" for rule in across_rules(expectations)]
    texts, files, finding_count = _evidence(release)
    faults = (
        _of_model(texts, RULE_FINDING, rule_finding_sql(expectations, sql), published),
        _of_model(texts, ACROSS_FINDING, across_finding_sql(expectations, sql), across),
        _of_files(files, rules_version(root)),
    )
    found = (
        f"{counted(len(published), 'rule')} for published files and {len(across)} across returns "
        f"ran: {counted(finding_count, 'finding')} in published files. "
        f"Editions judged at the door, by the present rules: {len(files)}."
    )
    return Asked(next(filter(None, faults), ""), found)


def _of_model(texts: dict[str, str], table: str, wanted: str, names: Sequence[str]) -> str:
    ran = texts.get(table, "")
    missing = sorted(name for name in names if f"'{name}'" not in ran)
    if missing:
        return f"not run: {counted(len(missing), 'rule')}, the first {missing[0]}."
    return "" if ran == wanted else f"run otherwise than they stand here: the rules of {table}."


def _of_files(files: Sequence[tuple[str, str | None]], present: str) -> str:
    older = [name for name, reading in files if rules_of(reading) != present]
    if not older:
        return ""
    return f"judged by older rules: {counted(len(older), 'edition')}, the first {older[0]}. {AGAIN}"


def _evidence(release: Release) -> tuple[dict[str, str], list[tuple[str, str | None]], int]:
    """The models' texts by name, editions with how they were read, and the number of findings."""
    name = release.evidence_path.stem
    with closing(connect(release.evidence_path)) as connection:
        texts = connection.execute(f"select table_name, sql from {name}.evidence.model_sql")  # noqa: S608
        by_name = dict(texts.fetchall())
        files = connection.execute(AT_THE_DOOR.format(name), [COUNCIL, REGISTER]).fetchall()
        counts = connection.execute(f"select count(*) from {name}.evidence.rule_finding")  # noqa: S608
        (count,) = counts.fetchone() or (0,)
    return by_name, files, count
