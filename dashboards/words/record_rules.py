"""What the rules say of the rows of a return, in words: counts by status, never a child."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dashboards import formats
from dashboards.words.sources import edition_words

WEIGHTS = {"error": "Error", "query": "Query"}
STATUSES = {"open": "Open", "explained": "Explained", "fixed": "Fixed"}
STATUS_MEANINGS = (
    "Open: nobody has answered it. Explained: it is right as it stands, and somebody said why. "
    "Fixed: a later copy of the file, or the next file about the same calendar year, no longer has "
    "it. The extracts of a year and the return of the next January are about one calendar year. "
    "An explanation holds as long as each file after it still has the finding."
)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class Count:
    """How many findings of one return have which status."""

    open: int = 0
    explained: int = 0
    fixed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.open + self.explained + self.fixed

    @property
    def text(self) -> str:
        """'80 open, 40 explained'; what is nought stays away, but for the open ones."""
        parts = [f"{self.open:,} open"]
        parts += [f"{self.explained:,} explained"] if self.explained else []
        parts += [f"{self.fixed:,} fixed"] if self.fixed else []
        return ", ".join(parts)


def count_of(by_status: Mapping[str, int]) -> Count:
    """The counts by status, those that are not there being nought."""
    return Count(**{name: int(by_status.get(name, 0)) for name in STATUSES})


def edition(vintage: str) -> str:
    """'January 2026' of an extract, '2025 (copy 2)' of a return that was handed in again."""
    if _MONTH.match(vintage):
        return formats.month(vintage)
    return edition_words(vintage)


def owner(kind: str, role: str) -> str:
    """Who answers for open findings in a kind of file; role: empty where the council names none."""
    if role:
        return f"Open findings in {kind} are answered by: {role}."
    return (
        f"The council has not said who answers for open findings in {kind}: its settings can name "
        "a role (finding_owners)."
    )


def standing(label: str, open_by_weight: Mapping[str, int]) -> str:
    """What is open in one return, by weight. label: 'SEN2 return, 2026'."""
    total = sum(open_by_weight.values())
    if total == 0:
        return f"No finding is open in the newest return ({label})."
    errors, queries = (int(open_by_weight.get(name, 0)) for name in WEIGHTS)
    parts = formats.listed(
        [formats.plural(errors, "error"), formats.plural(queries, "query", "queries")]
    )
    verb = "is" if total == 1 else "are"
    return (
        f"{formats.plural(total, 'finding')} {verb} open in the newest return ({label}): {parts}. "
        "An error says that the return is wrong, a query that somebody should look."
    )


def title(rule: str, vintage: str, count: Count) -> str:
    """What became of a file's findings, ten words at most. rule: its id, or empty for all."""
    # What was found then may have been fixed later, so the comma.
    pause = "," if count.fixed else ""
    return f"{rule or 'All rules'}: {count.text}{pause} in {edition(vintage)}"


def change(now: Count, before: Count | None, vintage: str, vintage_before: str) -> str:
    """What was found beside the edition before; empty for the first.

    All that was found: what is open of an older edition is only what no later one has mended.
    """
    if before is None:
        return ""
    gap = now.total - before.total
    size = "as many" if gap == 0 else f"{abs(gap):,} {'more' if gap > 0 else 'fewer'}"
    end = "as in" if gap == 0 else "than in"
    held = "None was" if now.total == 0 else "1 was" if now.total == 1 else f"{now.total:,} were"
    return f"{held} found in {edition(vintage)}, {size} {end} {edition(vintage_before)}."


def shown_rows(page: int, size: int, total: int) -> str:
    """Which findings a page of rows shows: 'Findings 51 to 100 of 3,402.'."""
    if total == 0:
        return "No finding."
    first = (page - 1) * size + 1
    return f"Findings {first:,} to {min(page * size, total):,} of {total:,}."


def months_received(months: list[str]) -> str:
    """Which months have an extract, and which lack one between the first and the last.

    months: such as 2025-09, in order.
    """
    if not months:
        return "No extract within the year has been received, so nothing is known by month."
    missing = [month for month in _span(months[0], months[-1]) if month not in set(months)]
    span = " to ".join(dict.fromkeys([formats.month(months[0]), formats.month(months[-1])]))
    held = f"Extracts within the year: {formats.plural(len(months), 'month')}, {span}."
    if not missing:
        return f"{held} No month between them is missing." if len(months) > 1 else held
    names = formats.listed([formats.month(month) for month in missing])
    return f"{held} Missing between them: {names}."


def _span(first: str, last: str) -> list[str]:
    """Every month from the first to the last."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{place // 12}-{place % 12 + 1:02d}" for place in range(start, end + 1)]


def reconciled(kinds: Mapping[str, int]) -> str:
    """How the council's own rows stand to the DfE's figures. kinds: counts by difference_kind."""
    total = sum(kinds.values())
    if total == 0:
        return ""
    parts = [
        f"{kinds.get(name, 0):,} {words}"
        for name, words in (
            ("equal", "are equal"),
            ("small", "differ a little"),
            ("flagged", "differ by more"),
        )
    ]
    return (
        f"Of {formats.plural(total, 'figure')} that both give for the same measure and period, "
        f"{formats.listed(parts)}."
    )
