"""The rules for the records of a file: expectations/rules/<family>, judged while it is on the desk.

A rule is data: an SQL predicate that is true for a record at fault, in a frame that says what a
row is. Here the rules of a family are read, held against the columns that the file's description
gives, and filled with its codes, patterns and named thresholds. Nothing is judged here; that is
pipelines/ingest/judge.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Template

from pipelines.errors import RegistryError
from pipelines.registry.checked_rules import checked_before
from pipelines.registry.parsed import column_types
from pipelines.registry.record_rule import RecordRule, RuleBook, RuleFile, Thresholds
from pipelines.registry.selects import literal, selected_columns
from pipelines.registry.sen2 import Module, sen2
from pipelines.registry.strict import load, nearest

__all__ = ["RecordRule", "RuleBook", "RuleFile", "read_rules", "require_sound", "sen2_rules"]

THRESHOLDS = "thresholds.yml"
# A frame with these columns says of each row what it is about.
TELLING = frozenset({"module", "record", "column_name"})
WORD = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")


@cache
def sen2_rules(project_root: Path) -> RuleBook:
    """The rules for the SEN2 return."""
    described = sen2(project_root)
    codes = {
        year: {
            name: (*described.codes_of(name, year), *described.rolls_up.get(name, {}))
            for name in described.codes
        }
        for year in described.census_dates
    }
    return read_rules(project_root, "sen2", described.modules, described.patterns, codes)


def read_rules(
    project_root: Path,
    family: str,
    modules: Mapping[str, Module],
    patterns: Mapping[str, str],
    codes: Mapping[int, Mapping[str, Iterable[str]]],
) -> RuleBook:
    """The rules of a family, held against the description of its files.

    codes: by return year, the codes that each list holds; one year where they never change.

    Raises:
        RegistryError: a rule names a frame, module, column, code list or threshold that does not
            exist, an id and title stand twice, or no rule reads a frame.
    """
    folder = project_root / "expectations" / "rules" / family
    paths = [path for path in sorted(folder.glob("*.yml")) if path.name != THRESHOLDS]
    frames = {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted((folder / "frames").glob("*.sql"))
    }
    key_path = folder / "record_key.sql"
    book = RuleBook(
        family=family,
        topics={path.stem: load(RuleFile, path).rules for path in paths},
        frames=frames,
        words=_pattern_words(patterns) | threshold_words(folder / THRESHOLDS),
        code_words={year: _code_words(lists) for year, lists in codes.items()},
        modules=tuple(modules),
        key_sql=key_path.read_text(encoding="utf-8") if key_path.exists() else "",
    )
    known = checked_before(project_root, book, modules)
    telling = known.telling_frames if known else require_sound(book, modules)
    return book.model_copy(update={"telling_frames": telling})


def require_sound(book: RuleBook, modules: Mapping[str, Module]) -> frozenset[str]:
    """Hold every rule and frame against what exists; gives the frames that tell.

    Raises:
        RegistryError: as `read_rules`.
    """
    columns = _frame_columns(book, modules)
    _check(book, modules, columns)
    return frozenset(name for name, own in columns.items() if set(own) >= TELLING)


def _pattern_words(patterns: Mapping[str, str]) -> dict[str, str]:
    return {f"pattern_{name}": literal(pattern) for name, pattern in patterns.items()}


def _code_words(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {f"codes_{name}": ", ".join(map(literal, codes)) for name, codes in lists.items()}


def threshold_words(path: Path) -> dict[str, str]:
    """What the names of thresholds.yml stand for; nothing where there is no such file."""
    known = load(Thresholds, path).thresholds if path.exists() else {}
    return {name: str(item.value) for name, item in known.items()}


def _frame_columns(book: RuleBook, modules: Mapping[str, Module]) -> dict[str, tuple[str, ...]]:
    """The columns of each frame, every table and column that it reads being real."""
    words = book.words_in(None)
    tables = column_types(modules)
    place = f"expectations/rules/{book.family}/frames"
    return {
        name: selected_columns(_filled(sql, words, f"{place}/{name}.sql"), tables, name)
        for name, sql in book.frames.items()
    }


def _check(
    book: RuleBook, modules: Mapping[str, Module], columns: Mapping[str, tuple[str, ...]]
) -> None:
    where = f"expectations/rules/{book.family}"
    _require_unique((f"{rule.id} ({rule.title})" for rule in book.rules), where)
    used = {frame for rule in book.rules for frame in rule.frame}
    unused = sorted(set(book.frames) - used)
    if unused:
        raise RegistryError(f"frames that no rule reads: {', '.join(unused)}", where=where)
    described = {item.column for module in modules.values() for item in module.elements}
    for topic, rules in book.topics.items():
        for rule in rules:
            place = f"{where}/{topic}.yml, {rule.id}"
            _require_shown(rule, described, place)
            for frame in rule.frame:
                _check_in_frame(rule, frame, columns, book, place)


def _require_shown(rule: RecordRule, described: set[str], place: str) -> None:
    for name in rule.columns:
        if name not in described:
            raise RegistryError(f"no column '{name}'{nearest(name, described)}", where=place)


def _check_in_frame(
    rule: RecordRule,
    frame: str,
    frames: Mapping[str, tuple[str, ...]],
    book: RuleBook,
    place: str,
) -> None:
    """Hold everything that a rule names to be in its frame."""
    if frame not in frames:
        raise RegistryError(f"no frame '{frame}'{nearest(frame, frames)}", where=place)
    module = rule.module_in(frame)
    tells = set(frames[frame]) >= TELLING
    if module not in book.modules and not tells:
        raise RegistryError(f"no module '{module}'{nearest(module, book.modules)}", where=place)
    words = book.words_in(None)
    _filled(rule.predicate, words, place)
    rows = (*rule.examples.faulty, *rule.examples.sound)
    key = "record" if tells else f"{module}_record"
    for name in (key, *rule.columns_read(words), *(name for row in rows for name in row)):
        if name not in frames[frame]:
            raise RegistryError(
                f"no column '{name}' in the frame {frame}{nearest(name, frames[frame])}",
                where=place,
            )


def _filled(text: str, words: Mapping[str, str], place: str) -> str:
    """The text with every $word replaced by what it stands for."""
    for word in WORD.findall(text):
        if word not in words:
            raise RegistryError(f"nothing is called ${word}{nearest(word, words)}", where=place)
    return Template(text).substitute(words)


def _require_unique(names: Iterable[str], where: str) -> None:
    listed = list(names)
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        raise RegistryError(f"rules written twice: {', '.join(twice)}", where=where)
