"""How a release's gates and its differences are told at a terminal: words only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.release.json_values import plain

if TYPE_CHECKING:
    from pipelines.release.diff_officers import OfficersFigure, OfficersMeasure

Say = Callable[[str], None]
# Parts of the product that are named of those that changed: after an update they are hundreds.
NAMED = 3


def tell_gates(say: Say, gates: Sequence[Mapping[str, Any]]) -> None:
    """One line a gate: its name, whether it holds, what was counted."""
    for gate in gates:
        say(f"  {gate['name']}: {'passed' if gate['passed'] else 'FAILED'}; {gate['found']}")


def tell_difference(say: Say, found: Mapping[str, Any]) -> None:
    """What a release shows otherwise than the one before it: inputs, measures, rules."""
    from dashboards.words.release_evidence import rules_that_differ

    if found["before"] is None:
        say("  Nothing was published before it, so there is nothing to compare with.")
        return
    say(f"  Compared with {found['before']}, as anybody may read both:")
    for line in _inputs(found["inputs"]):
        say(f"    {line}")
    measures = [item for item in found["measures"] if item["why"]]
    rules = rules_that_differ(found)
    if not measures and not rules:
        say("    No figure and no count of a rule differs.")
    if measures:
        say(f"    Measures of which figures differ: {len(measures)}")
    for item in measures:
        say(f"      {item['kpi']}: {_figures(item)}; {_why(item)}")
    if rules:
        say(f"    Rules that find more or less, with the possible reasons: {len(rules)}")
    for item in rules:
        say(f"      {_rule(item)}")


def tell_officers(
    say: Say, measures: Sequence[OfficersMeasure], before: str | None, *, with_values: bool
) -> None:
    """By measure, how many figures differ that only officers read; their values where asked for."""
    if before is None:
        return
    total = sum(len(measure.figures) for measure in measures)
    if not total:
        say("    No other figure differs for officers.")
        return
    more = "" if with_values else "; old and new values: --officer-values"
    say(f"    For officers alone {total:,} more figures differ, of {len(measures)} measures{more}")
    for measure in measures:
        counts = measure.count().items()
        say(f"      {measure.kpi}: {', '.join(f'{n:,} {word}' for word, n in counts if n)}")
        for item in measure.figures if with_values else ():
            say(f"        {_officers_figure(item)}")


def _officers_figure(item: OfficersFigure) -> str:
    old, new = (
        "none" if is_absent else _value({"value": value, "symbol": symbol})
        for is_absent, value, symbol in (
            (item.is_new, plain(item.old_value), item.old_symbol),
            (item.is_gone, plain(item.new_value), item.new_symbol),
        )
    )
    about = (item.period, item.period_kind, item.area_code, item.breakdown_topic, item.breakdown)
    return f"{' '.join(dict.fromkeys(about))}: {old} -> {new}"


def _inputs(inputs: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, word in (("files_added", "new file"), ("files_gone", "file that is gone")):
        editions = Counter(f"{item['kind']} {item['vintage']}" for item in inputs[name])
        lines += [
            f"{word}: {edition}" + (f" ({count:,} files)" if count > 1 else "")
            for edition, count in editions.items()
        ]
    if inputs["files_erased_from"]:
        lines.append(f"files from which a person was erased: {inputs['files_erased_from']}")
    if inputs["product_changed"]:
        names = ", ".join(inputs["product_changed"][:NAMED])
        more = len(inputs["product_changed"]) - NAMED
        lines.append(f"changed in the product: {names}" + (f" and {more} more" if more > 0 else ""))
    return lines


def _figures(item: Mapping[str, Any]) -> str:
    old, new = item["old"], item["new"]
    if old == new:
        return f"newest figure {_figure(new)}, as before"
    return f"{_figure(old)} -> {_figure(new)}"


def _rule(item: Mapping[str, Any]) -> str:
    from dashboards.words.release_evidence import why_words

    figures = f"{_value(item['old'])} -> {_value(item['new'])}"
    return f"rule {item['rule']}: {figures} ({why_words(item['why'])})"


def _figure(figure: Mapping[str, Any] | None) -> str:
    return "none" if figure is None else f"{_value(figure)} ({figure['period']})"


def _value(value: Mapping[str, Any]) -> str:
    if value["value"] is None:
        return f"[{value['symbol'] or 'x'}]"
    return f"{value['value']:,}"


def _why(item: Mapping[str, Any]) -> str:
    from dashboards.words.release_evidence import why_words

    counts = {"changed": item["changed"], "new": item["added"], "gone": item["gone"]}
    figures = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    return f"{figures} ({why_words(item['why'])})"
