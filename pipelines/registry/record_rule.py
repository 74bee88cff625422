"""What a rule for records is: the YAML of expectations/rules/<family> as frozen models.

Reading it, and holding it against the columns that exist, is the work of record_rules.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from typing import Any, Literal

from pydantic import Field as Setting
from pydantic import field_validator, model_validator

from pipelines.registry.selects import parsed
from pipelines.registry.strict import Strict

Severity = Literal["error", "query"]
Row = dict[str, Any]


class Examples(Strict):
    """Rows of the frame on each side of the rule's boundary; columns left out are empty."""

    faulty: tuple[Row, ...] = Setting(min_length=1)
    sound: tuple[Row, ...] = Setting(min_length=1)

    @field_validator("faulty", "sound", mode="before")
    @classmethod
    def _as_rows(cls, written: Any) -> Any:
        return (written,) if isinstance(written, dict) else written


class RecordRule(Strict):
    """One rule, or one of its conditions where they weigh differently.

    Attributes:
        id: a group and a number, ours. Good: REQ-04. Bad: missing_date.
        title: when it fires, in a few words.
        severity: error = the return would be wrong; query = look, it may be right.
        severity_from: another severity from a return year on. Good: {2026: error}.
        years: first and last return year; the last is left out where the rule still holds.
        module: whose record is at fault; the frame's own name where it is left out.
        columns: what a reader should look at, in our names.
        frame: the .sql in the folder frames, or several with the same columns.
        predicate: SQL that is true for a record at fault. $codes_Sex stands for the codes of the
            list, $pattern_upn for the form of the type, $name for a threshold of thresholds.yml.
        message: what is wrong, for a case officer. It holds nothing of the record.
        remedy: what the officer can do.
        source: why the rule exists. Good: DfE guide wording. Bad: rule 142.
        examples: rows on each side of the boundary.
    """

    id: str = Setting(pattern=r"^[A-Z][A-Z0-9]{1,3}-\d{2,4}[a-z]?$")
    title: str = Setting(min_length=10)
    severity: Severity
    severity_from: dict[int, Severity] = Setting(default_factory=dict)
    years: tuple[int, ...] = Setting(default=(), max_length=2)
    module: str | None = None
    columns: tuple[str, ...] = ()
    frame: tuple[str, ...] = Setting(min_length=1)
    predicate: str = Setting(min_length=3)
    message: str = Setting(min_length=10)
    remedy: str = Setting(min_length=10)
    source: str = Setting(min_length=1)
    examples: Examples

    @field_validator("frame", mode="before")
    @classmethod
    def _as_names(cls, written: Any) -> Any:
        return (written,) if isinstance(written, str) else written

    @model_validator(mode="after")
    def _whole(self) -> RecordRule:
        if self.module is not None and len(self.frame) > 1:
            raise ValueError(f"{self.id}: a rule of several frames is about their own modules")
        return self

    def holds_in(self, year: int | None) -> bool:
        """Whether returns of that year are judged by it; an unknown year by the newest rules."""
        if not self.years or year is None:
            return len(self.years) < 2
        return self.years[0] <= year <= (self.years[1] if len(self.years) == 2 else year)

    def severity_in(self, year: int | None) -> Severity:
        """How much it weighs in returns of that year."""
        since = [first for first in self.severity_from if year is None or first <= year]
        return self.severity_from[max(since)] if since else self.severity

    def module_in(self, frame: str) -> str:
        """Whose record is at fault where the rule is judged in that frame."""
        return self.module or frame

    def columns_read(self, words: Mapping[str, str]) -> tuple[str, ...]:
        """The columns of the frame that the predicate reads."""
        from sqlglot import exp

        tree = parsed(Template(self.predicate).substitute(words), self.id)
        return tuple(sorted({column.name for column in tree.find_all(exp.Column)}))


class RuleFile(Strict):
    """The rules of one topic."""

    about: str = Setting(min_length=10)
    rules: tuple[RecordRule, ...] = Setting(min_length=1)


class Threshold(Strict):
    """A number that rules share, with the reason why it is that and no other."""

    value: int | float
    why: str = Setting(min_length=10)


class Thresholds(Strict):
    """expectations/rules/<family>/thresholds.yml."""

    thresholds: dict[str, Threshold]


class RuleBook(Strict):
    """Every rule of one family of files.

    Attributes:
        family: 'sen2', 'census', 'gias', 'council'.
        topics: rules by name of their file.
        frames: select statement by name of the frame, as written.
        telling_frames: those whose rows say themselves which module, record and column they mean.
        words: what $codes_, $pattern_ and thresholds stand for where the year does not matter.
        code_words: by return year, what $codes_ stands for.
        modules: of the family, in order.
        key_sql: the select that gives people's names for records, where the family has one.
    """

    family: str
    topics: dict[str, tuple[RecordRule, ...]]
    frames: dict[str, str]
    telling_frames: frozenset[str] = frozenset()
    words: dict[str, str]
    code_words: dict[int, dict[str, str]]
    modules: tuple[str, ...]
    key_sql: str

    @property
    def rules(self) -> tuple[RecordRule, ...]:
        """All rules, in the order of the files."""
        return tuple(rule for rules in self.topics.values() for rule in rules)

    def words_in(self, year: int | None) -> dict[str, str]:
        """What every $word stands for in a return of that year."""
        last = max(self.code_words)
        return self.words | self.code_words.get(year or last, self.code_words[last])
