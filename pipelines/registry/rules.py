"""The record rules: expectations/rules, one YAML for one table, its frames in a folder beside it.

A rule is data: an SQL predicate that is true for a row at fault, in a frame that says what a row
is. Here the rules are read, held against the columns that exist, and put together into the one
statement that makes core.rule_finding. Nothing here runs it: it is a model like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Literal

from pydantic import Field as Setting

from pipelines.errors import RegistryError
from pipelines.registry.selects import literal, parsed, selected_columns
from pipelines.registry.strict import Strict, load, nearest, short
from pipelines.registry.suites import columns_by_table

RULE_FINDING = "core.rule_finding"

# What every frame gives, so that findings of all frames can be told alike.
FRAME_COLUMNS = frozenset(
    {"source", "vintage", "dataset", "indicator", "period", "area_code", "file_id", "row_number"}
)


class Examples(Strict):
    """A row of the frame on each side of the rule's boundary; columns left out are empty."""

    faulty: dict[str, Any]
    sound: dict[str, Any]


class Rule(Strict):
    """One rule.

    Attributes:
        id: a group and a number. Good: PUB-01. Bad: negative.
        title: what is wrong, in a few words.
        severity: error, warning or info, as in the findings of the door.
        frame: the .sql in the folder beside the rules.
        predicate: SQL that is true for a faulty row. Good: value < 0. Bad: value >= 0.
        per: what one finding is about besides its file.
        message: what is wrong, for a reader.
        remedy: what the reader can do, or how the figure is treated.
        declared_as: ids in data/reference/corrections.yml. Where the door has found one of them in
            the same file, and in as many rows or areas, the rule has nothing new to say.
        examples: a row on each side of the boundary.
    """

    id: str = Setting(pattern=r"^[A-Z]{2,4}-\d{2}$")
    title: str = Setting(min_length=10)
    severity: Literal["error", "warning", "info"]
    frame: str = Setting(pattern=r"^[a-z][a-z0-9_]*$")
    predicate: str = Setting(min_length=3)
    per: tuple[Literal["indicator", "period"], ...] = ()
    message: str = Setting(min_length=10)
    remedy: str = Setting(min_length=10)
    declared_as: tuple[str, ...] = ()
    examples: Examples

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the frame that the predicate reads."""
        from sqlglot import exp

        found = {column.name for column in parsed(self.predicate, self.id).find_all(exp.Column)}
        return tuple(sorted(found))


class RuleFile(Strict):
    """The rules of one table."""

    table: str
    rules: tuple[Rule, ...] = Setting(min_length=1)


class RuleSet(Strict):
    """The rules of one file with the text of their frames.

    Attributes:
        name: of the file, for example published.
        frames: select statement by name of the frame.
    """

    name: str
    table: str
    rules: tuple[Rule, ...]
    frames: dict[str, str]


@cache
def rule_sets(expectations_folder: Path, sql_folder: Path) -> dict[str, RuleSet]:
    """Every set of rules by the name of its file.

    Raises:
        RegistryError: a rule names a frame, table or column that does not exist, or an id twice.
    """
    known = columns_by_table(expectations_folder, sql_folder)
    paths = sorted((expectations_folder / "rules").glob("*.yml"))
    sets = {path.stem: _rule_set(path, known) for path in paths}
    _require_unique(rule.id for each in sets.values() for rule in each.rules)
    return sets


def rule_finding_sql(expectations_folder: Path, sql_folder: Path) -> str:
    """The one select statement that makes core.rule_finding; each frame is read once."""
    folder = expectations_folder / "rules"
    judge = Template((folder / "judge.sql").read_text(encoding="utf-8"))
    sets = rule_sets(expectations_folder, sql_folder).values()
    marked = [_judged(judge, each, frame) for each in sets for frame in each.frames]
    said = [_said(rule) for each in sets for rule in each.rules]
    findings = Template((folder / "findings.sql").read_text(encoding="utf-8"))
    return findings.substitute(marked="\nunion all\n".join(marked), rules=",\n    ".join(said))


def _rule_set(path: Path, known: dict[str, dict[str, str]]) -> RuleSet:
    written = load(RuleFile, path)
    where = short(path)
    if written.table not in known:
        raise RegistryError(
            f"no table {written.table!r}{nearest(written.table, known)}", where=where
        )
    folder = path.with_suffix("")
    frames = {item.stem: item.read_text(encoding="utf-8") for item in sorted(folder.glob("*.sql"))}
    used = {rule.frame for rule in written.rules}
    unused = sorted(set(frames) - used)
    if unused:
        raise RegistryError(f"frames that no rule reads: {', '.join(unused)}", where=where)
    columns = {
        name: frozenset(selected_columns(sql, known, f"{where}, frame {name}"))
        for name, sql in frames.items()
    }
    for rule in written.rules:
        _check_rule(rule, columns, where)
    return RuleSet(name=path.stem, table=written.table, rules=written.rules, frames=frames)


def _check_rule(rule: Rule, frames: dict[str, frozenset[str]], where: str) -> None:
    place = f"{where}, {rule.id}"
    if rule.frame not in frames:
        raise RegistryError(f"no frame '{rule.frame}'{nearest(rule.frame, frames)}", where=place)
    columns = frames[rule.frame]
    lacking = FRAME_COLUMNS - columns
    if lacking:
        raise RegistryError(f"the frame lacks {', '.join(sorted(lacking))}", where=place)
    for name in (*rule.columns, *rule.examples.faulty, *rule.examples.sound):
        if name not in columns:
            raise RegistryError(
                f"no column '{name}' in the frame{nearest(name, columns)}", where=place
            )


def _require_unique(ids: Iterable[str]) -> None:
    listed = list(ids)
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        raise RegistryError(f"ids written twice: {', '.join(twice)}", where="expectations/rules")


def _judged(judge: Template, rules: RuleSet, frame: str) -> str:
    own = [rule for rule in rules.rules if rule.frame == frame]
    marks = [f"case when {rule.predicate} then {literal(rule.id)} end" for rule in own]
    return judge.substitute(
        frame=rules.frames[frame],
        marks=", ".join(marks),
        any_rule=" or ".join(f"({rule.predicate})" for rule in own),
    )


def _said(rule: Rule) -> str:
    texts = [rule.id, rule.title, rule.severity, rule.message, rule.remedy]
    texts.append(", ".join(rule.declared_as))
    flags = ["true" if name in rule.per else "false" for name in ("indicator", "period")]
    return f"({', '.join([*map(literal, texts), *flags])})"
