"""What is said of a release to those who check it: approval, gates, differences, small numbers.

Texts and numbers in, words out; true for any release, also one from before a record was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import formats

GATES = {
    "files": "Files as built",
    "suites": "Checks of tables",
    "rules": "Every rule asked as it stands now",
    "rows": "Every row accounted for",
    "disclosure": "Small numbers protected",
    "agreement": "Public and exact figures agree",
    "reports": "Workbook and one-page report read back",
}
WHY = {
    "new_data": "a file that was not held before",
    "restated": "a newer edition prints it differently",
    "corrected": "the council's corrections",
    "other_file": "another file that it rests on",
    "erased": "a person was erased from the files",
    "protection": "the exact figure is the same; other small numbers are hidden",
    "code": "a query, a rule, a fact or the code was changed",
    "unclear": "it cannot be told whether files, code or libraries made it",
}
# What stands where an earlier version kept no reason.
UNCLEAR = "unclear"
FLOORS = {
    "landing": "Files as they landed",
    "staging": "The same, with names and types",
    "core": "People, plans, requests and figures",
    "kpi": "Measures",
    "marts": "What the pages show",
    "judgement": "Signals, forecasts and chances",
}
# The end of what stands for a name where no person approved.
AUTOMATIC = " (automatic)"
FIRST = "Nothing was published before this release, so there is nothing to compare it with."
NOT_KEPT = "What this release changed was not kept: it was approved before differences were."
OFFICERS_NOT_KEPT = (
    "How many figures differ that only officers read was not kept: it was approved before that was."
)
NO_GATES = "The gates of this release were not written down: it was approved before they were."


def lead(approval: Mapping[str, Any]) -> str:
    """Who answers for what is read, why, and whether every gate was passed."""
    if not approval:
        return "It is not on record who approved this release."
    reason = str(approval.get("reason", "")).strip().rstrip(".")
    said = f"{_who(approval)} on {formats.day(approval.get('at'))}: “{reason}”."
    return f"{said} {gates_sentence(approval.get('gates') or ())}".strip()


def _who(approval: Mapping[str, Any]) -> str:
    """'The head of data approved this release', or that nobody had to."""
    who = str(approval.get("approved_by", "Nobody on record"))
    if who.endswith(AUTOMATIC):
        return f"This release was approved automatically, as {who.removesuffix(AUTOMATIC)},"
    return f"{who[:1].upper()}{who[1:]} approved this release"


def gates_sentence(gates: Sequence[Mapping[str, Any]]) -> str:
    """'It passed all 6 gates.'; of a release without a record nothing."""
    if not gates:
        return ""
    failed = [GATES.get(gate["name"], gate["name"]) for gate in gates if not gate["passed"]]
    if failed:
        return f"It did not pass {formats.listed([name.lower() for name in failed])}."
    return f"It passed all {len(gates)} gates."


def difference_sentence(found: Mapping[str, Any]) -> str:
    """How many measures and figures differ from the release before, and why, in one sentence."""
    if not found:
        return NOT_KEPT
    if found.get("before") is None:
        return FIRST
    measures = [item for item in found["measures"] if item["why"]]
    if not measures:
        return f"No published figure differs from release {found['before']}."
    sums = {
        word: sum(item[name] for item in measures)
        for name, word in (("changed", "changed"), ("added", "new"), ("gone", "gone"))
    }
    counts = formats.listed([f"{count:,} {word}" for word, count in sums.items() if count])
    return (
        f"Against release {found['before']}, figures of "
        f"{formats.plural(len(measures), 'measure')} differ: {counts}."
    )


def rules_that_differ(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rules that find more or less than before, also where the same rounded count is shown."""
    return [item for item in found["rules"] if item["why"] or item["old"] != item["new"]]


def officers_sentence(approval: Mapping[str, Any]) -> str:
    """How many figures differ that only officers read; counts, no values."""
    if not approval or approval.get("before") is None:
        return ""
    measures = approval.get("officers_only")
    if measures is None:
        return OFFICERS_NOT_KEPT
    if not measures:
        return "No other figure differs for officers."
    sums = {name: sum(item[name] for item in measures) for name in ("changed", "new", "gone")}
    counts = formats.listed([f"{count:,} {name}" for name, count in sums.items() if count])
    return (
        "Figures that only officers read differ too, of "
        f"{formats.plural(len(measures), 'measure')}: {counts}. No value of them is kept with the "
        "approval."
    )


