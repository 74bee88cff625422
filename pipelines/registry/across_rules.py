"""Rules across returns and sources: expectations/rules/across, put together as one model.

They are written like the rules for one file and found like them, but in the build, over the
pseudonymised rows of core: nothing here knows a name. A frame gives file_id, record_key, pseudonym
and, for each module that its rules are about, <module>_row.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

from pipelines.errors import RegistryError
from pipelines.registry.record_rules import (
    THRESHOLDS,
    RecordRule,
    RuleFile,
    threshold_words,
)
from pipelines.registry.selects import literal, selected_columns
from pipelines.registry.strict import load, nearest
from pipelines.registry.suites import columns_by_table

ACROSS_FINDING = "core.across_finding"
FRAME_COLUMNS = frozenset({"file_id", "record_key", "pseudonym"})


@cache
def across_rules(expectations_folder: Path) -> tuple[RecordRule, ...]:
    """The rules, in the order of their files."""
    folder = expectations_folder / "rules" / "across"
    paths = [path for path in sorted(folder.glob("*.yml")) if path.name != THRESHOLDS]
    return tuple(rule for path in paths for rule in load(RuleFile, path).rules)


@cache
def across_frames(expectations_folder: Path, sql_folder: Path) -> dict[str, str]:
    """Select statement by name of the frame, its thresholds filled in.

    Raises:
        RegistryError: a frame or rule names a table or column that does not exist.
    """
    folder = expectations_folder / "rules" / "across"
    words = threshold_words(folder / THRESHOLDS)
    paths = sorted((folder / "frames").glob("*.sql"))
    frames = {
        path.stem: Template(path.read_text(encoding="utf-8")).substitute(words) for path in paths
    }
    known = columns_by_table(expectations_folder, sql_folder)
    columns = {name: selected_columns(sql, known, name) for name, sql in frames.items()}
    for rule in across_rules(expectations_folder):
        for frame in rule.frame:
            _check(rule, frame, columns, words)
    return frames


def across_finding_sql(expectations_folder: Path, sql_folder: Path) -> str:
    """The one select statement that makes core.across_finding; each frame is read once."""
    folder = expectations_folder / "rules" / "across"
    frames = across_frames(expectations_folder, sql_folder)
    rules = across_rules(expectations_folder)
    words = threshold_words(folder / THRESHOLDS)
    judge = Template((folder / "judge.sql").read_text(encoding="utf-8"))
    marked = [
        _judged(judge, sql, [rule for rule in rules if frame in rule.frame], words)
        for frame, sql in frames.items()
    ]
    findings = Template((folder / "findings.sql").read_text(encoding="utf-8"))
    said = ",\n    ".join(map(_said, rules))
    return findings.substitute(marked="\nunion all\n".join(marked), rules=said)


def _check(
    rule: RecordRule, frame: str, frames: dict[str, tuple[str, ...]], words: dict[str, str]
) -> None:
    place = f"expectations/rules/across, {rule.id}"
    if frame not in frames:
        raise RegistryError(f"no frame '{frame}'{nearest(frame, frames)}", where=place)
    rows = (*rule.examples.faulty, *rule.examples.sound)
    needed = {*FRAME_COLUMNS, f"{rule.module}_row", *rule.columns_read(words)}
    for name in sorted(needed.union(*rows)):
        if name not in frames[frame]:
            raise RegistryError(
                f"no column '{name}' in the frame {frame}{nearest(name, frames[frame])}",
                where=place,
            )


def _judged(judge: Template, frame: str, rules: list[RecordRule], words: dict[str, str]) -> str:
    predicates = [Template(rule.predicate).substitute(words) for rule in rules]
    marks = [
        f"case when {predicate} then"
        f" {{'rule': {literal(_name(rule))}, 'row_number': {rule.module}_row}} end"
        for rule, predicate in zip(rules, predicates, strict=True)
    ]
    any_rule = " or ".join(f"({predicate})" for predicate in predicates)
    return judge.substitute(frame=frame, marks=", ".join(marks), any_rule=any_rule)


def _name(rule: RecordRule) -> str:
    """The id with the module: a rule may be about several."""
    return f"{rule.id} {rule.module}"


def _said(rule: RecordRule) -> str:
    texts = (
        *(_name(rule), rule.title, rule.severity, rule.module or ""),
        *(", ".join(rule.columns), rule.message, rule.remedy),
    )
    return f"({', '.join(map(literal, texts))})"
