"""What stands in the XML of a return and has no place there, told once with its first line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pipelines.errors import InputError
from pipelines.ingest.parcel import Finding
from pipelines.ingest.safe_xml import NAME_SHOWN, WRITE_AGAIN, at_line
from pipelines.ingest.words import counted

# More sorts than these are one finding: a hostile file could name each element differently.
SORTS_MAX = 100
# Ten for each child in England with a plan: a file with more is something else.
ODDITIES_MAX = 5_000_000
OTHERS = "others"
NAMESPACE = "xmlns"
SEVERITIES: dict[str, Literal["error", "warning", "info"]] = {
    "misplaced_element": "error",
    "unknown_element": "warning",
    "stray_text": "warning",
    "attribute": "info",
    "namespace": "info",
}
REMEDIES = {
    "misplaced_element": "Ask the supplier of the case-management system to write it in its place.",
    "unknown_element": "Look whether it is misspelt; if the return has it now, add it to sen2.yml.",
    "stray_text": "Look at that line: text belongs in the elements of a record.",
    "attribute": "Nothing to do; a return has no attributes, and they are not read.",
    "namespace": "Nothing to do; elements are known by their names alone.",
}


class Oddities:
    """Counts by sort; names of elements only, no text."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], list[int]] = {}
        self._count = 0

    def element(self, name: str, parent: str, line: int, *, is_known: bool) -> None:
        """A value element that the return does not have, or not there."""
        self._note("misplaced_element" if is_known else "unknown_element", name, parent, line)

    def misplaced(self, name: str, parent: str, line: int) -> None:
        """A record that does not belong there."""
        self._note("misplaced_element", name, parent, line)

    def stray_text(self, parent: str, line: int) -> None:
        """Text that is in no element of a record."""
        self._note("stray_text", "", parent, line)

    def attributes(self, names: Iterable[str], line: int) -> None:
        """Attributes, of which a return has none."""
        for name in names:
            sort = "namespace" if name.split(":")[0] == NAMESPACE else "attribute"
            self._note(sort, "" if sort == "namespace" else name, "", line)

    def namespace(self, line: int) -> None:
        """A name with a prefix."""
        self._note("namespace", "", "", line)

    def findings(self) -> list[Finding]:
        """One finding for each sort and name."""
        return [_told(*key, count, line) for key, (count, line) in self._found.items()]

    def _note(self, sort: str, name: str, parent: str, line: int) -> None:
        key = (sort, name[:NAME_SHOWN], parent)
        if key not in self._found and len(self._found) >= SORTS_MAX:
            key = (sort, OTHERS, "")
        entry = self._found.setdefault(key, [0, line])
        entry[0] += 1
        self._count += 1
        if self._count > ODDITIES_MAX:
            raise InputError(
                f"more than {ODDITIES_MAX:,} elements do not belong where they stand",
                where=at_line(line),
                remedy="Look whether it is a SEN2 return. " + WRITE_AGAIN,
            )


def _told(sort: str, name: str, parent: str, count: int, line: int) -> Finding:
    words = {
        "misplaced_element": f"{name} does not belong in {parent or 'its place'}",
        "unknown_element": f"a return has no element {name}" + (f" in {parent}" if parent else ""),
        "stray_text": f"there is text in {parent} outside its elements",
        "attribute": f"there is an attribute {name}",
        "namespace": "elements have a namespace",
    }
    times = counted(count, "time")
    return Finding(
        rule=sort,
        severity=SEVERITIES[sort],
        message=f"Line {line:,}: {words[sort]}; {times}, not read."
        if sort != "namespace"
        else f"Line {line:,}: {words[sort]}; {times}.",
        remedy=REMEDIES[sort],
        column_name=name or None,
        row_count=count,
        first_row_number=line,
    )
