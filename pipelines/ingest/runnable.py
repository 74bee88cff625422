"""Which rules can be judged on a file that lacks records or columns, as some forms do.

A rule that looks for what a form cannot hold would find every record at fault. Such rules are left
out, and one finding names them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted
from pipelines.registry.rule_sources import ROWS, Frame, Source

if TYPE_CHECKING:
    from pipelines.registry.record_rules import RecordRule, RuleBook
    from pipelines.registry.sen2 import Module

RULE = "rules_not_run"
REASONS_MAX = 12


def runnable(
    rules: RuleBook,
    described: Mapping[str, Module],
    not_held: Mapping[str, Collection[str]],
    year: int | None,
) -> tuple[RuleBook, list[Finding]]:
    """The rules without those that cannot be judged, and what is to be said of these.

    not_held: by module, the columns that the file cannot hold; all of them where it lacks the
        module. Columns of other years are nobody's loss.
    """
    lacking = _lacking(described, not_held, year)
    if not lacking:
        return rules, []
    frames = {name: Frame(rules, name, described) for name in rules.frames}
    topics: dict[str, tuple[RecordRule, ...]] = {}
    left_out: dict[str, None] = {}
    reasons: dict[Source, None] = {}
    for topic, own in rules.topics.items():
        kept = []
        for rule in own:
            why = _why(rule, frames, described, lacking) if rule.holds_in(year) else set()
            if why:
                left_out[rule.id] = None
                reasons |= dict.fromkeys(sorted(why))
            else:
                kept.append(rule)
        topics[topic] = tuple(kept)
    told = [_told(list(left_out), set(reasons), described, lacking)] if left_out else []
    return rules.model_copy(update={"topics": topics}), told


def _lacking(
    described: Mapping[str, Module], not_held: Mapping[str, Collection[str]], year: int | None
) -> frozenset[Source]:
    """The columns that are missed, and the modules that are missed whole."""
    found: set[Source] = set()
    for name, columns in not_held.items():
        items = described[name].elements
        found |= {
            (name, item.column)
            for item in items
            if item.column in columns and (year is None or item.exists_in(year))
        }
        if len(set(columns)) == len(items):
            found.add((name, ROWS))
    return frozenset(found)


def _why(
    rule: RecordRule,
    frames: Mapping[str, Frame],
    described: Mapping[str, Module],
    lacking: frozenset[Source],
) -> set[Source]:
    """What a rule would need and the file lacks; nothing where it can be judged."""
    found: set[Source] = set()
    for frame in rule.frame:
        sources = frames[frame].sources_of(rule)
        found |= {each for each in sources if each in lacking or (each[0], ROWS) in lacking}
    if found:
        return found
    for column in rule.columns:
        holders = {(name, column) for name, item in described.items() if column in item.columns}
        if holders and holders <= lacking:
            return holders
    return set()


def _told(
    rules: list[str],
    reasons: set[Source],
    described: Mapping[str, Module],
    lacking: frozenset[Source],
) -> Finding:
    words = list(dict.fromkeys(_words(each, described, lacking) for each in sorted(reasons)))
    more = f" and {len(words) - REASONS_MAX} more" if len(words) > REASONS_MAX else ""
    return Finding(
        rule=RULE,
        severity="info",
        message=f"{counted(len(rules), 'rule')} not run or not wholly, because the file has no "
        f"{', '.join(words[:REASONS_MAX])}{more}: {', '.join(rules)}.",
        remedy="Use the XML or the COLLECT export where these rules are needed.",
        row_count=len(rules),
    )


def _words(source: Source, described: Mapping[str, Module], lacking: frozenset[Source]) -> str:
    """'SENneed', or 'Requests.RequestSource' where it is a column alone, as the return calls it."""
    name, column = source
    module = described[name]
    if (name, ROWS) in lacking:
        return module.element
    item = next(each for each in module.elements if each.column == column)
    return f"{module.element}.{item.element}"
