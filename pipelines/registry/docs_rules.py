"""The page docs/rules.md: every record rule, when it fires, what to do, and why it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pipelines.registry.across_rules import across_rules
from pipelines.registry.census import census, census_rules
from pipelines.registry.checked_rules import note
from pipelines.registry.council_returns import council_returns, council_rules
from pipelines.registry.gias import gias, gias_rules
from pipelines.registry.inspection import inspection, sector_rules
from pipelines.registry.record_rules import RecordRule, require_sound, sen2_rules
from pipelines.registry.sen2 import sen2

HEAD = """# Rules for records

{count} rules that the rows of a file are held to. An *error* says that the file is wrong, a
*query* that somebody should look. The ids are ours: the DfE's own rule numbers are not published
with their texts, and none is used here. Those of the Annex A lists and of the school census are
the sector's. `send validate PATH` runs the rules of a file without keeping anything; `send ingest`
runs them as it takes the file in, and `send build` those that hold files against each other.

The rules stand in `expectations/rules/<family>/*.yml`, each with worked examples on both sides of
its boundary; the tests run every one of them.
"""
COLUMNS = ("id", "weight", "years", "fires when", "remedy", "source")


def rules_page(root: Path, generated: str) -> str:
    """The text of the page; generated: the line that says so."""
    families = {
        "SEN2 return": sen2_rules(root).rules,
        "SEN2 returns beside each other and the census": across_rules(root / "expectations"),
        "School census": census_rules(root).rules,
        "Register of schools": gias_rules(root).rules,
        "Returns that a council writes": council_rules(root).rules,
        "Lists for the area SEND inspection (Annex A)": sector_rules(root).rules,
    }
    sections = [line for title, rules in families.items() for line in _section(title, rules)]
    count = len({rule.id for rules in families.values() for rule in rules})
    return "\n".join([generated, HEAD.format(count=count), *sections])


def checked_rules(root: Path) -> str:
    """The text of expectations/rules/checked.json, every rule of a file having been checked."""
    families = [
        (sen2_rules(root), sen2(root).modules),
        (census_rules(root), census(root).described),
        (gias_rules(root), gias(root).modules),
        (council_rules(root), council_returns(root).modules),
        (sector_rules(root), inspection(root).modules),
    ]
    sound = {
        book.family: (
            book.model_copy(update={"telling_frames": require_sound(book, modules)}),
            modules,
        )
        for book, modules in families
    }
    return note(sound)


def _section(title: str, rules: Sequence[RecordRule]) -> Iterable[str]:
    yield f"## {title}\n"
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|{'---|' * len(COLUMNS)}"
    for rule in sorted(rules, key=lambda rule: rule.id):
        cells = (rule.id, _weight(rule), _years(rule), rule.title, rule.remedy, rule.source)
        yield f"| {' | '.join(map(_plain, cells))} |"
    yield ""


def _weight(rule: RecordRule) -> str:
    later = [f"{severity} from {year}" for year, severity in sorted(rule.severity_from.items())]
    return ", ".join([rule.severity, *later])


def _years(rule: RecordRule) -> str:
    if not rule.years:
        return "all"
    first, last = rule.years[0], rule.years[-1]
    if len(rule.years) == 1:
        return f"from {first}"
    return str(first) if first == last else f"{first} to {last}"


def _plain(text: str) -> str:
    """Text that is safe in a cell of a table."""
    return " ".join(text.replace("|", "/").split())