def judged_sentence(at_the_door: int, every: int) -> str:
    """By which rules the files were judged; the gate of the rules counts the first kind.

    Empty where no file has rules of its own.
    """
    if not at_the_door:
        return ""
    rest = every - at_the_door
    start = (
        f"Judged by rules of their own when last read: {at_the_door:,} of "
        f"{formats.plural(every, 'file')}, the council's and the register of schools."
    )
    if not rest:
        return start
    other = "other is a published file" if rest == 1 else f"other {rest:,} are published files"
    return f"{start} The {other}, judged by the rules for those when the release was built."


def inputs_sentences(inputs: Mapping[str, Any] | None) -> list[str]:
    """What came, went or changed since the release before."""
    if not inputs:
        return []
    told = []
    for name, verb in (("files_added", "came in"), ("files_gone", "are no longer held")):
        files = inputs[name]
        if files:
            kinds = sorted({_edition(file) for file in files})
            told.append(f"{formats.plural(len(files), 'file')} {verb}: {_some(kinds)}.")
    if inputs["files_erased_from"]:
        count = formats.plural(inputs["files_erased_from"], "file")
        told.append(f"A person was erased from {count}.")
    changed = inputs["product_changed"]
    if changed:
        told.append(
            f"{formats.plural(len(changed), 'part')} of the product changed: {_some(changed)}."
        )
    return told or ["No file came in or went, and nothing in the product changed."]


def why_words(why: Mapping[str, int] | Sequence[str]) -> str:
    """Reasons in words; with a count each where there are several."""
    names = [WHY.get(name, name) for name in why or (UNCLEAR,)]
    if isinstance(why, Mapping) and len(why) > 1:
        names = [f"{WHY.get(name, name)} ({count:,})" for name, count in why.items()]
    return formats.listed(names)


def figure(told: Mapping[str, Any] | None, unit: str, decimals: int) -> str:
    """'38.0% (2026-01)', '[c] (2025)'; 'none' where a release had no such figure."""
    if told is None:
        return "none"
    shown = formats.number(told["value"], unit, decimals, told["symbol"])
    return f"{shown} ({told['period']})" if told.get("period") else shown


def disclosure_sentences(
    verdict: Mapping[str, Any] | None, withheld: int, tables: int
) -> list[str]:
    """How small numbers were sought, and what was withheld so that none can be found."""
    if verdict is None:
        return [
            "This release counts no row of the council's own. It shows published figures only, so "
            "there is no small number of ours to protect."
        ]
    blocks = formats.plural(
        int(verdict["block_count"]), "group of connected numbers", "groups of connected numbers"
    )
    hidden = [formats.plural(withheld, "figure")] if withheld else []
    hidden += [formats.plural(tables, "whole table")] if tables else []
    kept = (
        f"{formats.listed(hidden)} {'is' if withheld + tables == 1 else 'are'} withheld besides, "
        "and printed as [c], because other public numbers would have told too much."
        if hidden
        else "Nothing had to be withheld besides."
    )
    return [
        "Counts of 0 to 7 are hidden, other counts go to the nearest 5, and a share is shown where "
        "at least 20 are counted. Some totals of the whole authority, which tell of no child, are "
        "exact.",
        "All public numbers were then put together and attacked, with everything that the DfE has "
        f"published taken as known: {int(verdict['sought']):,} counts were sought, in {blocks}, "
        f"the largest of {int(verdict['largest_block']):,}.",
        f"After {formats.plural(int(verdict['rounds']), 'attack')} each hidden or rounded count "
        f"still has at least 4 possible values. {kept}",
    ]


def trace_sentence(row: Mapping[str, Any], title: str, shown: str, area: str, source: str) -> str:
    """From which file, edition and row a figure was read."""
    about = f"{title}, {area}, {row['period_label']}: {shown}."
    edition = f"{source}, edition {row['vintage']}"
    if row.get("file_name"):
        within = f" in {row['archive_name']}" if row.get("archive_name") else ""
        number = row.get("row_number")
        line = "" if number is None else f", row {int(number):,}"
        return f"{about} It was read from {edition}: {row['file_name']}{within}{line}."
    return f"{about} It was counted from {edition}. The files of each edition are listed below."


def _edition(file: Mapping[str, Any]) -> str:
    return f"{file['kind'].replace('_', ' ')} {file['vintage']}"


def _some(names: Sequence[str], most: int = 6) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
